// The local id under which MESH knows a message of ours: its key, and from the second round on the round.
import type { Dispatch } from "../../src/ports/mailbox.ts";

/** A message that came back is sent again under an id of its own, or looking it up would find two. */
export const localIdOf = ({ key, round }: Pick<Dispatch, "key" | "round">): string =>
  round === 1 ? key : `${key}_${round}`;

export const keyOf = (localId: string): string => localId.replace(/_\d{1,4}$/, "");

/** What we say of a parcel goes out under a key made from its id. */
const REPLY = "reply-";
export const replyKey = (messageId: string): string => `${REPLY}${messageId}`;
