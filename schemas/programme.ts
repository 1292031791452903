// The rule pack: one YAML file, one programme. Commissioners write it, `waymark packs check` reads it back to them.
import { z } from "zod";
import { ConsentKind, Purpose } from "./consent.ts";
import { GssCode, OdsCode, OrganisationId } from "./ids.ts";
import { NeedCode } from "./need.ts";
import { Nation } from "./place.ts";
import { Door, Facts, Group, Participation } from "./referral.ts";
import { PlainDate, text } from "./text.ts";

const fact = Facts.shape;

/** A yes-or-no question to the facts. Unknown facts make the answer unknown, and the referrer is asked for them. */
export type Test =
  | { age: { atLeast?: number; atMost?: number } }
  | { livesIn: string[] }
  | { registeredAt: string[] }
  | { seenAt: string[] }
  | { employment: string[] }
  | { benefit: string[] }
  | { regime: string[] }
  | { housing: string[] }
  | { outOfWorkMonths: { atLeast: number } }
  | { longTermCondition: boolean }
  | { disability: boolean }
  | { rightToWork: boolean }
  | { group: string[] }
  | { neverStarted: string[] }
  | { notOn: string[] }
  | { all: Test[] }
  | { any: Test[] }
  | { not: Test };

const values = <T extends z.ZodType>(item: T) => z.array(item).min(1);

export const Test: z.ZodType<Test> = z.lazy(() =>
  z.union([
    z.strictObject({
      age: z.strictObject({
        atLeast: z.number().int().min(0).max(120).optional(),
        atMost: z.number().int().min(0).max(120).optional(),
      }),
    }),
    z.strictObject({ livesIn: values(GssCode) }),
    z.strictObject({ registeredAt: values(OdsCode) }),
    z.strictObject({ seenAt: values(OdsCode) }),
    z.strictObject({ employment: values(fact.employment.unwrap()) }),
    z.strictObject({ benefit: values(fact.benefit.unwrap()) }),
    z.strictObject({ regime: values(fact.regime.unwrap()) }),
    z.strictObject({ housing: values(fact.housing.unwrap()) }),
    z.strictObject({ outOfWorkMonths: z.strictObject({ atLeast: z.number().int().min(1).max(600) }) }),
    z.strictObject({ longTermCondition: z.boolean() }),
    z.strictObject({ disability: z.boolean() }),
    z.strictObject({ rightToWork: z.boolean() }),
    z.strictObject({ group: values(Group) }),
    z.strictObject({ neverStarted: values(text(64)) }),
    z.strictObject({ notOn: values(text(64)) }),
    z.strictObject({ all: values(Test) }),
    z.strictObject({ any: values(Test) }),
    z.strictObject({ not: Test }),
  ]),
);

/** A clause of eligibility: a test, its name in receipts, and what it means in plain words. */
export const Clause = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  words: text(160),
  /** True for a clause that reads health; its result is never shown to a Jobcentre. */
  health: z.boolean().default(false),
  test: Test,
});
export type Clause = z.infer<typeof Clause>;

/** A consent that must stand before a service of this programme hears of the person. */
export const ConsentRule = z.strictObject({ kind: ConsentKind, purpose: Purpose.default("referral") });
export type ConsentRule = z.infer<typeof ConsentRule>;

/** A case written by the commissioner, with the decision expected: facts here are made up. */
export const PackTest = z.strictObject({
  name: text(160),
  on: PlainDate,
  door: Door.default("gp"),
  need: NeedCode,
  age: z.number().int().min(0).max(120).optional(),
  livesIn: GssCode.optional(),
  seenAt: OdsCode.optional(),
  facts: Facts.default({}),
  expect: z.enum(["eligible", "not-eligible", "unknown"]),
  /** For `not-eligible` and `unknown`: the clause that says so. */
  because: z.string().optional(),
});
export type PackTest = z.infer<typeof PackTest>;

export const Programme = z.strictObject({
  programme: z.string().regex(/^[a-z0-9][a-z0-9-]{1,79}$/),
  name: text(160),
  version: z.number().int().min(1),
  validFrom: PlainDate,
  validTo: PlainDate.optional(),
  commissioner: z.strictObject({ id: OrganisationId, name: text(160) }),
  nations: z.array(Nation).min(1),
  /** Doors whose referrers may refer. */
  doors: z.array(Door).min(1),
  participation: z.array(Participation).min(1).default(["voluntary"]),
  needs: z.array(NeedCode).min(1),
  /** Lower goes first when several programmes fit. */
  precedence: z.number().int().min(1).max(1000).default(100),
  eligibility: z.array(Clause),
  consents: z.array(ConsentRule),
  /** Ids of services in the directory, each with its share under `fair-share`. */
  services: z.array(z.strictObject({ service: text(80), share: z.number().positive().default(1) })).min(1),
  /** `single`: one contract for each area. `on-site`: the service at the surgery first. `capacity`: most free places. */
  allocation: z.enum(["single", "on-site", "capacity", "fair-share"]),
  /** Working days of the nation to acknowledge and to make first contact. */
  clocks: z.strictObject({ acknowledgeWithin: z.number().int().min(1), contactWithin: z.number().int().min(1) }),
  tests: z.array(PackTest).min(1),
});
export type Programme = z.infer<typeof Programme>;
