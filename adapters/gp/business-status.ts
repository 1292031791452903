// What a provider tells of help that is under way, as a Task has it: `businessStatus` for an attempt to reach the person or a step
// of the action plan, and an extension for the last day of a rest.
import { CONTACT_WAY, HOLD_UNTIL, PROGRESS, TOLD_ON } from "../../schemas/foreign/fhir/systems.ts";
import type { Task } from "../../schemas/foreign/fhir/task.ts";
import { ContactOutcome, ContactWay, Milestone, type Progress } from "../../schemas/progress.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { PlainDate } from "../../schemas/text.ts";
import type { Said, ToldProgress } from "../../src/core/task.ts";
import { codesIn, extensionsOf, valueOf, type Found } from "./codes.ts";

const WORDS: Record<ContactOutcome | Milestone, string> = {
  reached: "The person was reached",
  "no-answer": "Nobody answered",
  "plan-agreed": "An action plan was agreed",
  "plan-reviewed": "The action plan was reviewed",
};

const dayIn = ([found]: readonly Found[]): string | undefined =>
  found === undefined ? undefined : PlainDate.safeParse(valueOf(found).value).data;

const progressIn = ({ businessStatus }: Task): ToldProgress | undefined => {
  if (businessStatus === undefined) return undefined;
  const [code] = codesIn(businessStatus, PROGRESS);
  const on = dayIn(extensionsOf(businessStatus, TOLD_ON, "Task.businessStatus"));
  const day = on === undefined ? {} : { on };
  const milestone = Milestone.safeParse(code).data;
  if (milestone !== undefined) return { kind: "milestone", milestone, ...day };
  const outcome = ContactOutcome.safeParse(code).data;
  if (outcome === undefined) return undefined;
  const way = ContactWay.catch("phone").parse(codesIn(businessStatus, CONTACT_WAY)[0]);
  const { text } = businessStatus;
  return { kind: "contact", outcome, way, ...day, ...(text === undefined ? {} : { text }) };
};

export const progressSaid = (task: Task): Pick<Said, "progress" | "until"> => {
  const progress = progressIn(task);
  const until = dayIn(extensionsOf(task, HOLD_UNTIL, "Task"));
  return { ...(progress === undefined ? {} : { progress }), ...(until === undefined ? {} : { until }) };
};

/** A code of ours that we do not have, or a day that is none, is a mistake; codes of others are their own business. */
export const progressFaults = ({ businessStatus, extension }: Task): Reason[] => {
  if (businessStatus === undefined) return untilFaults({ extension });
  const [code] = codesIn(businessStatus, PROGRESS);
  const [way] = codesIn(businessStatus, CONTACT_WAY);
  const days = extensionsOf(businessStatus, TOLD_ON, "Task.businessStatus");
  return [
    ...(code === undefined || code in WORDS ? [] : [reason("not-one-of", "Task.businessStatus.coding")]),
    ...(way === undefined || ContactWay.safeParse(way).success
      ? []
      : [reason("not-one-of", "Task.businessStatus.coding")]),
    ...days.filter((one) => dayIn([one]) === undefined).map(({ path }) => reason("date-impossible", path)),
    ...untilFaults({ extension }),
  ];
};

const untilFaults = (task: Pick<Task, "extension">): Reason[] =>
  extensionsOf(task, HOLD_UNTIL, "Task")
    .filter((one) => dayIn([one]) === undefined)
    .map(({ path }) => reason("date-impossible", path));

/** As its owner reads it: with the day and the way, so that a copy sent back says nothing new. */
export const businessStatusOf = (progress: Progress | undefined) => {
  if (progress === undefined) return undefined;
  const code = progress.kind === "contact" ? progress.outcome : progress.milestone;
  return {
    extension: [{ url: TOLD_ON, valueDate: progress.on }],
    coding: [
      { system: PROGRESS, code, display: WORDS[code] },
      ...(progress.kind === "contact" ? [{ system: CONTACT_WAY, code: progress.way }] : []),
    ],
  };
};

/** As its referrer may read it: what was told, and not how. */
export const businessStatusAsked = (code: "reached" | Milestone | undefined) =>
  code === undefined ? undefined : { coding: [{ system: PROGRESS, code, display: WORDS[code] }] };

export const holdUntil = (until: string | undefined) =>
  until === undefined ? undefined : [{ url: HOLD_UNTIL, valueDate: until }];
