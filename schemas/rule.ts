// What a rule may ask of the facts, and a clause of a rule pack: a question with its name and its plain words.
import { z } from "zod";
import { GssCode, OdsCode } from "./ids.ts";
import { NeedCode } from "./need.ts";
import { Facts, Group, Participation } from "./referral.ts";
import { PlainDate, text } from "./text.ts";

const fact = Facts.shape;
const values = <T extends z.ZodType>(item: T) => z.array(item).min(1);
const years = z.number().int().min(0).max(120);
const days = z.number().int().min(0).max(36_500);

/** Facts that are days, for `daysSince`. */
export const DayFact = z.enum(["unemployedSince", "claimStart", "regimeSince", "inWorkSince", "releasedOn"]);
export type DayFact = z.infer<typeof DayFact>;

/** Each asks one thing. `groupOf` names it for whoever edits a pack; the order is that of the documents. */
const Age = z.strictObject({ atLeast: years.optional(), atMost: years.optional(), on: PlainDate.optional() });
const Periods = z.strictObject({ last: z.number().int().min(1).max(24), regimes: values(fact.regime.unwrap()) });

/** A yes-or-no question to the facts. Unknown facts make the answer unknown, and the referrer is asked for them. */
export type Test =
  | { age: z.infer<typeof Age> }
  | { workingAge: boolean }
  | { livesIn: string[] }
  | { partnership: string[] }
  | { deprivation: { atMost: number } }
  | { registeredAt: string[] }
  | { registeredIn: string[] }
  | { seenAt: string[] }
  | { employment: string[] }
  | { benefit: string[] }
  | { regime: string[] }
  | { allOfLast: z.infer<typeof Periods> }
  | { noneOfLast: z.infer<typeof Periods> }
  | { housing: string[] }
  | { outOfWorkMonths: { atLeast: number } }
  | { daysSince: { fact: DayFact; atLeast?: number; atMost?: number } }
  | { longTermCondition: boolean }
  | { disability: boolean }
  | { rightToWork: boolean }
  | { childcareNeeded: boolean }
  | { basicSkills: string[] }
  | { group: string[] }
  | { sex: string[] }
  | { ethnicGroup: string[] }
  | { belief: string[] }
  | { neverStarted: string[] }
  | { notOn: string[] }
  | { participation: string[] }
  | { need: string[] }
  | { atLeast: { of: number; tests: Test[] } }
  | { all: Test[] }
  | { any: Test[] }
  | { not: Test };

export const Test: z.ZodType<Test> = z.lazy(() =>
  z.union([
    z.strictObject({ age: Age }),
    z.strictObject({ workingAge: z.boolean() }),
    z.strictObject({ livesIn: values(GssCode) }),
    z.strictObject({ partnership: values(text(64)) }),
    z.strictObject({ deprivation: z.strictObject({ atMost: z.number().int().min(1).max(9) }) }),
    z.strictObject({ registeredAt: values(OdsCode) }),
    z.strictObject({ registeredIn: values(GssCode) }),
    z.strictObject({ seenAt: values(OdsCode) }),
    z.strictObject({ employment: values(fact.employment.unwrap()) }),
    z.strictObject({ benefit: values(fact.benefit.unwrap()) }),
    z.strictObject({ regime: values(fact.regime.unwrap()) }),
    z.strictObject({ allOfLast: Periods }),
    z.strictObject({ noneOfLast: Periods }),
    z.strictObject({ housing: values(fact.housing.unwrap()) }),
    z.strictObject({ outOfWorkMonths: z.strictObject({ atLeast: z.number().int().min(1).max(600) }) }),
    z.strictObject({
      daysSince: z.strictObject({ fact: DayFact, atLeast: days.optional(), atMost: days.optional() }),
    }),
    z.strictObject({ longTermCondition: z.boolean() }),
    z.strictObject({ disability: z.boolean() }),
    z.strictObject({ rightToWork: z.boolean() }),
    z.strictObject({ childcareNeeded: z.boolean() }),
    z.strictObject({ basicSkills: values(fact.basicSkills.unwrap().element) }),
    z.strictObject({ group: values(Group) }),
    z.strictObject({ sex: values(fact.sex.unwrap()) }),
    z.strictObject({ ethnicGroup: values(fact.ethnicGroup.unwrap()) }),
    z.strictObject({ belief: values(fact.belief.unwrap()) }),
    z.strictObject({ neverStarted: values(text(64)) }),
    z.strictObject({ notOn: values(text(64)) }),
    z.strictObject({ participation: values(Participation) }),
    z.strictObject({ need: values(NeedCode) }),
    z.strictObject({
      atLeast: z.strictObject({ of: z.number().int().min(1).max(20), tests: z.array(Test).min(1).max(20) }),
    }),
    z.strictObject({ all: values(Test) }),
    z.strictObject({ any: values(Test) }),
    z.strictObject({ not: Test }),
  ]),
);

export const ClauseId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

/** A clause of eligibility or exclusion: a test, its name in receipts, and what it means in plain words. */
export const Clause = z.strictObject({
  id: ClauseId,
  words: text(160),
  /** True for a clause that reads health; its result is never shown to a Jobcentre. */
  health: z.boolean().default(false),
  /** An adviser may set a "no" of this clause aside, with name and reason. */
  override: z.boolean().optional(),
  /** Why a rule on sex, ethnic group or belief is lawful here (Equality Act 2010, schedule 3 and section 158). */
  justification: text(400).optional(),
  test: Test,
});
export type Clause = z.infer<typeof Clause>;
