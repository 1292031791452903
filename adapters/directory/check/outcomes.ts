// What counts as success: each rule has the numbers that its kind needs, and evidence is of an outcome, for a funder.
import type { OutcomeRule } from "../../../schemas/outcome.ts";
import type { Programme } from "../../../schemas/programme.ts";
import { type At, type Check, type Finding, found, twice, when } from "./finding.ts";

/** Without these numbers nobody can say whether an outcome of this kind was reached. */
const NEEDED: Record<OutcomeRule["kind"], readonly (keyof OutcomeRule)[]> = {
  milestone: [],
  "job-start": [],
  "earnings-cumulative": ["hoursPerWeek", "weeks", "rate"],
  "duration-continuous": ["weeks"],
  "duration-cumulative": ["weeks", "windowDays"],
  "weeks-within-window": ["weeks", "windowWeeks"],
  "wage-floor": ["rate"],
};

export const outcomeFindings: Check = (programme) => [
  ...twice(programme.outcomes, (one) => one.id).map((at) =>
    found(["outcomes", at, "id"], "Two outcomes have this id."),
  ),
  ...twice(programme.funders, (one) => one.id).map((at) => found(["funders", at, "id"], "Two funders have this id.")),
  ...programme.outcomes.flatMap((rule, at) => numbers(rule, ["outcomes", at])),
  ...evidence(programme),
];

const numbers = (rule: OutcomeRule, at: At): Finding[] => {
  const { kind, weeks, windowWeeks } = rule;
  return [
    ...NEEDED[kind].flatMap((field) =>
      when(rule[field] === undefined, at, `An outcome of kind ${kind} needs ${field}.`),
    ),
    ...when(
      weeks !== undefined && windowWeeks !== undefined && windowWeeks < weeks,
      [...at, "windowWeeks"],
      "The window is shorter than the weeks that must lie in it.",
    ),
  ];
};

const evidence = ({ evidence: all, outcomes, funders, validTo }: Programme): Finding[] => [
  ...twice(all, (one) => `${one.outcome} ${one.funder}`).map((at) =>
    found(["evidence", at], "Evidence of this outcome for this funder stands here twice."),
  ),
  ...all.flatMap((one, at) => [
    ...when(
      !outcomes.some(({ id }) => id === one.outcome),
      ["evidence", at, "outcome"],
      `This programme has no outcome "${one.outcome}".`,
    ),
    ...when(
      !funders.some(({ id }) => id === one.funder),
      ["evidence", at, "funder"],
      `This programme has no funder "${one.funder}".`,
    ),
    ...when(
      one.keptUntil !== undefined && validTo !== undefined && one.keptUntil < validTo,
      ["evidence", at, "keptUntil"],
      "This evidence would be gone before the programme ends.",
    ),
  ]),
];
