// Whether a homelessness referral comes under the duty to refer: who sends it says so, and nothing else about it changes.
import type { Client } from "../../schemas/client.ts";
import { type AuthorityType, DUTY_TO_REFER, type DutyToRefer } from "../../schemas/duty.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Content } from "../../schemas/referral.ts";
import { chosenAuthority } from "./coverage.ts";
import { REFERRED } from "./words/duty.ts";

/** A Jobcentre is a listed body by what it is; any other says at registration which one it is. */
export const listedAs = ({ kind, authorityType }: Pick<Client, "kind" | "authorityType">): AuthorityType | undefined =>
  authorityType ?? (kind === "jobcentre" ? "jobcentre-plus" : undefined);

/** A programme that takes referrals under the duty asks for the consent that goes with it. */
const takesThem = ({ consents }: Pick<Programme, "consents">): boolean =>
  consents.some(({ kind }) => kind === "duty-to-refer");

/** What the receipt says where such a programme is asked, or waits. */
export const dutyOf = (
  programmes: readonly Pick<Programme, "consents">[],
  content: Pick<Content, "need" | "choice" | "consents">,
  as: AuthorityType | undefined,
): DutyToRefer | undefined => {
  const authority = chosenAuthority(content);
  if (authority === undefined || !programmes.some(takesThem)) return undefined;
  const referred = as === undefined ? "voluntary" : "under-duty";
  return { referred, ...(as === undefined ? {} : { as }), authority, ...DUTY_TO_REFER, words: REFERRED[referred] };
};
