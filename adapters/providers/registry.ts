// Which way each provider is reached. A new transport is one file, one line here, and the shared contract suite.
import type { Client } from "../../schemas/client.ts";
import type { Transport, Transports } from "../../src/ports.ts";

/** First match wins. A provider that matches none pulls from the queue `/provider/v1/offers`. */
const WAYS: readonly { transport: string; reaches: (provider: Client) => boolean }[] = [
  { transport: "webhook", reaches: (provider) => provider.callbackUrl !== undefined },
];

export const createTransports = (list: readonly Transport[]): Transports => {
  const byName = new Map(list.map((one) => [one.name, one]));
  return {
    to(provider) {
      const way = provider && WAYS.find((one) => one.reaches(provider));
      return (way && byName.get(way.transport)) ?? "pull";
    },
  };
};
