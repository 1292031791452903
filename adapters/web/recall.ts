// `/answer/recall`: whoever has no system says here that it has deleted what it was asked to delete, or why it keeps it.
import { KeptBasis, RecallAnswer } from "../../schemas/recall.ts";
import { read } from "../../schemas/faults.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { type AskPage, choicesOf, typedInto } from "./ask.ts";

const BASES: Record<KeptBasis, string> = {
  "legal-obligation": "We must keep it: a law says so",
  "vital-interests": "We keep it: somebody's life may depend on it",
  "public-task": "We keep it: it is part of our public task",
  "legitimate-interests": "We keep it: we have a legitimate interest that outweighs",
  "health-care": "We keep it: it is part of a health or care record",
  "legal-claims": "We keep it: there is, or may be, a legal claim",
};

/** Asked, and not answered. */
export const waits = ({ recall }: OfferView): boolean => recall?.state === "waits" || recall?.state === "late";

export const RECALL_PAGE: AskPage = {
  path: "recall",
  title: "What did you do with what you had?",
  button: "Send",
  fields: [
    {
      name: "answer",
      label: "About this person",
      kind: "choice",
      choices: choicesOf({
        deleted: "We have deleted everything",
        "never-held": "We never had anything about this person",
        ...BASES,
      }),
    },
    { name: "until", label: "Until when do you keep it? (only if you do)", kind: "day", hint: "Such as 27 3 2029" },
  ],
  wants: { answer: "Choose what you did", until: "Enter the day until which you keep it, such as 27 3 2029" },
};

export const recallAnswerOf = (typed: Record<string, string>) => {
  const { answer = "", until } = typedInto(RECALL_PAGE, typed);
  const basis = KeptBasis.safeParse(answer).data;
  return read(RecallAnswer, {
    verb: "recall",
    ...(basis === undefined ? { answer } : { answer: "kept", basis, until }),
  });
};
