// Which way each provider is reached. A new transport is one file, one line in wire.ts, and the shared contract suite.
import type { Client } from "../../schemas/client.ts";
import type { Transport, Transports } from "../../src/ports/outward.ts";

/** As it registered; else by webhook where it has an address, and from its queue where it has none. */
const wayOf = ({ reach, callbackUrl }: Client): string => reach?.by ?? (callbackUrl === undefined ? "pull" : "webhook");

export const createTransports = (list: readonly Transport[]): Transports => {
  const byName = new Map(list.map((one) => [one.name, one]));
  return {
    to: (provider) => {
      const way = wayOf(provider);
      return way === "pull" ? way : byName.get(way);
    },
  };
};
