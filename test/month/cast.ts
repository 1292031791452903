// Who takes part in the month: eight referrers of all three doors, and every provider of the made-up directory.
import type { ClientKind } from "../../schemas/client.ts";
import type { Clients } from "../../src/ports/clients.ts";
import { type Identity, register } from "../world/system.ts";
import type { Draws } from "./draws.ts";
import { HELPERS } from "./packs.ts";

export const REFERRERS = [
  { kind: "gp", organisation: "F83999" },
  { kind: "gp", organisation: "F83997" },
  { kind: "gp", organisation: "F84999" },
  { kind: "jobcentre", organisation: "sample-jobcentre-410" },
  { kind: "jobcentre", organisation: "sample-jobcentre-411" },
  { kind: "council", organisation: "E09000201" },
  { kind: "council", organisation: "E09000202" },
  { kind: "council", organisation: "S12000209" },
] as const satisfies readonly { kind: ClientKind; organisation: string }[];

/** Send little: they are the ones who are away for days, and all that waits for somebody is looked at again every few minutes. */
const SMALL: ReadonlySet<string> = new Set(["F83999", "sample-jobcentre-411"]);
const SMALL_SHARE = 0.04;

export const referrerOf = (draws: Draws, at: number): string => {
  const small = draws.chance(SMALL_SHARE, "small", at);
  const among = REFERRERS.filter(({ organisation }) => SMALL.has(organisation) === small);
  return draws.pick(among, "referrer", at).organisation;
};

export type Cast = ReadonlyMap<string, Identity>;

/** Registers everybody; the address of each ends with its name. */
export const registerAll = async (clients: Clients, pulling: ReadonlySet<string>): Promise<Cast> => {
  const parts: { kind: ClientKind; organisation: string }[] = [
    ...REFERRERS,
    ...HELPERS.map((organisation) => ({ kind: "provider" as const, organisation })),
  ];
  const cast = new Map<string, Identity>();
  for (const { kind, organisation } of parts) {
    const draft = { name: organisation, kind, organisation, port: 9, path: `/${organisation}` };
    const pulls = pulling.has(organisation);
    cast.set(organisation, await register((one) => clients.add(one), { ...draft, pulls }));
  }
  return cast;
};
