// The only place with a clock and with chance. Ids sort by time; the time is the store's own, so that every process agrees.
import { randomFillSync } from "node:crypto";
import type { Clock, Ids } from "../src/ports/system.ts";

export type RunningClock = Clock & { close(): void };

const REFRESH_MS = 30_000;
/** A correction backwards up to this is waited out; beyond it the store's clock was set, and we follow. */
const HELD_BACK_MS = 1_000;
const COUNTER_END = 0x1000;

type Local = { wall(): number; steady(): number };
const LOCAL: Local = { wall: () => Date.now(), steady: () => performance.now() };

/** This machine's own time, for what needs no store: reading packs back to who wrote them. */
export const localClock: Clock = { now: () => new Date(LOCAL.wall()) };

/** Asked for at once: a question to the operating system costs as much for 16 bytes as for all of these. */
const STOCK = 4_096;

/** Random bytes, each given out once. What was given leaves the stock, so that no key stays behind in it. */
const createChance = () => {
  const stock = Buffer.alloc(STOCK);
  let at = STOCK;
  return (count: number): Buffer => {
    if (count > STOCK) return randomFillSync(Buffer.alloc(count));
    if (at + count > STOCK) {
      randomFillSync(stock);
      at = 0;
    }
    const own = Buffer.alloc(count);
    stock.copy(own, 0, at);
    stock.fill(0, at, at + count);
    at += count;
    return own;
  };
};

/** UUIDv7 (RFC 9562, section 6.2, method 1): a counter keeps ids of one millisecond in order, also when the clock is set back. */
export const createIds = (local: Pick<Local, "wall"> = LOCAL): Ids => {
  let last = 0;
  let counter = 0;
  const bytes = createChance();
  const uuid = (): string => {
    const now = local.wall();
    const random = bytes(10);
    if (now > last) {
      last = now;
      // The upper half stays free, so that one millisecond has room for at least 2,048 ids.
      counter = random.readUInt16BE(8) & 0x7ff;
    } else if (++counter === COUNTER_END) {
      last += 1;
      counter = 0;
    }
    const variant = ((random.readUInt8(0) & 0x3f) | 0x80).toString(16);
    const time = last.toString(16).padStart(12, "0");
    const tail = random.toString("hex", 1, 8);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`;
  };
  return { uuid, bytes, chance: () => Math.random() };
};

/** Asks the store for its time now and again; in between the steady clock counts on, whatever is done to the local wall clock. */
export const startClock = async (
  store: { now(): Promise<Date> },
  { everyMs = REFRESH_MS, local = LOCAL }: { everyMs?: number; local?: Pick<Local, "steady"> } = {},
): Promise<RunningClock> => {
  let offset = 0;
  let told = Number.NEGATIVE_INFINITY;

  const measure = async (): Promise<void> => {
    const asked = local.steady();
    const time = (await store.now()).getTime();
    // The answer was true somewhere between question and answer.
    offset = time - (asked + local.steady()) / 2;
  };
  await measure();
  // A store that cannot be asked leaves the last correction in force.
  const timer = setInterval(() => void measure().catch(() => undefined), everyMs).unref();

  return {
    now: () => {
      const time = Math.round(local.steady() + offset);
      told = time > told || told - time > HELD_BACK_MS ? time : told;
      return new Date(told);
    },
    close: () => clearInterval(timer),
  };
};
