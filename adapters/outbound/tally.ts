// opossum keeps the rolling counts of one destination in this process. It opens on its own counts; it never closes itself.
import { EventEmitter } from "node:events";
import CircuitBreaker from "opossum";

const BUCKETS = 6;
const BUCKET_MS = 10_000;
/** Opens at five attempts or more in the window of a minute, of which half or more failed. */
const LEAST_ATTEMPTS = 5;
const FAILED_PERCENT = 50;
/** The longest timer that Node knows: half-open is the row's business, not opossum's. */
const NEVER = 2_147_483_647;

export type Tally = {
  /** Counts one attempt. True when it was the one that opened the circuit. */
  count(reachable: boolean, now: Date): Promise<boolean>;
  open(): void;
  /** Forgets the counts, or the next single failure would open it again. */
  close(now: Date): void;
  end(): void;
};

export const createTally = (since: Date): Tally => {
  // The buckets turn by our clock, not by a timer for each destination.
  const wheel = new EventEmitter();
  let turnedAt = since.getTime();
  const circuit = new CircuitBreaker<[boolean], void>(
    async (reachable) => {
      if (!reachable) throw new Error("unreachable");
    },
    {
      timeout: false,
      resetTimeout: NEVER,
      rollingCountBuckets: BUCKETS,
      rollingCountTimeout: BUCKETS * BUCKET_MS,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: wheel,
      volumeThreshold: LEAST_ATTEMPTS,
      // opossum opens above the threshold; ours opens at it.
      errorThresholdPercentage: FAILED_PERCENT - 0.001,
    },
  );
  const turn = (now: Date): void => {
    const steps = Math.floor((now.getTime() - turnedAt) / BUCKET_MS);
    for (let step = 0; step < Math.min(steps, BUCKETS); step += 1) wheel.emit("rotate");
    if (steps > 0) turnedAt += steps * BUCKET_MS;
  };

  return {
    async count(reachable, now) {
      turn(now);
      if (circuit.opened) return false;
      await circuit.fire(reachable).catch(() => undefined);
      return circuit.opened;
    },
    open: () => circuit.open(),
    close(now) {
      if (circuit.closed) return;
      for (let step = 0; step < BUCKETS; step += 1) wheel.emit("rotate");
      turnedAt = now.getTime();
      circuit.close();
    },
    end: () => circuit.shutdown(),
  };
};
