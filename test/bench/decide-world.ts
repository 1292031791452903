// Forty programmes with four hundred services and a hundred people, for decisions: rules as commissioners write them, made up.
import type { Programme } from "../../schemas/programme.ts";
import type { Directory, Service } from "../../schemas/provider.ts";
import type { Content, Facts } from "../../schemas/referral.ts";
import type { Clause, Test } from "../../schemas/rule.ts";
import { placeOf } from "../../src/core/area.ts";
import type { DecideInput } from "../../src/core/decision.ts";
import { aContent } from "../builders/content.ts";
import { aContract, aDecision, aDirectory, anOrganisation, aProgramme, aService } from "../builders/rules.ts";

const PROGRAMMES = 40;
const SERVICES = 10;
const PEOPLE = 101;

const AUTHORITIES = Array.from({ length: 33 }, (_, at) => `E090000${String(at + 1).padStart(2, "0")}`);
const GROUPS = ["carer", "armed-forces", "care-leaver", "refugee", "offender-served", "lone-parent"] as const;

const some = <T>(all: readonly T[], from: number, count: number): T[] =>
  Array.from({ length: count }, (_, at) => all[(from + at) % all.length]!);

const clause = (id: string, words: string, test: Test, health = false): Clause => ({ id, words, health, test });

/** Six or seven clauses each, no two programmes alike. */
const rulesOf = (n: number): Clause[] => [
  clause("adult", "The person is old enough.", { age: { atLeast: 16 + (n % 4), atMost: 60 + n } }),
  clause("lives-here", "The person lives in the area.", { livesIn: some(AUTHORITIES, n * 5, 12) }),
  clause("no-job", "The person is out of work.", {
    employment: n % 2 === 0 ? ["out-of-work", "off-sick"] : ["out-of-work"],
  }),
  clause(
    "barrier",
    "The person has a health condition, is disabled, or is in one of the groups named.",
    { any: [{ longTermCondition: true }, { disability: true }, { group: some(GROUPS, n, 3) }] },
    true,
  ),
  clause("may-work", "The person may work in the United Kingdom.", { rightToWork: true }),
  clause("no-other", "The person is on no other programme for work.", { notOn: ["restart", `ips-${n % 3}`] }),
  ...(n % 3 === 0
    ? [clause("long", "The person has been out of work for long.", { outOfWorkMonths: { atLeast: 3 + (n % 9) } })]
    : []),
];

const serviceOf = (programme: number, at: number): Service =>
  aService({
    id: `service-${programme}-${at}`,
    organisation: `provider-${programme % 20}`,
    name: `Help to find work, ${programme}.${at} (made up)`,
    authorities: at % 3 === 0 ? [] : some(AUTHORITIES, programme * 5 + at, 8),
    places: 20,
    status: at === 9 ? "paused" : "open",
  });

const services = Array.from({ length: PROGRAMMES }, (_, n) =>
  Array.from({ length: SERVICES }, (__, at) => serviceOf(n, at)),
);

const programmes: Programme[] = services.map((own, n) =>
  aProgramme({
    programme: `programme-${n}`,
    name: `Programme ${n} (made up)`,
    precedence: 10 + n,
    allocation: (["capacity", "fair-share", "single", "on-site"] as const)[n % 4]!,
    eligibility: rulesOf(n),
    contracts: [own.slice(0, 5), own.slice(5)].map((half, at) =>
      aContract({
        contract: `lot-${at}`,
        prime: `provider-${n % 20}`,
        areas: at === 0 ? [] : [{ authority: some(AUTHORITIES, n * 5, 12) }],
        services: half.map(({ id }) => ({ service: id, share: 1 })),
      }),
    ),
  }),
);

const directory: Directory = aDirectory({
  organisations: Array.from({ length: 20 }, (_, at) =>
    anOrganisation({ id: `provider-${at}`, name: `Provider ${at} (made up)` }),
  ),
  services: services.flat(),
  places: AUTHORITIES.map((authority, at) => ({
    postcode: `N1 ${at % 10}A${String.fromCharCode(65 + (at % 26))}`,
    authority,
  })),
});

const factsOf = (n: number): Facts => ({
  employment: (["out-of-work", "out-of-work", "off-sick", "in-work"] as const)[n % 4]!,
  unemployedSince: `20${24 + (n % 3)}-0${1 + (n % 9)}-11`,
  longTermCondition: n % 2 === 0,
  disability: n % 7 === 0,
  groups: n % 3 === 0 ? [GROUPS[n % 6]!] : [],
  rightToWork: n % 11 !== 0,
  programmes: n % 5 === 0 ? [{ code: n % 2 === 0 ? "restart" : `ips-${n % 3}`, startedOn: "2026-05-01" }] : [],
});

const personOf = (n: number): Content =>
  aContent({
    facts: factsOf(n),
    person: {
      birthDate: `${1950 + ((n * 7) % 58)}-06-15`,
      home: { kind: "not-said" },
      authority: AUTHORITIES[(n * 3) % AUTHORITIES.length]!,
      practice: undefined,
    },
  });

/** Packs and directory are read once and are the same for all, as a broker has them; places are read anew each time. */
const { packs } = aDecision({ directory, programmes });

/** What each decision reads: all programmes serve the one need, and all four hundred services may be asked. */
export const decisions: DecideInput[] = Array.from({ length: PEOPLE }, (_, n) => {
  const content = personOf(n);
  const capacity = new Map(
    services
      .flat()
      .map(({ id }, at) => [
        id,
        { taken: at % 21, drawn: { [`programme-${Math.floor(at / SERVICES)}`]: at % 40 } as Record<string, number> },
      ]),
  );
  return { ...aDecision({ content, area: placeOf(content.person, directory), directory, capacity }), packs };
});

export { programmes };
