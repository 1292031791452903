// What the referrals of one case may know of one another, what an adviser set aside, and what was said to a proposal.
import { z } from "zod";
import { ClauseId } from "./rule.ts";
import { text } from "./text.ts";

/** Another referral of the same case, as far as rules may know of it. */
export type Sibling = { need?: string; programme?: string; started: boolean; completed: boolean };

/** A clause that an adviser set aside, with name and reason on record. */
export type Override = { programme: string; clause: string };

/** In place of a clause: a recommendation that someone who may refer has taken up. */
export const RECOMMENDED = "recommended";

const programme = z.string().regex(/^[a-z0-9][a-z0-9-]{1,79}$/);

/** Never over consent: only clauses of eligibility that the pack opens to advisers. Name and reason are sealed. */
export const OverrideRequest = z.strictObject({
  programme,
  clause: ClauseId,
  adviser: z.strictObject({ name: text(160), role: text(120).optional() }),
  reason: text(1000),
});
export type OverrideRequest = z.infer<typeof OverrideRequest>;

export const ProposalReply = z.strictObject({ programme, trigger: ClauseId, wanted: z.boolean() });
export type ProposalReply = z.infer<typeof ProposalReply>;
