// What a Task says of its offer: where it stands, and why, in codes of ours, of BaRS and of the Directory of Services.
import { PlainDate } from "../../schemas/text.ts";
import type { CodeableConcept } from "../../schemas/foreign/fhir/datatypes.ts";
import { DOS_REJECTED, REASON_SYSTEM, REJECTED_REASONS } from "../../schemas/foreign/fhir/systems.ts";
import type { Task } from "../../schemas/foreign/fhir/task.ts";
import type { DeclineReason } from "../../schemas/reason.ts";
import type { Said } from "../../src/core/task.ts";
import { progressSaid } from "./business-status.ts";
import { codesIn, wordsOf } from "./codes.ts";

/** `rejected-reasons-bars`; what it has no word for is `other`, with its text. */
const BARS = new Map<string, DeclineReason>([
  ["RRNA", "full"],
  ["FC", "cannot-contact"],
]);
/** `dos-rejected-reasons-bars`, as far as one of ours means the same. */
const DOS = new Map<string, DeclineReason>([
  ["22", "full"],
  ["26", "person-declined"],
  ["27", "cannot-contact"],
  ["31", "full"],
  ["40", "provider-not-eligible"],
  ["42", "out-of-area"],
]);

const codeOf = (reason: CodeableConcept | undefined): string | undefined =>
  codesIn(reason, REASON_SYSTEM)[0] ??
  codesIn(reason, REJECTED_REASONS).flatMap((one) => BARS.get(one) ?? [])[0] ??
  codesIn(reason, DOS_REJECTED).flatMap((one) => DOS.get(one) ?? [])[0];

const dayOf = (moment: string | undefined): string | undefined => PlainDate.safeParse(moment?.slice(0, 10)).data;

export const saidBy = (task: Task): Said => {
  const { status, statusReason, executionPeriod } = task;
  const code = codeOf(statusReason);
  const words = wordsOf(statusReason);
  const start = dayOf(executionPeriod?.start);
  const end = dayOf(executionPeriod?.end);
  return {
    status,
    ...progressSaid(task),
    ...(code === undefined ? {} : { reason: code }),
    ...(words === undefined ? {} : { text: words }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
};
