// What stands beside a decision: the duty to refer, proposals, what a start waits for, and what follows. One row for each clause.
import { DUTY_TO_REFER } from "../../../../schemas/duty.ts";
import type { EventBody } from "../../../../schemas/event.ts";
import type { Programme } from "../../../../schemas/programme.ts";
import type { Content, Door } from "../../../../schemas/referral.ts";
import { REFERRED } from "../../../../src/core/words/duty.ts";
import { aContent, HACKNEY } from "../../../builders/content.ts";
import { OFFER, RECEIPT } from "../../../builders/journey.ts";
import { aDirectory, aProgramme, NOW } from "../../../builders/rules.ts";
import type { Core } from "../mutants/grow.ts";

type Row = [name: string, came: (core: Core) => unknown, expected: unknown];
type Sibling = { need: string; started: boolean; completed: boolean };

const sibling = (need: string, more: Partial<Sibling> = {}): Sibling => ({
  need,
  started: false,
  completed: false,
  ...more,
});
const circumstances = (content: Content, siblings: Sibling[] = []) => ({
  content,
  area: { homeFrom: "nothing" as const },
  directory: aDirectory(),
  siblings,
  overrides: [],
  now: NOW,
});
const facts = (more: Content["facts"]): Content => aContent({ facts: more });

const ASKS: Pick<Programme, "consents"> = {
  consents: [
    { kind: "share", purpose: "referral" },
    { kind: "duty-to-refer", purpose: "duty-to-refer" },
  ],
};
const ASKS_NOT: Pick<Programme, "consents"> = { consents: [{ kind: "share", purpose: "referral" }] };
const CHOSE = aContent({ need: "homelessness", choice: { authority: HACKNEY } });
const said = (referred: "voluntary" | "under-duty", more: object = {}) => ({
  referred,
  ...more,
  authority: HACKNEY,
  ...DUTY_TO_REFER,
  words: REFERRED[referred],
});

export const DUTIES: Row[] = [
  ["a practice is no listed body", ({ listedAs }) => listedAs({ kind: "gp" }), undefined],
  ["a Jobcentre is one", ({ listedAs }) => listedAs({ kind: "jobcentre" }), "jobcentre-plus"],
  [
    "what it said at registration goes before",
    ({ listedAs }) => listedAs({ kind: "jobcentre", authorityType: "probation" }),
    "probation",
  ],
  ["by a listed body", ({ dutyOf }) => dutyOf([ASKS], CHOSE, "prison"), said("under-duty", { as: "prison" })],
  ["by anybody else", ({ dutyOf }) => dutyOf([ASKS], CHOSE, undefined), said("voluntary")],
  [
    "where one of several programmes takes them",
    ({ dutyOf }) => dutyOf([ASKS_NOT, ASKS], CHOSE, undefined),
    said("voluntary"),
  ],
  ["where none takes them", ({ dutyOf }) => dutyOf([ASKS_NOT], CHOSE, "prison"), undefined],
  ["where no programme was read", ({ dutyOf }) => dutyOf([], CHOSE, "prison"), undefined],
  [
    "where nobody chose a council",
    ({ dutyOf }) => dutyOf([ASKS], aContent({ need: "homelessness" }), "prison"),
    undefined,
  ],
];

const SKILLS = aProgramme({
  programme: "skills-check",
  needs: ["basic-skills"],
  triggers: [{ id: "words", when: { basicSkills: ["literacy"] }, need: "basic-skills", words: "Reads little." }],
});
const WORDS = { programme: "skills-check", trigger: "words", need: "basic-skills", health: false };
const READS_LITTLE = facts({ basicSkills: ["literacy"] });
const propose = (
  content: Content,
  more: { programme?: Partial<Programme>; siblings?: Sibling[]; door?: Door; beside?: Programme[] } = {},
) => {
  const packs = [{ ...SKILLS, ...more.programme }, ...(more.beside ?? [])].map((programme) => ({ programme }));
  return ({ proposalsFor }: Core) =>
    proposalsFor(packs, more.door ?? "gp", circumstances(content, more.siblings)) as unknown;
};
const clause = (test: Programme["eligibility"][number]["test"], health = false): Programme["eligibility"] => [
  { id: "c", words: "The clause.", health, test },
];

