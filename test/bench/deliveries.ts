// `npm run bench -- deliveries`: what stands in docs/performance.md about sending, on a PostgreSQL and a Redis of its own.
import { loadavg } from "node:os";
import { killAll } from "../e2e/program.ts";
import { measureCarry } from "./carry.ts";
import { summary, type Summary } from "./statistics.ts";
import { measureSteady } from "./steady.ts";
import { measureWaiting } from "./waiting.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const cell = (value: Summary, digits: number): string =>
  `${value.median.toFixed(digits)} (${value.least.toFixed(digits)} to ${value.most.toFixed(digits)})`;
const load = (): string => `load ${loadavg()[0]?.toFixed(1)}`;

/** Deliveries a second, beside a bare worker. */
const carry = async (rounds: number): Promise<object> => {
  const found = await measureCarry(rounds, 1_500);
  const { ours, theirs, ratio, cost } = found;
  say(`Deliveries a second, 50 destinations: ${cell(ours, 0)}; a bare BullMQ worker ${cell(theirs, 0)}; ${load()}`);
  say(`  waymark / bare worker: ${cell(ratio, 2)}`);
  for (const [who, { worker, postgres, redis }] of Object.entries({ waymark: cost.ours, "bare worker": cost.theirs }))
    say(
      `  ${who}: processor time of each, worker ${cell(worker, 2)} ms, PostgreSQL ${cell(postgres, 2)}, Redis ${cell(redis, 2)}`,
    );
  return found;
};

/** What waiting retries cost. */
const waiting = async (): Promise<object> => {
  const idle = await measureWaiting(100_000);
  for (const { rows, corePercent, databasePercent, megabytes } of [idle.without, idle.with])
    say(
      `${rows} waiting: ${corePercent.toFixed(2)} % of a core, PostgreSQL ${databasePercent.toFixed(2)} %, ${megabytes.toFixed(0)} MB`,
    );
  return idle;
};

/** From accepted to delivered, with all well and with one that hangs. */
const steady = async (rounds: number): Promise<object> => {
  const found = await measureSteady(rounds, 50, 20);
  const over = (digits: number, pick: (one: (typeof found)[number]) => number): string =>
    cell(summary(found.map(pick)), digits);
  const [p50, p99] = [over(0, ({ well }) => well.p50), over(0, ({ well }) => well.p99)];
  say(`At 50 a second over 50 destinations: p50 ${p50} ms, p99 ${p99} ms; ${load()}`);
  say(
    `  with one of 50 hanging, the others' rate: ${over(2, ({ well, hanging }) => hanging.perSecond / well.perSecond)}`,
  );
  say(`  and their p99: ${over(2, ({ well, hanging }) => hanging.p99 / well.p99)} times`);
  return found;
};

const PARTS = { carry, waiting, steady };

/** All parts, or the one that is named. */
export const deliveries = async (rounds: number, part?: string): Promise<Record<string, object>> => {
  const asked = Object.entries(PARTS).filter(([name]) => part === undefined || name === part);
  if (asked.length === 0) throw new Error(`no such part: ${part}; there are ${Object.keys(PARTS).join(", ")}`);
  const all: Record<string, object> = {};
  try {
    for (const [name, measure] of asked) all[name] = await measure(rounds);
    return all;
  } finally {
    await killAll();
  }
};
