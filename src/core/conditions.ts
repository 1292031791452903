// Everything that a programme asks of a person before any service is looked at: one list, in the order of a receipt.
import type { Override, Sibling } from "../../schemas/case.ts";
import type { Prerequisite } from "../../schemas/pathway.ts";
import type { Area } from "../../schemas/place.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Partnership } from "../../schemas/provider.ts";
import type { Content } from "../../schemas/referral.ts";
import { withinAreas } from "./area.ts";
import { ageOn, dayOf } from "./calendar.ts";
import { areaFor } from "./coverage.ts";
import { type Known, readied, runsOn } from "./eligibility.ts";
import { type Lines, linesFor } from "./lines.ts";
import { not, sure, unknown, type Verdict, YES } from "./verdict.ts";
import { ASKS, excluded } from "./words/clauses.ts";
import { once } from "./once.ts";

export type Circumstances = {
  content: Content;
  area: Area;
  directory: { partnerships: readonly Partnership[] };
  siblings: readonly Sibling[];
  overrides: readonly Override[];
  now: Date;
};

export type Condition = {
  /** As it stands in a receipt: `eligibility:adult`, `exclusion:benefit-forms`, `compatibility`, `requires:course`. */
  clause: string;
  words: string;
  health: boolean;
  verdict: Verdict;
  overridden?: boolean;
};

type Facts = Content["facts"];

export const compatible = ({ compatibility }: Programme, facts: Facts, day: string): Verdict => {
  const { excludes, only } = compatibility;
  if (excludes.length === 0 && only === undefined) return sure(true);
  if (facts.programmes === undefined) return unknown("facts.programmes");
  const running = facts.programmes.filter((past) => runsOn(past, day)).map(({ code }) => code);
  return sure(!running.some((code) => excludes.includes(code) || (only !== undefined && !only.includes(code))));
};

const done = ({ programme, is }: Prerequisite, { content, siblings }: Circumstances): Verdict => {
  const near = siblings.filter((one) => one.programme === programme);
  if (near.some((one) => (is === "completed" ? one.completed : one.started))) return sure(true);
  const pasts = content.facts.programmes;
  if (pasts === undefined) return unknown("facts.programmes");
  return sure(
    pasts.some(
      (past) =>
        past.code === programme && (is === "completed" ? past.completed === true : past.startedOn !== undefined),
    ),
  );
};

export const knownOf = ({ content, area, directory, now }: Circumstances): Known => {
  const { birthDate, practice } = content.person;
  const day = dayOf(now);
  return {
    content,
    area: areaFor(content, area),
    practice,
    partnerships: directory.partnerships,
    day,
    years: birthDate === undefined ? undefined : ageOn(birthDate, day),
  };
};

/** One thing that a programme asks, made ready: it is asked of many people. */
type Rule = Omit<Condition, "verdict" | "overridden"> & {
  /** The id by which an adviser may set it aside. */
  opens?: string;
  ask(known: Known, circumstances: Circumstances): Verdict;
};

type Ready = { rules: readonly Rule[]; lines: Lines; clear: Stand };

/** A pack is read whole and never changed. */
const prepared = once((programme: Programme): Ready => {
  const rules = rulesOf(programme);
  // Who has come past a clause on health has told something by it, whatever drops them later.
  const health = rules.some((one) => one.health);
  const lines = linesFor({ programme: programme.programme }, health);
  return { rules, lines, clear: { open: [], aside: [], health, lines } };
});

const rulesOf = (programme: Programme): Rule[] => {
  const plain = (clause: string, words: string, ask: Rule["ask"]): Rule => ({ clause, words, health: false, ask });
  return [
    ...(programme.areas.length === 0 ? [] : [plain("area", ASKS.area, (known) => withinAreas(programme.areas, known))]),
    plain("compatibility", ASKS.compatibility, ({ content, day }) => compatible(programme, content.facts, day)),
    ...programme.requires.map((one) =>
      plain(`requires:${one.programme}`, one.words, (_, circumstances) => done(one, circumstances)),
    ),
    ...programme.eligibility.map(({ id, words, health, override, test }) => {
      const rule = { ...plain(`eligibility:${id}`, words, readied(test)), health };
      return override === true ? { ...rule, opens: id } : rule;
    }),
    ...programme.exclusions.map(({ id, words, health, test }) => {
      const ask = readied(test);
      return { ...plain(`exclusion:${id}`, excluded(words), (known) => not(ask(known))), health };
    }),
  ];
};

/** An override turns a "no" or "not known" of its clause into a yes that says so. */
const isAside = ({ opens }: Rule, verdict: Verdict, { programme }: Programme, { overrides }: Circumstances): boolean =>
  opens !== undefined &&
  verdict.is !== true &&
  overrides.some((one) => one.programme === programme && one.clause === opens);

/** Every condition with its verdict. */
export const conditionsOf = (programme: Programme, circumstances: Circumstances): Condition[] => {
  const known = knownOf(circumstances);
  return prepared(programme).rules.map((rule) => {
    const { clause, words, health } = rule;
    const verdict = rule.ask(known, circumstances);
    return isAside(rule, verdict, programme, circumstances)
      ? { clause, words, health, verdict: YES, overridden: true }
      : { clause, words, health, verdict };
  });
};

export type Stand = {
  /** What nobody knows, and what an adviser set aside, where no condition fails. */
  open: readonly Pick<Condition, "clause" | "words" | "verdict">[];
  aside: readonly Pick<Condition, "clause" | "words">[];
  /** Whether the programme asks about health anywhere. */
  health: boolean;
  lines: Lines;
};

/** The first condition that does not hold: the same object for everybody. */
export type Failed = { failed: Pick<Condition, "clause" | "words">; lines: Lines };

/** How a person stands to all conditions, no further than to the first that fails. */
export const standOf = (programme: Programme, circumstances: Circumstances, known: Known): Stand | Failed => {
  const { rules, clear, lines } = prepared(programme);
  const open: Stand["open"][number][] = [];
  const aside: Stand["aside"][number][] = [];
  for (const rule of rules) {
    const verdict = rule.ask(known, circumstances);
    if (verdict.is === true) continue;
    if (isAside(rule, verdict, programme, circumstances)) aside.push(rule);
    else if (verdict.is === false) return { failed: rule, lines };
    else open.push({ clause: rule.clause, words: rule.words, verdict });
  }
  return open.length + aside.length === 0 ? clear : { ...clear, open, aside };
};