export const PROPOSALS: Row[] = [
  ["a trigger that holds", propose(READS_LITTLE), [WORDS]],
  ["a trigger that does not", propose(facts({ basicSkills: ["digital"] })), []],
  ["a trigger that nobody knows of", propose(facts({})), []],
  ["the need that was asked for", propose(aContent({ ...READS_LITTLE, need: "basic-skills" })), []],
  ["a need that was asked for beside it", propose(aContent({ ...READS_LITTLE, alsoNeeds: ["basic-skills"] })), []],
  ["another need beside it", propose(aContent({ ...READS_LITTLE, alsoNeeds: ["childcare"] })), [WORDS]],
  ["a need that the case has", propose(READS_LITTLE, { siblings: [sibling("basic-skills")] }), []],
  ["a case with another", propose(READS_LITTLE, { siblings: [sibling("childcare")] }), [WORDS]],
  ["another door", propose(READS_LITTLE, { programme: { mayRefer: ["council"] } }), []],
  [
    "a door that may recommend",
    propose(READS_LITTLE, { programme: { mayRefer: ["council"], mayRecommend: ["gp"] } }),
    [WORDS],
  ],
  [
    "somebody whom the programme would not have",
    propose(READS_LITTLE, { programme: { eligibility: clause({ age: { atLeast: 60 } }) } }),
    [],
  ],
  [
    "somebody of whom nobody knows whether it would",
    propose(READS_LITTLE, { programme: { eligibility: clause({ employment: ["employed"] }) } }),
    [WORDS],
  ],
  [
    "a programme without triggers, which is not read",
    propose(READS_LITTLE, { programme: { triggers: [], eligibility: clause({ age: { atLeast: 60 } }) } }),
    [],
  ],
  [
    "a rule on health among those of the programme",
    propose(facts({ basicSkills: ["literacy"], longTermCondition: true }), {
      programme: { eligibility: clause({ longTermCondition: true }, true) },
    }),
    [{ ...WORDS, health: true }],
  ],
  [
    "a trigger that looks at health",
    propose(facts({ longTermCondition: true }), {
      programme: { triggers: [{ ...SKILLS.triggers[0]!, when: { longTermCondition: true } }] },
    }),
    [{ ...WORDS, health: true }],
  ],
  [
    "one need of two programmes, once: by the later",
    propose(READS_LITTLE, { beside: [{ ...SKILLS, programme: "reading" }] }),
    [{ ...WORDS, programme: "reading" }],
  ],
];

const JOB = aProgramme({
  startWaits: [
    { id: "care", need: "childcare", when: { childcareNeeded: true }, words: "Childcare comes first." },
    { id: "advice", need: "benefits-advice", words: "Advice comes first." },
  ],
  leadsTo: [
    { id: "interview", on: "completed", need: "supported-employment", words: "An interview follows." },
    { id: "advice", on: "started", need: "benefits-advice", words: "Advice on pay follows." },
  ],
});
const ADVISED = sibling("benefits-advice", { completed: true });
const waits =
  (content: Content, siblings: Sibling[]) =>
  ({ startWaitsFor }: Core) =>
    startWaitsFor(JOB, circumstances(content, siblings)).map(
      ({ code, path, severity }) => `${code} ${path} ${severity}`,
    );
const CARE = "start-waits childcare error";
const ADVICE = "start-waits benefits-advice error";
const NEEDS_CARE = facts({ childcareNeeded: true });

export const STARTS: Row[] = [
  ["both that it waits for", waits(NEEDS_CARE, []), [CARE, ADVICE]],
  ["one that has begun", waits(NEEDS_CARE, [ADVISED, sibling("childcare", { started: true })]), []],
  ["one that is done", waits(NEEDS_CARE, [ADVISED, sibling("childcare", { completed: true })]), []],
  ["one that is asked for, and has not begun", waits(NEEDS_CARE, [ADVISED, sibling("childcare")]), [CARE]],
  ["another that has begun", waits(NEEDS_CARE, [ADVISED, sibling("debt-advice", { started: true })]), [CARE]],
  ["who does not need it", waits(facts({ childcareNeeded: false }), [ADVISED]), []],
  ["of whom nobody knows", waits(facts({}), [ADVISED]), []],
  ["what everybody waits for", waits(facts({}), []), [ADVICE]],
];

const after =
  (body: EventBody) =>
  ({ followsFrom }: Core) =>
    followsFrom(JOB, body) as unknown;

export const FOLLOWING: Row[] = [
  [
    "a start",
    after({ type: "started", offer: OFFER, on: "2026-11-16" }),
    [{ need: "benefits-advice", why: "follows" }],
  ],
  [
    "a good end",
    after({ type: "ended", offer: OFFER, reason: "completed", on: "2026-11-16" }),
    [{ need: "supported-employment", why: "follows" }],
  ],
  ["a bad end", after({ type: "ended", offer: OFFER, reason: "left-early", on: "2026-11-16" }), []],
  ["neither", after({ type: "unmet", receipt: RECEIPT, reasons: [] }), []],
];
