// The books of the receivers: all that came to anybody, in order, as it came. They know nothing of the store.

/** `nth` counts all that was received by anybody. */
export type Received = {
  nth: number;
  at: number;
  who: string;
  /** `webhook-id`. */
  id: string;
  /** `offer.made`, `offer.recalled` and so on at a provider; `news` at a referrer. */
  type: string;
  reference: string;
  offer?: string;
  body: string;
};

export type Books = {
  all: Received[];
  note(one: Omit<Received, "nth">): Received;
  /** What must never be, in words. */
  wrongs: string[];
  wrong(what: string): void;
  /** Counts of what was seen, for the report. */
  counts: Map<string, number>;
  count(what: string): void;
};

/** Of each kind of wrong the first are enough. */
const MOST = 200;

export const openBooks = (): Books => {
  const all: Received[] = [];
  const wrongs: string[] = [];
  const counts = new Map<string, number>();
  return {
    all,
    note: (one) => {
      const received = { ...one, nth: all.length };
      all.push(received);
      return received;
    },
    wrongs,
    wrong: (what) => void (wrongs.length < MOST && wrongs.push(what)),
    counts,
    count: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
  };
};
