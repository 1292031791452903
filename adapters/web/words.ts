// The words of a visit's pages, in one place: where an offer stands, which steps follow, and what each asks.
import type { Answer, OfferStatus } from "../../schemas/offer.ts";
import type { Milestone, Progress } from "../../schemas/progress.ts";
import { DeclineReason, EndReason, REASONS, type ReasonCode } from "../../schemas/reason.ts";
import { A_DAY, type AskPage, choicesOf, type Field, FOR_TODAY } from "./ask.ts";
import { dateOf } from "./offer-rows.ts";

export const STANDS: Record<OfferStatus, { title: string; words: string }> = {
  sent: {
    title: "A new referral for you",
    words: "This is what you may know before you answer. Who the person is opens when you accept.",
  },
  acknowledged: {
    title: "A referral that you have seen",
    words: "You told us that you have it. Please accept it, or say no, so that nobody waits for nothing.",
  },
  accepted: {
    title: "You accepted this referral",
    words: "Please keep to what is said about safe contact. Tell us when the help starts, or if it ends before.",
  },
  started: { title: "The help has started", words: "Tell us when it ends." },
  declined: {
    title: "You said no to this referral",
    words: "We are asking the next service. There is nothing left to do.",
  },
  ended: { title: "This referral has ended", words: "Thank you. There is nothing left to do." },
  recalled: {
    title: "This referral was taken back",
    words: "Please do nothing more, and do not contact the person.",
  },
  lapsed: {
    title: "The time for this referral ran out",
    words: "We are asking the next service. Please do nothing more, and do not contact the person.",
  },
};

/** Of an offer that is closed, while a week of its job waits for an answer. */
export const ONE_QUESTION = "Thank you. One question is left.";

export type Step = {
  verb: Exclude<Answer["verb"], "place">;
  /** Under `/answer`. */
  path: string;
  button: string;
  /** The step that most people will want is the green button. */
  main: boolean;
  /** A page of its own, for a step that needs more than its button. */
  asks?: AskPage;
  /** What the button itself says beside its verb. */
  says?: Readonly<Record<string, string>>;
  /** Its button stands only while the help rests, or only while it does not. */
  while?: "resting" | "going-on";
};

const reasonsOf = (label: string, codes: readonly ReasonCode[]): Field => ({
  name: "reason",
  label,
  kind: "choice",
  choices: codes.map((code) => ({ value: code, text: REASONS[code].words })),
});
const dayField = (label: string): Field => ({ name: "on", label, kind: "day", hint: FOR_TODAY });
const MORE: Field = {
  name: "text",
  label: "More about it",
  kind: "words",
  hint: "Needed where you chose another reason. Write no more about the person than you must.",
};

/** What is said beside a box that is empty or ill-written. */
const WANTS: AskPage["wants"] = {
  reason: "Choose one of the reasons",
  text: "Say more in the box, in at most 1,000 letters",
  on: A_DAY,
  milestone: "Choose a step of the plan",
};

const PLAN_STEPS: Record<Milestone, string> = {
  "plan-agreed": "We agreed a plan with the person",
  "plan-reviewed": "We went through the plan with the person again",
};

/** In the order in which their buttons stand. */
export const STEPS: readonly Step[] = [
  { verb: "accept", path: "accept", button: "Accept the referral", main: true },
  {
    verb: "decline",
    path: "decline",
    button: "Say no",
    main: false,
    asks: {
      path: "decline",
      title: "Say no to this referral",
      button: "Say no",
      fields: [reasonsOf("Why do you say no?", DeclineReason.options), MORE],
      wants: WANTS,
    },
  },
  { verb: "acknowledge", path: "acknowledge", button: "We have it and will answer later", main: false },
  {
    verb: "start",
    path: "start",
    button: "The help has started",
    main: true,
    asks: {
      path: "start",
      title: "When did the help start?",
      button: "It has started",
      fields: [dayField("First day")],
      wants: WANTS,
    },
  },
  {
    verb: "contact",
    path: "contact",
    button: "We have reached the person",
    main: false,
    says: { outcome: "reached", way: "phone" },
    while: "going-on",
  },
  {
    verb: "contact",
    path: "no-answer",
    button: "We tried, and nobody answered",
    main: false,
    says: { outcome: "no-answer", way: "phone" },
    while: "going-on",
  },
  {
    verb: "milestone",
    path: "plan",
    button: "A step of the plan",
    main: false,
    asks: {
      path: "plan",
      title: "A step of the plan",
      button: "Send",
      fields: [
        { name: "milestone", label: "What was done?", kind: "choice", choices: choicesOf(PLAN_STEPS) },
        dayField("When was it?"),
      ],
      wants: WANTS,
    },
    while: "going-on",
  },
  { verb: "hold", path: "hold", button: "The help rests for a while", main: false, while: "going-on" },
  { verb: "resume", path: "resume", button: "The help goes on", main: true, while: "resting" },
  {
    verb: "end",
    path: "end",
    button: "The help has ended",
    main: false,
    asks: {
      path: "end",
      title: "The help has ended",
      button: "It has ended",
      fields: [reasonsOf("How did it end?", EndReason.options), dayField("Last day"), MORE],
      wants: WANTS,
    },
  },
];

/** What was told last, so that whoever pressed a button sees that it was heard. */
export const toldLast = (progress: Progress): string => {
  const done =
    progress.kind === "milestone"
      ? PLAN_STEPS[progress.milestone]
      : progress.outcome === "reached"
        ? "We have reached the person"
        : "We tried, and nobody answered";
  return `${done} (${dateOf(progress.on)}).`;
};
