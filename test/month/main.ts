// `npm run month`: the month with all its people, on a PostgreSQL of its own. `--people N`, `--seeds 1,2,3`, `--say`.
import { parseArgs } from "node:util";
import { privatePostgres } from "../faults/servers.ts";
import { liveMonth } from "./month.ts";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "5000" },
    seeds: { type: "string", default: String(Date.now() % 1_000_000) },
    say: { type: "boolean", default: false },
  },
});
const print = (words: string): void => void process.stdout.write(`${words}\n`);

let faults = 0;
for (const seed of values.seeds.split(",").map(Number)) {
  const postgres = await privatePostgres();
  try {
    const settings = { DATABASE_URL: postgres.url, DATABASE_POOL: "24" };
    const month = await liveMonth({
      seed,
      people: Number(values.people),
      settings,
      ...(values.say ? { say: print } : {}),
    });
    print(JSON.stringify({ ...month, faults: month.faults.length }, undefined, 1));
    for (const fault of month.faults) print(`  ${fault}`);
    faults += month.faults.length;
  } finally {
    await postgres.remove();
  }
}
process.exit(faults === 0 ? 0 : 1);
