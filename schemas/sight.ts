// What is looked at for the person on call: in the store, and inside one process. Codes, ids, numbers and times.
import type { Quarantine } from "./journal.ts";
import type { Pause } from "./pause.ts";

/** What can be seen in the store. Destinations of the canary are left out: it has an alert of its own. */
export type Sight = {
  breakers: readonly { destination: string; since: Date; until: Date }[];
  /** Tried three times and more: since when, how the last try ended and when; `reachedAt`: it answered another one. */
  failing: readonly { destination: string; since: Date; lastAt: Date; cause?: string; reachedAt?: Date }[];
  /** The oldest due work of each destination. */
  due: readonly { destination: string; oldest: Date }[];
  dead: readonly { destination: string; count: number; oldest: Date; cause?: string }[];
  pauses: readonly Pause[];
  /** The last of them that came through, and how long it took; when the oldest that is kept began. */
  canary: { lastEnded?: Date; seconds?: number; firstBegun?: Date };
  /** Nothing leaves. */
  quarantine?: Quarantine;
  /** What the journal off the host is still to be told; absent where none is kept. */
  journal?: { waiting: number; oldest?: Date };
  /** Of a store on a server. */
  storeBytes?: number;
};

/** What only this process knows. */
export type Inside = {
  /** Since when it runs: what was late before that was nobody's to do. */
  upSince: Date;
  /** The ringer has looked for work. */
  rangAt?: Date;
  queueDownSince?: Date;
  packsUnreadSince?: Date;
  /** Since when this process could not compare the store with its journal. */
  journalUnreadSince?: Date;
  clockApartMs: number;
  /** On the disk of an embedded store. */
  freeBytes?: number;
};
