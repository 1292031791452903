// From the settings to what may be late, full or silent, and for how long.
import type { Config } from "../schemas/config.ts";
import type { Limits } from "./core/alerts.ts";

/** Ringer, queue, store and register answer many times in this. */
export const SILENT_MS = 30_000;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MB = 1024 * 1024;

export const limitsOf = ({ ALERT_AFTER_SECONDS, ALERT_STORE_GB, CANARY_SECONDS }: Config): Limits => ({
  afterMs: ALERT_AFTER_SECONDS * 1_000,
  overdueMs: 10 * MINUTE,
  silentMs: SILENT_MS,
  ...(CANARY_SECONDS === 0 ? {} : { canaryMs: Math.max(CANARY_SECONDS * 5_000, SILENT_MS) }),
  ...(ALERT_STORE_GB === undefined ? {} : { storeBytes: ALERT_STORE_GB * 1024 * MB }),
  // Twice the floor below which nothing is written any more.
  freeBytes: 512 * MB,
  clockApartMs: 30_000,
  pauseMs: DAY,
});
