// A case written by the commissioner into the pack, with the decision expected: facts here are made up.
import { z } from "zod";
import { SentConsent } from "./consent.ts";
import { GssCode, OdsCode } from "./ids.ts";
import { NeedCode } from "./need.ts";
import { Postcode } from "./place.ts";
import { Door, Facts, Participation } from "./referral.ts";
import { PlainDate, text } from "./text.ts";

export const PackTest = z.strictObject({
  name: text(160),
  on: PlainDate,
  door: Door.default("gp"),
  need: NeedCode,
  participation: Participation.optional(),
  age: z.number().int().min(0).max(120).optional(),
  livesIn: GssCode.optional(),
  postcode: Postcode.optional(),
  registeredAt: OdsCode.optional(),
  seenAt: OdsCode.optional(),
  facts: Facts.default({}),
  /** All are given unless said. */
  consents: z.array(SentConsent).max(20).optional(),
  /** What the person chose. */
  choice: z.strictObject({ service: text(80).optional(), authority: GssCode.optional() }).optional(),
  expect: z.enum(["eligible", "not-eligible", "unknown"]),
  /** For `not-eligible` and `unknown`: the clause that says so. */
  because: z.string().optional(),
  /** For `eligible`: the service that is offered, where every place is free. */
  gets: text(80).optional(),
});
export type PackTest = z.infer<typeof PackTest>;
