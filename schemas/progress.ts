// How an offer gets on once a provider has it: contact with the person, the action plan, and the clocks that it runs on.
import { z } from "zod";
import { PlainDate } from "./text.ts";

/** What came of one attempt to reach the person. */
export const ContactOutcome = z.enum(["reached", "no-answer"]);
export type ContactOutcome = z.infer<typeof ContactOutcome>;
export const ContactWay = z.enum(["phone", "text", "email", "letter", "visit", "video"]);
export type ContactWay = z.infer<typeof ContactWay>;

/** Steps of an action plan. */
export const Milestone = z.enum(["plan-agreed", "plan-reviewed"]);
export type Milestone = z.infer<typeof Milestone>;

/** What a provider last told of an offer that it has. */
export const Progress = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("contact"), outcome: ContactOutcome, way: ContactWay, on: PlainDate }),
  z.object({ kind: z.literal("milestone"), milestone: Milestone, on: PlainDate }),
]);
export type Progress = z.infer<typeof Progress>;

/**
 * `deliver`: the offer reaches the provider. `acknowledge`: a person there has seen it. `answer`: a yes or a no.
 * `contact`: the person was reached. `start`: the help begins. `hold`: a rest ends. `review`: word of how it goes.
 */
export const ClockName = z.enum(["deliver", "acknowledge", "answer", "contact", "start", "hold", "review"]);
export type ClockName = z.infer<typeof ClockName>;

/** What people are told when a clock of an offer rings. `overdue` goes to those who answer for its provider. `due`: what it owed then. */
export type Word = { type: "offer.reminder" | "offer.overdue"; clock: ClockName; at: Date; due?: string };
