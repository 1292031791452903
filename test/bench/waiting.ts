// What a hundred thousand waiting retries cost a broker that has nothing to do: processor time and memory, beside one without them.
import { readFile } from "node:fs/promises";
import { setTimeout as rest } from "node:timers/promises";
import { openPlace, type Place } from "../faults/place.ts";

export type Idle = { rows: number; corePercent: number; databasePercent: number; megabytes: number };

const TICKS_A_SECOND = 100;
const WATCHED_MS = 30_000;

const INSERT = `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at, attempt, first_due, cause)
SELECT gen_random_uuid(), 'deliver', gen_random_uuid(), gen_random_uuid(), 'provider:adviser-' || lpad((1 + n % 24)::text, 2, '0'),
  now() + interval '2 hours' + n * interval '1 ms', now(), 3, now(), 'answered-503'
FROM generate_series(1, $1::integer) AS n`;

/** Seconds of processor time of a process and its children that live. */
const used = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  const [user, system] = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  return ((user ?? 0) + (system ?? 0)) / TICKS_A_SECOND;
};

const memory = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1_024;
};

const backends = async (place: Place): Promise<number[]> =>
  place.sql(async (query) =>
    (
      await query("SELECT pid FROM pg_stat_activity WHERE application_name = 'waymark' AND pid <> pg_backend_pid()")
    ).map(({ pid }) => Number(pid)),
  );

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

const watch = async (place: Place, rows: number): Promise<Idle> => {
  const program = await place.start("all");
  await rest(10_000);
  const pids = await backends(place);
  const all = async (): Promise<number> => sum(await Promise.all(pids.map((pid) => used(pid).catch(() => 0))));
  const [before, database] = [await used(program.pid), await all()];
  await rest(WATCHED_MS);
  const share = (seconds: number): number => (100 * seconds) / (WATCHED_MS / 1_000);
  const idle = {
    rows,
    corePercent: share((await used(program.pid)) - before),
    databasePercent: share((await all()) - database),
    megabytes: await memory(program.pid),
  };
  await place.stopAll();
  return idle;
};

/** Without them first, then with them, in a process started anew for each. */
export const measureWaiting = async (rows: number): Promise<{ without: Idle; with: Idle }> => {
  const place = await openPlace({ store: "servers" });
  try {
    const without = await watch(place, 0);
    await place.sql((query) => query(INSERT, [rows]));
    return { without, with: await watch(place, rows) };
  } finally {
    await place.close();
  }
};
