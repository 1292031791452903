// What comes before, beside and after: prerequisites, what a start waits for, what follows, and what a fact proposes.
import { z } from "zod";
import { NeedCode } from "./need.ts";
import { ClauseId, Test } from "./rule.ts";
import { text } from "./text.ts";

const code = text(80);

/** Nobody comes in before this was done: a course before the interview. */
export const Prerequisite = z.strictObject({ programme: code, is: z.enum(["started", "completed"]), words: text(160) });
export type Prerequisite = z.infer<typeof Prerequisite>;

/** A start waits until another need of the same case is met: a job for childcare. */
export const StartWait = z.strictObject({ id: ClauseId, need: NeedCode, when: Test.optional(), words: text(160) });
export type StartWait = z.infer<typeof StartWait>;

/** What follows in the same case when this ends well. */
export const Following = z.strictObject({
  id: ClauseId,
  on: z.enum(["started", "completed"]),
  need: NeedCode,
  words: text(160),
});
export type Following = z.infer<typeof Following>;

/** A fact that proposes another referral: a basic-skills need proposes a Skills Health Check. Nothing is sent unasked. */
export const Trigger = z.strictObject({ id: ClauseId, when: Test, need: NeedCode, words: text(160) });
export type Trigger = z.infer<typeof Trigger>;
