// The words of a visit's pages, in one place: where an offer stands, which steps follow, and what each asks.
import type { Answer, OfferStatus } from "../../schemas/offer.ts";
import { DeclineReason, EndReason, type ReasonCode } from "../../schemas/reason.ts";

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

type Box = "reason" | "text" | "on";
/** A page of its own, for a step that needs more than its button. */
export type Asked = {
  title: string;
  button: string;
  boxes: readonly Box[];
  reasons?: string;
  on?: string;
  choices: readonly ReasonCode[];
};
export type Step = {
  verb: Extract<Answer["verb"], "acknowledge" | "accept" | "decline" | "contact" | "start" | "hold" | "resume" | "end">;
  button: string;
  /** The step that most people will want is the green button. */
  main: boolean;
  asks?: Asked;
  /** What the button itself says beside its verb. */
  says?: Readonly<Record<string, string>>;
  /** Its button stands only while the help rests, or only while it does not. */
  while?: "resting" | "going-on";
};

/** In the order in which their buttons stand. */
export const STEPS: readonly Step[] = [
  { verb: "accept", button: "Accept the referral", main: true },
  {
    verb: "decline",
    button: "Say no",
    main: false,
    asks: {
      title: "Say no to this referral",
      button: "Say no",
      boxes: ["reason", "text"],
      reasons: "Why do you say no?",
      choices: DeclineReason.options,
    },
  },
  { verb: "acknowledge", button: "We have it and will answer later", main: false },
  {
    verb: "contact",
    button: "We have reached the person",
    main: false,
    says: { outcome: "reached", way: "phone" },
    while: "going-on",
  },
  {
    verb: "start",
    button: "The help has started",
    main: true,
    asks: { title: "When did the help start?", button: "It has started", boxes: ["on"], on: "First day", choices: [] },
  },
  { verb: "hold", button: "The help rests for a while", main: false, while: "going-on" },
  { verb: "resume", button: "The help goes on", main: true, while: "resting" },
  {
    verb: "end",
    button: "The help has ended",
    main: false,
    asks: {
      title: "The help has ended",
      button: "It has ended",
      boxes: ["reason", "on", "text"],
      reasons: "How did it end?",
      on: "Last day",
      choices: EndReason.options,
    },
  },
];

/** What is said beside a box that is wrong. */
export const FAULTS: Record<string, string> = {
  reason: "Choose one of the reasons",
  text: "Say more in the box, in at most 1,000 letters",
  on: "Enter a day that exists, such as 27 3 2026, or leave all three boxes empty",
};
