// Whose turn it is on the one connection of the embedded engine. First come, first served; who waits too long behind one
// holder is told whom it waits for; a holder that never ends is ended, because everyone else would stand still for ever.
import { LockWait } from "./engine.ts";

export type Turn = { readonly over: boolean; done(): void };
export type TurnOptions = {
  /** How long one holder may keep others waiting before they are refused. */
  waitMs: number;
  /** How long one holder may stay at all. */
  stayMs: number;
  /** Ends what the holder was doing (a rollback), before the next one comes. */
  evict: () => Promise<void>;
};
type Waiting = { label: string; admit(turn: Turn): void; refuse(error: Error): void; timer: NodeJS.Timeout };
type Holding = { label: string; since: number; timer: NodeJS.Timeout };

export type Turns = {
  take(label: string): Promise<Turn>;
  /** Waits for whoever is in, sends everyone in line away, and lets nobody in after. */
  close(): Promise<void>;
};

export const createTurns = ({ waitMs, stayMs, evict }: TurnOptions): Turns => {
  const line: Waiting[] = [];
  let holding: Holding | undefined;
  let closed: (() => void) | undefined;

  const held = (): number => (holding === undefined ? 0 : performance.now() - holding.since);

  const admit = (label: string): Turn => {
    let over = false;
    const end = (): boolean => {
      if (over) return false;
      over = true;
      clearTimeout(mine.timer);
      return true;
    };
    const timer = setTimeout(() => {
      if (end()) void evict().finally(next);
    }, stayMs);
    const mine: Holding = { label, since: performance.now(), timer };
    holding = mine;
    return {
      get over() {
        return over;
      },
      done: () => {
        if (end()) next();
      },
    };
  };

  const next = (): void => {
    holding = undefined;
    if (closed !== undefined) return closed();
    const first = line.shift();
    if (first === undefined) return;
    clearTimeout(first.timer);
    first.admit(admit(first.label));
  };

  /** A long line of short holders is no fault; one holder that stays is. */
  const impatient = (waiting: Waiting): void => {
    const left = waitMs - held();
    if (left > 0) {
      waiting.timer = setTimeout(impatient, left, waiting);
      return;
    }
    line.splice(line.indexOf(waiting), 1);
    const holder = holding?.label ?? "nobody";
    waiting.refuse(
      new LockWait(
        `${waiting.label} waited ${waitMs} ms for the store, held by ${holder} for ${Math.round(held())} ms`,
      ),
    );
  };

  return {
    take: (label) => {
      if (closed !== undefined) return Promise.reject(new Error("the store is closed"));
      if (holding === undefined) return Promise.resolve(admit(label));
      return new Promise((resolve, reject) => {
        const waiting: Waiting = {
          label,
          admit: resolve,
          refuse: reject,
          timer: setTimeout(() => impatient(waiting), waitMs),
        };
        line.push(waiting);
      });
    },
    close: () => {
      for (const waiting of line.splice(0)) {
        clearTimeout(waiting.timer);
        waiting.refuse(new Error("the store is closed"));
      }
      return new Promise((resolve) => {
        closed = resolve;
        if (holding === undefined) resolve();
      });
    },
  };
};
