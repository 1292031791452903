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

export const deliveries = async (rounds: number): Promise<void> => {
  try {
    const { ours, theirs, ratio } = await measureCarry(rounds, 400);
    say(`Deliveries a second, 50 destinations: ${cell(ours, 0)}; a bare BullMQ worker ${cell(theirs, 0)}; ${load()}`);
    say(`  waymark / bare worker: ${cell(ratio, 2)}`);
    const idle = await measureWaiting(100_000);
    for (const { rows, corePercent, databasePercent, megabytes } of [idle.without, idle.with])
      say(
        `${rows} waiting: ${corePercent.toFixed(2)} % of a core, PostgreSQL ${databasePercent.toFixed(2)} %, ${megabytes.toFixed(0)} MB`,
      );
    const steady = await measureSteady(rounds, 50, 10);
    const over = (pick: (one: (typeof steady)[number]) => number): Summary => summary(steady.map(pick));
    say(
      `At 50 a second over 50 destinations: p50 ${cell(
        over(({ well }) => well.p50),
        0,
      )} ms, p99 ${cell(
        over(({ well }) => well.p99),
        0,
      )} ms; ${load()}`,
    );
    say(
      `  with one of 50 hanging, the others' rate: ${cell(
        over(({ well, hanging }) => hanging.perSecond / well.perSecond),
        2,
      )}`,
    );
    say(
      `  and their p99: ${cell(
        over(({ well, hanging }) => hanging.p99 / well.p99),
        2,
      )} times`,
    );
  } finally {
    await killAll();
  }
};
