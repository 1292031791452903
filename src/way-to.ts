// From the destination of an alert to the hosts on the way there, so that the alert takes another.
import { hostOf } from "../adapters/alerts/host.ts";
import type { Client } from "../schemas/client.ts";
import type { Config } from "../schemas/config.ts";
import type { Clients } from "./ports/clients.ts";
import type { WayTo } from "./ports/on-call.ts";

export const createWayTo =
  (config: Config, clients: Pick<Clients, "byId" | "byOrganisation">): WayTo =>
  async ({ of }) => {
    const [kind, name = ""] = of?.split(":") ?? [];
    const found =
      kind === "client"
        ? [await clients.byId(name)]
        : kind === "provider"
          ? // An organisation may have a real system and one on trial: whichever failed, neither way is taken.
            [
              await clients.byOrganisation("provider", name, false),
              await clients.byOrganisation("provider", name, true),
            ]
          : [];
    const reached = found.filter((one) => one !== undefined);
    const [first] = reached;
    const called = kind === "client" ? first?.organisation : undefined;
    return {
      hosts: reached.flatMap((client) => addressesOf(client, config)).map(hostOf),
      ...(called === undefined ? {} : { name: called }),
    };
  };

const addressesOf = ({ callbackUrl, reach, callbackLogin }: Client, config: Config): string[] => {
  const { SMTP_URL, NOTIFY_API_KEY, NOTIFY_URL, MESH_URL } = config;
  const letters = NOTIFY_API_KEY === undefined ? SMTP_URL : NOTIFY_URL;
  return [
    callbackUrl,
    callbackLogin?.tokenUrl,
    ...(reach?.by === "fhir" ? [reach.base, reach.tokenUrl] : []),
    ...(reach?.by === "email" ? [letters] : []),
    ...(reach?.by === "mesh" ? [MESH_URL] : []),
  ].filter((one) => one !== undefined);
};
