// The book of our MESH mailbox.
import type { Reason, ReasonCode } from "../../schemas/reason.ts";

/**
 * One message that we send, under a key of ours. `begun`: its answer never came, so it is looked up before anything is sent
 * again. `uploading`: chunks are missing. `returned`: MESH gave it back; the next one has a round, and so an id, of its own.
 */
export type Dispatch = {
  key: string;
  round: number;
  state: "begun" | "uploading" | "sent" | "returned";
  /** The mailbox that it goes to. */
  to: string;
  messageId?: string;
  code?: string;
  changedAt: Date;
};

/** One message that came, stored before MESH is told that we have it. */
export type Parcel = {
  messageId: string;
  kind: "data" | "report";
  /** The mailbox that it came from: MESH vouches for it. */
  from: string;
  workflow: string;
  receivedAt: Date;
  localId?: string;
  /** Of a report: the message that came back, and why. */
  linked?: string;
  code?: string;
  /** Why its body was not read. */
  fault?: ReasonCode;
  body?: Uint8Array;
};

/** What became of a parcel. `to` is told so in a report of ours, as this client, where there is one. */
export type ParcelEnd = {
  outcome:
    | "changed"
    | "repeated"
    | "refused"
    | "not-found"
    | "stranger"
    | "other-workflow"
    | "returned"
    | "reply-returned"
    | "nothing-known";
  offer?: string;
  client?: string;
  reasons?: Reason[];
};

/** Of its reasons the book keeps the codes: a path may be a name that the sender made up. The body has them all. */
export type Reply = ParcelEnd & Pick<Parcel, "messageId" | "from" | "receivedAt" | "body">;

export type MailBook = {
  dispatch(key: string): Promise<Dispatch | undefined>;
  note(dispatch: Omit<Dispatch, "changedAt">): Promise<void>;
  /** It never left us: as if it had not been begun. */
  strike(key: string): Promise<void>;
  known(messageIds: readonly string[]): Promise<Set<string>>;
  /** False when it was here already. */
  keep(parcel: Parcel): Promise<boolean>;
  /** Parcels that nobody has looked into, oldest first. */
  unopened(limit: number): Promise<Parcel[]>;
  /** A body that was understood is kept no longer: what it said stands in the case. */
  settle(messageId: string, end: ParcelEnd, replies: boolean): Promise<void>;
  replies(limit: number): Promise<Reply[]>;
  replied(messageId: string, cause?: string): Promise<void>;
  /** MESH gave an offer back: its work is a person's now. False where the offer waits for nothing. */
  returned(offer: string, cause: string): Promise<boolean>;
  /** Takes away what is too old to matter. */
  prune(before: Date, forgetBefore: Date): Promise<void>;
};
