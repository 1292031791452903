// The main job on a bare machine: `npm run demo`, twice on the same folder.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { killAll, run } from "./program.ts";

const MINUTES = 60_000;

afterAll(killAll);

it(
  "plays every story to its end, and finds all of it again at the next start",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "waymark-e2e-demo-"));
    const settings = { WAYMARK_DATA: folder, PORT: "0", METRICS_PORT: "0" };
    const demo = () => run("npm", ["run", "--silent", "demo", "--", "--exit"], settings).ended;

    const first = await demo();
    expect(first).toMatchObject({ code: 0 });
    const [, sent, taken] = /^(\d+) referrals sent, (\d+) taken\./m.exec(first.out) ?? [];
    expect(Number(sent)).toBeGreaterThanOrEqual(40);
    const rows = first.out.split("\n").filter((line) => /^(ok|!!) /.test(line));
    expect(rows).toHaveLength(Number(sent));
    expect(rows.filter((line) => line.startsWith("!!"))).toEqual([]);
    const [, heard, verified] = /(\d+) callbacks received, (\d+) with a signature that holds/.exec(first.out) ?? [];
    expect(Number(heard)).toBeGreaterThan(Number(taken));
    expect(verified).toBe(heard);
    expect(first.out).toContain("Each ended as its story says.");

    const second = await demo();
    expect(second).toMatchObject({ code: 0 });
    expect(second.out).toContain(`All ${taken} referrals accepted before this start are here.`);
    expect(second.out).toContain("Each ended as its story says.");
    await rm(folder, { recursive: true, force: true });
  },
  5 * MINUTES,
);
