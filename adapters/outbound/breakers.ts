// Breakers of destinations: opossum counts in each process, one row for each destination decides for all of them.
import { faultOf } from "../../schemas/cause.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";
import type { Breakers, HeldBack } from "../../src/ports/breakers.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { createTally, type Tally } from "./tally.ts";

const OPEN_SECONDS = 30;
const MOST_OPEN_SECONDS = 300;
/** Longer than any attempt may last, so that a probe whose process died is given to another. */
const PROBE_SECONDS = 30;
/** While another process probes, look again soon: the answer is near. */
const LOOK_AGAIN_SECONDS = 5;
const ROW_KEPT_MS = 1_000;
const UNUSED_MS = 600_000;

/** `failures`: probes that failed in a row; each doubles the time for which it stays open. */
export type BreakerRow = { state: "closed" | "open"; until: Date; failures: number; probeUntil?: Date };

/** The row of each destination, kept by the store. No row means closed. */
export type BreakerRows = {
  get(destination: string): Promise<BreakerRow | undefined>;
  /** Writes open until then, and ends any probe. */
  open(destination: string, until: Date, failures: number): Promise<void>;
  /** One UPDATE: true for one caller only, where the row is open, `until` has come and no probe's lease is alive. */
  claimProbe(destination: string, now: Date, leaseUntil: Date, token: string): Promise<boolean>;
  /** Closes for the holder of the probe; does nothing for anyone else. */
  close(destination: string, token: string): Promise<void>;
};

type Entry = {
  tally: Tally;
  usedAt: number;
  read?: { at: number; row: Promise<BreakerRow | undefined> };
};

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000);
const sooner = (one: Date, other: Date): Date => (one < other ? one : other);

export type Admission = { kind: "closed" } | { kind: "probe"; token: string } | HeldBack;

type Guarded = Breakers & {
  admit(destination: string): Promise<Admission>;
  /** Reports one attempt. Opens after too many failures, closes after a probe that went well. */
  report(destination: string, admission: Admission, reachable: boolean): Promise<void>;
  /** Destinations with counts in this process, for the metrics. */
  known(): number;
};

type BreakerOptions = {
  rows: BreakerRows;
  clock: Clock;
  ids: Ids;
  /** Told of each attempt that was answered. */
  onReached?: ((destination: string, at: Date) => void) | undefined;
};

export const createBreakers = ({ rows, clock, ids, onReached }: BreakerOptions): Guarded => {
  const entries = new Map<string, Entry>();

  const dropUnused = (now: number): void => {
    for (const [destination, entry] of entries) {
      if (now - entry.usedAt < UNUSED_MS) continue;
      entry.tally.end();
      entries.delete(destination);
    }
  };

  const entryOf = (destination: string, now: Date): Entry => {
    dropUnused(now.getTime());
    const entry = entries.get(destination) ?? { tally: createTally(now), usedAt: 0 };
    entry.usedAt = now.getTime();
    entries.set(destination, entry);
    return entry;
  };

  /** The row, at most a second old; this process follows it. */
  const follow = async (destination: string, entry: Entry, now: Date): Promise<BreakerRow | undefined> => {
    if (entry.read === undefined || now.getTime() - entry.read.at > ROW_KEPT_MS)
      entry.read = { at: now.getTime(), row: rows.get(destination) };
    const { row: reading } = entry.read;
    const row = await reading.catch((error: unknown) => {
      delete entry.read;
      throw error;
    });
    if (row?.state === "open") entry.tally.open();
    else entry.tally.close(now);
    return row;
  };

  /** Read anew first: what another process wrote a moment ago is neither shortened nor opened again. */
  const openRow = async (destination: string, entry: Entry, now: Date, probed: boolean): Promise<void> => {
    const row = await rows.get(destination);
    const open = row?.state === "open" ? row : undefined;
    if (probed !== (open !== undefined)) return;
    const failures = open === undefined ? 0 : open.failures + 1;
    await rows.open(destination, later(now, Math.min(MOST_OPEN_SECONDS, OPEN_SECONDS * 2 ** failures)), failures);
    delete entry.read;
  };

  const admit = async (destination: string): Promise<Admission> => {
    const now = clock.now();
    const entry = entryOf(destination, now);
    const row = await follow(destination, entry, now);
    if (row === undefined || row.state === "closed") return { kind: "closed" };
    if (now < row.until) return { kind: "open", until: row.until };
    const token = ids.uuid();
    if (await rows.claimProbe(destination, now, later(now, PROBE_SECONDS), token)) return { kind: "probe", token };
    delete entry.read;
    const soon = later(now, LOOK_AGAIN_SECONDS);
    const leased = row.probeUntil !== undefined && row.probeUntil > now ? row.probeUntil : soon;
    return { kind: "open", until: sooner(leased, soon) };
  };

  const report = async (destination: string, admission: Admission, reachable: boolean): Promise<void> => {
    const now = clock.now();
    const entry = entryOf(destination, now);
    if (admission.kind === "open") return;
    if (reachable) onReached?.(destination, now);
    if (admission.kind === "probe" && reachable) {
      await rows.close(destination, admission.token);
      delete entry.read;
      await follow(destination, entry, now);
    } else if (admission.kind === "probe" || (await entry.tally.count(reachable, now))) {
      await openRow(destination, entry, now, admission.kind === "probe");
    }
  };

  return {
    known: () => entries.size,
    admit,
    report,
    async through(destination, send) {
      const admission = await admit(destination);
      if (admission.kind === "open") return admission;
      const outcome = await send();
      if (outcome !== undefined) await report(destination, admission, isReachable(outcome));
      return outcome;
    },
  };
};

/** It is there, and says no to this one message: that says nothing of the next. */
const isReachable = (outcome: AttemptOutcome): boolean => {
  if (outcome.kind === "accepted" || outcome.kind === "refused") return true;
  return (
    outcome.kind === "unavailable" && outcome.cause.startsWith("answered-") && faultOf(outcome.cause) === "lasting"
  );
};
