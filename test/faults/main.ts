// `npm run faults`: every fault with its cases, and a table. `--cases N`, `--only F3,F7`, `--lanes N`, `--write` for docs/faults.md.
import { setTimeout as rest } from "node:timers/promises";
import { parseArgs } from "node:util";
import { killAll } from "../e2e/program.ts";
import { FAULTS } from "./all.ts";
import { tableOf, write } from "./report.ts";
import type { Store } from "./place.ts";
import { runFault, type Fault, type Outcome } from "./run.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "2000" },
    only: { type: "string" },
    store: { type: "string" },
    lanes: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});

const cases = Number(values.cases);
const only = values.only?.split(",").map((one) => one.trim().toUpperCase());
const waiting = FAULTS.filter(({ id }) => only === undefined || only.includes(id)).flatMap((fault) =>
  fault.stores
    .filter((store) => values.store === undefined || store === values.store)
    .map((store) => ({ fault, store })),
);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** No fault takes as long: one that does is a fault of its own, and the others are run all the same. */
const LONGEST_MS = 1_200_000;

const inTime = async (fault: Fault, store: Store): Promise<Outcome> => {
  const began = performance.now();
  const over = new AbortController();
  try {
    const late = rest(LONGEST_MS, undefined, { signal: over.signal }).then(() => {
      throw new Error("it did not come to its end");
    });
    return await Promise.race([runFault(fault, store, cases), late]);
  } catch (error) {
    const counts = { cases, accepted: 0, lost: 0, misrouted: 1, duplicates: 0 };
    const seconds = (performance.now() - began) / 1_000;
    return { id: fault.id, store, ...counts, seconds, notes: ["it broke off"], faults: [String(error)] };
  } finally {
    over.abort();
  }
};

const began = performance.now();
const outcomes: Outcome[] = [];
/** Much of a fault is waiting: a few run beside each other, each on servers of its own. */
const lane = async (): Promise<void> => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const outcome = await inTime(next.fault, next.store);
    outcomes.push(outcome);
    const { id, store, accepted, lost, misrouted, duplicates, seconds, notes } = outcome;
    say(
      `${id} ${store}: ${accepted} accepted, lost ${lost}, misrouted ${misrouted}, twice ${duplicates}; ${seconds.toFixed(0)} s; ${notes.join("; ")}`,
    );
    for (const fault of outcome.faults) say(`  ${fault}`);
  }
};

try {
  await Promise.all(Array.from({ length: Number(values.lanes) }, lane));
} finally {
  await killAll();
}
outcomes.sort(
  (one, other) => Number(one.id.slice(1)) - Number(other.id.slice(1)) || other.store.localeCompare(one.store),
);
const seconds = (performance.now() - began) / 1_000;
say(`\n${tableOf(outcomes)}\n\n${seconds.toFixed(0)} s in all`);
if (values.write) await write({ outcomes, cases, seconds });
// Lines that were kept open must not keep us.
process.exit(outcomes.every(({ lost, misrouted, duplicates }) => lost + misrouted + duplicates === 0) ? 0 : 1);
