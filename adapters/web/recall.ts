// `/answer/recall`: whoever has no system says here that it has deleted what it was asked to delete, or why it keeps it.
import { KeptBasis, RecallAnswer } from "../../schemas/recall.ts";
import { read } from "../../schemas/faults.ts";
import { REASONS, type Reason } from "../../schemas/reason.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { dayOf } from "./form.ts";

const BASES: Record<KeptBasis, string> = {
  "legal-obligation": "We must keep it: a law says so",
  "vital-interests": "We keep it: somebody's life may depend on it",
  "public-task": "We keep it: it is part of our public task",
  "legitimate-interests": "We keep it: we have a legitimate interest that outweighs",
  "health-care": "We keep it: it is part of a health or care record",
  "legal-claims": "We keep it: there is, or may be, a legal claim",
};

const CHOICES = [
  { value: "deleted", text: "We have deleted everything" },
  { value: "never-held", text: "We never had anything about this person" },
  ...KeptBasis.options.map((basis) => ({ value: basis, text: BASES[basis] })),
];

/** Asked, and not answered. */
export const waits = ({ recall }: OfferView): boolean => recall?.state === "waits" || recall?.state === "late";

export const RECALL_PAGE = {
  title: "What did you do with what you had?",
  button: "Send",
  boxes: ["reason", "on"],
  reasons: "About this person",
  on: "Until when do you keep it? (only if you do)",
  choices: CHOICES,
  verb: "recall",
};

export const recallAnswerOf = (typed: Record<string, string>) => {
  const chosen = typed["reason"] ?? "";
  const basis = KeptBasis.safeParse(chosen).data;
  const said = basis === undefined ? { answer: chosen } : { answer: "kept", basis, until: dayOf(typed) };
  return read(RecallAnswer, { verb: "recall", ...said });
};

/** Each fault stands at the box that it is about. */
export const recallFaults = (reasons: readonly Reason[]) =>
  reasons.map(({ code, path }) =>
    path === "until"
      ? { at: "on", href: "#on-day", text: code === "required" || code === "invalid" ? DAY : REASONS[code].words }
      : { at: "reason", href: "#reason", text: "Choose what you did" },
  );

const DAY = "Enter the day until which you keep it, such as 27 3 2029";
