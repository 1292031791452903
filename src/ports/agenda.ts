// Agenda: the work table as ringer and workers use it.
import type { NewWork, Ring, Settlement, Work, WorkKind } from "../../schemas/work.ts";

export type LeaseOptions = { limit: number; places: number; perSecond: number; seconds: number };

export type Agenda = {
  /**
   * Leases due work, oldest first: for each destination that others stand behind at most `places` at one time and
   * `perSecond` in any second, and of one referral one after the other. `paced`: more would have gone but for that pace.
   */
  lease(options: LeaseOptions): Promise<{ rings: Ring[]; paced: boolean }>;
  /** The worker's claim: a new token for the old one, so that a ring that comes twice finds nothing to do. */
  claim(ring: Ring): Promise<Work | undefined>;
  /** Holds on to work whose lease is running out, where its token still holds. */
  renew(held: readonly Pick<Work, "id" | "token">[]): Promise<void>;
  /** Writes down that a send begins, before it does. False when the lease was lost: then nothing may be sent. */
  intend(work: Pick<Work, "id" | "token">, way: string): Promise<boolean>;
  /** False when the lease was lost to another worker: the caller must change nothing. */
  settle(work: Pick<Work, "id" | "token">, settlement: Settlement): Promise<boolean>;
  /** Someone rang: what waits to be looked at there is due at this moment, also what is being looked at right now. */
  hasten(kind: WorkKind, destination: string, due: Date): Promise<number>;
  /** Puts a row there unless one lives under that id: for what comes again and again. */
  ensure(work: NewWork): Promise<void>;
  /** Ends every lease. Only for a process that is alone on its store: whatever is leased then was held by one that died. */
  releaseAll(): Promise<number>;
  /** When the next row falls due, for the sweeper. */
  backlog(): Promise<{ due: number; waiting: number; dead: number; oldestDue?: Date }>;
};

/** Rings after a commit: never awaited by a reply, never needed for the truth. */
export type Bell = { nudge(): void };
