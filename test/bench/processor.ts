// What a process and its children that have ended have used of the processor. Unlike a rate, this holds on a machine that others use too.
import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second (`proc(5)`, stat: utime, stime, cutime and cstime). */
const TICK_MS = 10;

/** Not a number where the system does not say. */
export const processorMs = (pid: number): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * TICK_MS;
  } catch {
    return Number.NaN;
  }
};
