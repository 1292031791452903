// Any referral at all, for property tests: facts known and unknown, homes of every kind, consents in any order.
import fc from "fast-check";
import { ConsentKind, Purpose, RecipientClass, type Consent } from "../../schemas/consent.ts";
import { NeedCode } from "../../schemas/need.ts";
import type { Clause } from "../../schemas/rule.ts";
import { Content, Door, Facts, Group, Participation } from "../../schemas/referral.ts";
import { aContent, CAMDEN, HACKNEY, ISLINGTON, NEWHAM, SURGERY, TOWN_HALL } from "./content.ts";

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const day = fc
  .date({ min: new Date("1930-01-01"), max: new Date("2026-11-15"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const instant = fc
  .date({ min: new Date("2026-01-01"), max: new Date("2026-11-15"), noInvalidDate: true })
  .map((date) => date.toISOString());

export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  employment: maybe(fc.constantFrom(...Facts.shape.employment.unwrap().options)),
  unemployedSince: maybe(day),
  benefit: maybe(fc.constantFrom(...Facts.shape.benefit.unwrap().options)),
  regime: maybe(fc.constantFrom(...Facts.shape.regime.unwrap().options)),
  longTermCondition: maybe(fc.boolean()),
  disability: maybe(fc.boolean()),
  groups: maybe(fc.uniqueArray(fc.constantFrom(...Group.options), { maxLength: 3 })),
  rightToWork: maybe(fc.boolean()),
  housing: maybe(fc.constantFrom("settled", "threatened", "homeless")),
  programmes: maybe(
    fc.array(fc.record({ code: fc.constantFrom("restart", "ips"), startedOn: maybe(day), endedOn: maybe(day) }), {
      maxLength: 2,
    }),
  ),
});

export const anyConsent: fc.Arbitrary<Consent> = fc.record({
  kind: fc.constantFrom(...ConsentKind.options),
  decision: fc.constantFrom("given", "refused", "withdrawn"),
  recipientClasses: maybe(fc.uniqueArray(fc.constantFrom(...RecipientClass.options), { maxLength: 3 })),
  recipients: maybe(fc.constantFrom(["sample-coaching"], ["sample-other"])),
  purpose: maybe(fc.constantFrom(...Purpose.options)),
  at: maybe(instant),
  until: maybe(fc.constantFrom("2026-11-01", "2027-11-01")),
});

const anyHome: fc.Arbitrary<Content["person"]["home"]> = fc.constantFrom(
  { kind: "address", lines: [], postcode: TOWN_HALL },
  { kind: "address", lines: [], postcode: "E6 2RP" },
  { kind: "address", lines: [], postcode: "ZE1 0AA" },
  { kind: "none" },
  { kind: "withheld" },
  { kind: "not-said" },
);

export const anyDoor = fc.constantFrom(...Door.options);

export const anyContent: fc.Arbitrary<Content> = fc
  .record({
    need: maybe(fc.constantFrom(...NeedCode.options)),
    facts: anyFacts,
    consents: fc.array(anyConsent, { maxLength: 5 }),
    participation: fc.constantFrom(...Participation.options),
    home: anyHome,
    authority: maybe(fc.constantFrom(ISLINGTON, NEWHAM, CAMDEN, HACKNEY, "W06000015")),
    birthDate: maybe(day),
    practice: maybe(fc.constantFrom(SURGERY, "Y00001")),
    site: maybe(fc.constantFrom(SURGERY, "Y00001")),
    handling: fc.constantFrom("standard", "minimised", "out-of-band"),
    service: maybe(fc.constantFrom("coaching-upper-street", "anywhere", "health-support", "no-such-service")),
  })
  .map(({ home, authority, birthDate, practice, site, handling, service, ...rest }) =>
    aContent({
      ...rest,
      person: { home, authority, birthDate, practice },
      flags: { handling },
      referrer: { organisation: "sample-referrer", site },
      choice: service === undefined ? undefined : { service },
    }),
  );

const clause = (id: string, test: Clause["test"], health = false): Clause => ({
  id,
  words: `Clause ${id}`,
  health,
  test,
});

/** Eligibility that reads a bit of everything. */
export const anyEligibility: fc.Arbitrary<Clause[]> = fc.subarray([
  clause("adult", { age: { atLeast: 18 } }),
  clause("resident", { livesIn: [ISLINGTON, CAMDEN] }),
  clause("no-job", { employment: ["out-of-work", "off-sick"] }),
  clause("long-term-condition", { longTermCondition: true }, true),
  clause("disability-or-carer", { any: [{ disability: true }, { group: ["carer"] }] }, true),
  clause("not-on-restart", { notOn: ["restart"] }),
  clause("right-to-work", { rightToWork: true }),
]);
