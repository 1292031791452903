// The one queue and its one job. Both backends use these names.
import type { JobsOptions } from "bullmq";

export const QUEUE = "work";

/** The braces keep all keys of the queue in one slot of a Redis cluster. */
export const PREFIX = "{waymark}";

/**
 * The store owns retry: one attempt, no delay, no id of ours, and nothing kept of what is finished.
 * A kept job would only grow the queue; a kept failure would tempt someone to believe it.
 */
export const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } satisfies JobsOptions;
