// `npm run month`: the month with all its people, on a PostgreSQL of its own. `--people N`, `--seeds 1,2,3`, `--say`; `--year`: the year.
import { parseArgs } from "node:util";
import { privatePostgres } from "../faults/servers.ts";
import { liveMonth } from "./month.ts";
import { liveYear } from "./year.ts";

const { values } = parseArgs({
  options: {
    people: { type: "string" },
    year: { type: "boolean", default: false },
    seeds: { type: "string", default: String(Date.now() % 1_000_000) },
    say: { type: "boolean", default: false },
  },
});
const print = (words: string): void => void process.stdout.write(`${words}\n`);

let faults = 0;
for (const seed of values.seeds.split(",").map(Number)) {
  const postgres = await privatePostgres();
  try {
    const options = { seed, settings: { DATABASE_URL: postgres.socketUrl }, ...(values.say ? { say: print } : {}) };
    const lived = values.year
      ? await liveYear({ ...options, people: Number(values.people ?? 500) })
      : await liveMonth({ ...options, people: Number(values.people ?? 5_000) });
    print(JSON.stringify({ seed, ...lived, faults: lived.faults.length }, undefined, 1));
    for (const fault of lived.faults) print(`  ${fault}`);
    faults += lived.faults.length;
  } finally {
    await postgres.remove();
  }
}
process.exit(faults === 0 ? 0 : 1);
