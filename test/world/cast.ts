// Who takes part in the sample world: four practices, a Jobcentre, three councils, and every provider of the sample directory.
import type { ClientKind } from "../../schemas/client.ts";
import type { Directory } from "../../schemas/provider.ts";
import type { Manner } from "./provider.ts";

export type Part = { key: string; kind: ClientKind; organisation: string; name: string };

export const REFERRERS = [
  { key: "islington-surgery", kind: "gp", organisation: "F83999", name: "Sample Surgery, Islington" },
  { key: "camden-surgery", kind: "gp", organisation: "F83997", name: "Sample Surgery, Camden" },
  { key: "newham-surgery", kind: "gp", organisation: "F84999", name: "Sample Surgery, Newham" },
  { key: "hackney-surgery", kind: "gp", organisation: "F84998", name: "Sample Surgery, Hackney" },
  { key: "jobcentre", kind: "jobcentre", organisation: "sample-jobcentre-410", name: "Sample Jobcentre Plus" },
  { key: "hackney", kind: "council", organisation: "E09000012", name: "Hackney (sample client)" },
  { key: "camden", kind: "council", organisation: "E09000007", name: "Camden (sample client)" },
  { key: "tower-hamlets", kind: "council", organisation: "E09000030", name: "Tower Hamlets (sample client)" },
] as const satisfies readonly Part[];

export type ReferrerKey = (typeof REFERRERS)[number]["key"];

/** How each provider behaves; who is not named here takes what it is offered. */
export const MANNERS: Record<string, Manner> = {
  "sample-camden-advice": "full",
  "sample-tower-hamlets-council": "down",
  "sample-housing-aid": "slow",
  "sample-welfare-rights": "ends",
};

/** Providers with no address of their own: they fetch their queue. */
export const PULLS: ReadonlySet<string> = new Set(["sample-law-centres", "sample-community-classes"]);

export const providersOf = (directory: Directory): Part[] =>
  directory.organisations.map(({ id, name }) => ({ key: id, kind: "provider", organisation: id, name }));
