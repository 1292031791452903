// Any decision at all, for property tests: three programmes with clauses and strategies of every kind over three services.
import fc from "fast-check";
import { NeedCode } from "../../schemas/need.ts";
import { Programme } from "../../schemas/programme.ts";
import type { Test } from "../../schemas/rule.ts";
import type { DecideInput } from "../../src/core/decision.ts";
import { anyContent, anyDoor, anyEligibility } from "./arbitrary.ts";
import { CAMDEN, ISLINGTON, SURGERY } from "./content.ts";
import { aDecision, aDirectory, anOrganisation, aProgramme, aService, TODAY } from "./rules.ts";

const needs = [...NeedCode.options];
const directory = aDirectory({
  organisations: [
    anOrganisation(),
    anOrganisation({ id: "sample-other", class: "nhs" }),
    anOrganisation({ id: "sample-health-trust", class: "council" }),
  ],
  services: [
    aService({ needs, sites: [SURGERY], places: 3, at: { lat: 51.54, lon: -0.1 } }),
    aService({ id: "anywhere", organisation: "sample-other", needs, authorities: [], at: { lat: 51.6, lon: 0 } }),
    aService({ id: "health-support", organisation: "sample-health-trust", needs, authorities: [CAMDEN, ISLINGTON] }),
  ],
});

const held = (id: string, test: Test, places: number): Programme["ringFences"][number] => ({
  id,
  words: `Held for ${id}.`,
  service: "coaching-upper-street",
  places,
  until: TODAY,
  for: test,
});
const course = (id: string, opens: string, closes: string): Programme["cohorts"][number] => ({
  id,
  service: "anywhere",
  opens,
  closes,
  starts: "2027-04-01",
  places: 2,
});

const anyProgramme = (programme: string): fc.Arbitrary<Programme> =>
  fc
    .record({
      eligibility: anyEligibility,
      mayRefer: fc.subarray(["gp", "jobcentre", "council"] as const, { minLength: 1 }),
      mayRecommend: fc.subarray(["gp", "council"] as const),
      participation: fc.subarray(["voluntary", "mandatory"] as const, { minLength: 1 }),
      allocation: fc.constantFrom(...Programme.shape.allocation.options),
      areas: fc.subarray<Programme["areas"][number]>([{ authority: [ISLINGTON] }, { registeredWith: [SURGERY] }]),
      exclusions: anyEligibility.map((clauses) => clauses.slice(0, 1)),
      compatibility: fc.constantFrom<Programme["compatibility"]>(
        { excludes: [] },
        { excludes: ["restart"] },
        { excludes: [], only: ["ips"] },
      ),
      requires: fc.subarray<Programme["requires"][number]>([{ programme: "ips", is: "started", words: "First that." }]),
      ringFences: fc.subarray<Programme["ringFences"][number]>([
        held("carers", { group: ["carer"] }, 1),
        held("out-of-work", { employment: ["out-of-work"] }, 2),
      ]),
      cohorts: fc.subarray<Programme["cohorts"][number]>([
        course("now", "2026-11-01", "2026-11-30"),
        course("next", "2027-03-01", "2027-03-31"),
      ]),
      precedence: fc.integer({ min: 1, max: 3 }),
      services: fc.shuffledSubarray(
        ["coaching-upper-street", "anywhere", "health-support"].map((service) => ({ service, share: 1 })),
        { minLength: 1 },
      ),
      consents: fc.subarray<Programme["consents"][number]>([
        { kind: "share", purpose: "referral" },
        { kind: "take-part", purpose: "referral" },
      ]),
    })
    .map((rest) => aProgramme(Object.assign(rest, { programme, needs })));

export const anyInput: fc.Arbitrary<DecideInput> = fc
  .record({
    content: anyContent,
    door: anyDoor,
    programmes: fc.tuple(anyProgramme("one"), anyProgramme("health-two"), anyProgramme("three")),
    taken: fc.integer({ min: 0, max: 4 }),
    more: fc.integer({ min: 0, max: 2 }),
    declined: fc.subarray(["coaching-upper-street", "anywhere"]),
    siblings: fc.subarray([{ programme: "ips", started: true, completed: false }]),
    overrides: fc.subarray([{ programme: "one", clause: "recommended" }]),
  })
  .map(({ content, door, programmes, taken, more, declined, siblings, overrides }) => {
    const input = aDecision({
      content,
      programmes: [...programmes],
      directory,
      declined,
      siblings,
      overrides,
      capacity: new Map<string, { taken: number; drawn: Record<string, number> }>([
        ["coaching-upper-street", { taken, drawn: { one: taken } }],
        ["coaching-upper-street#fence:carers", { taken: Math.min(1, taken), drawn: {} }],
        ["anywhere#course:now", { taken: more, drawn: { three: more } }],
      ]),
    });
    return Object.assign(input, { referral: { ...input.referral, door } });
  });

const WIDE = "Wörter über 🏠 – ".repeat(8);

/** Far more programmes, services and words than a receipt can hold: some ask about health, some are full, some fit. */
export const anyCrowd: fc.Arbitrary<DecideInput> = fc
  .record({
    content: anyContent,
    size: fc.integer({ min: 1, max: 60 }),
    wide: fc.boolean(),
    health: fc.integer({ min: 0, max: 5 }),
    eligibility: anyEligibility,
    full: fc.integer({ min: 1, max: 4 }),
    need: fc.constantFrom(...needs),
  })
  .map(({ content, size, wide, health, eligibility, full, need }) => {
    const each = <T>(make: (at: number) => T): T[] => Array.from({ length: size }, (_, at) => make(at));
    const words = (at: number): string => (wide && at % 2 === 0 ? WIDE : "Short.");
    const directory = aDirectory({
      version: wide ? "v".repeat(40) : "1",
      organisations: each((at) =>
        anOrganisation({ id: `crowd-provider-${at}`, class: at % 3 === 0 ? "nhs" : "charity" }),
      ),
      services: each((at) =>
        aService({
          id: `crowd-service-${at}`,
          name: words(at),
          organisation: `crowd-provider-${at}`,
          needs,
          authorities: at % 5 === 0 ? [CAMDEN] : [],
          places: at % full,
        }),
      ),
    });
    const programmes = each((at) =>
      aProgramme({
        programme: `crowd-${wide ? "x".repeat(60) : ""}-${at}`,
        name: words(at),
        needs,
        precedence: 1 + (at % 7),
        eligibility:
          at % 6 < health
            ? eligibility
            : [{ id: "adult", words: words(at), health: false, test: { age: { atLeast: 18 + (at % 3) * 30 } } }],
        services: [at, at + 1, at + 2]
          .filter((one) => one < size)
          .map((one) => ({ service: `crowd-service-${one}`, share: 1 })),
      }),
    );
    return aDecision({ content: { ...content, need }, programmes, directory });
  });
