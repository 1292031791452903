// What people and systems outside will do, and when: in slots of time, for all that is due in one is done at once.
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const QUARTER = HOUR / 4;

type Deed = () => Promise<void>;

export type Timeline = {
  /** The clock that everybody goes by: the broker, the senders and the receivers. */
  now(): Date;
  /** Not before the next look: whoever waits does not act at the moment at which they begin to. */
  later(hours: number, deed: Deed): void;
  at(moment: number, deed: Deed): void;
  /** At this very moment, beside whatever is under way. */
  beside(deed: Deed): void;
  /** Moves the clock on, and begins what is due. False when the last day is over. */
  turn(): boolean;
  /** Whether something that was begun has not ended. */
  busy(): boolean;
  /** Resolves when one of them has. */
  ended(): Promise<void>;
};

type Options = { from: number; until: number; /** Deeds at one time. */ atOnce: number; slot?: number };

/** At night little happens: an hour is one look. */
const isNight = (moment: number): boolean => new Date(moment).getUTCHours() < 5;

export const createTimeline = ({ from, until, atOnce, slot: length = QUARTER }: Options): Timeline => {
  const planned = new Map<number, Deed[]>();
  const waiting: Deed[] = [];
  let now = from;
  let running = 0;
  let wake: () => void = () => undefined;
  let ended = Promise.resolve();

  const go = (): void => {
    while (running < atOnce) {
      const deed = waiting.shift();
      if (deed === undefined) return;
      if (running === 0) renew();
      running += 1;
      void deed().finally(() => {
        running -= 1;
        wake();
        renew();
        go();
      });
    }
  };
  const renew = (): void => void (ended = new Promise((done) => (wake = done)));
  const begin = (slot: number): void => {
    waiting.push(...(planned.get(slot) ?? []));
    planned.delete(slot);
    go();
  };
  const timeline: Timeline = {
    now: () => new Date(now),
    at: (moment, deed) => {
      const slot = Math.max(Math.ceil(moment / length), now / length + 1);
      planned.set(slot, [...(planned.get(slot) ?? []), deed]);
    },
    later: (hours, deed) => timeline.at(now + hours * HOUR, deed),
    beside: (deed) => {
      waiting.push(deed);
      go();
    },
    turn: () => {
      const next = now + (isNight(now) ? Math.max(HOUR, length) : length);
      if (next > until) return false;
      for (let slot = now / length + 1; slot <= next / length; slot += 1) {
        now = slot * length;
        begin(slot);
      }
      return true;
    },
    busy: () => running > 0,
    ended: () => (running === 0 ? Promise.resolve() : ended),
  };
  return timeline;
};
