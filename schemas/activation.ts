// When a version of a pack came into force, by whom, and when it ended: one line for each time that somebody said so.
import { z } from "zod";
import { PlainDate, text } from "./text.ts";

export const Activation = z.object({
  id: z.guid(),
  programme: z.string(),
  version: z.number().int().min(1),
  /** Of the body in `pack_body`. */
  digest: z.string(),
  /** First day on which it may decide. */
  from: PlainDate,
  activatedAt: z.date(),
  activatedBy: text(80),
  /** First day on which it decides no more; the same as `from` for one that never began. */
  until: PlainDate.optional(),
  endedAt: z.date().optional(),
  endedBy: text(80).optional(),
});
export type Activation = z.infer<typeof Activation>;

/** Who activates what lies in the folder when a broker starts. */
export const FOLDER = "folder";

/** What an operator asks for. */
export const ActivationRequest = z.object({ from: PlainDate, by: text(80) });
export type ActivationRequest = z.infer<typeof ActivationRequest>;
