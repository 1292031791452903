// What a container runs: the build, started with node alone; and the compose file, as docker itself reads it.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { killAll, ROOT, run } from "./program.ts";

const MINUTES = 60_000;
const exec = promisify(execFile);

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "waymark-e2e-container-"))));
afterAll(async () => {
  await killAll();
  await rm(folder, { recursive: true, force: true });
});

it(
  "what `npm run build` makes serves, is healthy by the container's own check, and runs the operators' verbs",
  async () => {
    expect(await run("npm", ["run", "--silent", "build"], {}).ended).toMatchObject({ code: 0 });
    const settings = { WAYMARK_DATA: join(folder, "data"), PORT: "0", METRICS_PORT: "0", NODE_ENV: "production" };
    const program = run(process.execPath, ["dist/src/main.js"], settings);
    const { origin, metrics } = await program.ready();
    expect((await fetch(`${origin}/open311/v2/services.json`)).status).toBe(200);
    expect(await (await fetch(`${metrics}/metrics`)).text()).toContain("waymark_work_due 0");
    const check = await run(process.execPath, ["scripts/healthy.mjs"], { PORT: new URL(origin).port }).ended;
    expect(check).toMatchObject({ code: 0 });

    // The bin itself, as npm links it: by its own first line, and asked through the running broker.
    const { bin } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { bin: { waymark: string } };
    const verb = (...argv: string[]) => run(join(ROOT, bin.waymark), argv, settings).ended;
    const add = ["clients", "add", "--kind", "council", "--organisation", "E09000007", "--name", "Camden (sample)"];
    const added = await verb(...add, "--test", "--json");
    expect(added).toMatchObject({ code: 0, err: "" });
    const made = JSON.parse(added.out) as { clientId: string; apiKey: string };
    expect(made.apiKey).not.toBe("");
    expect((await verb("clients", "list")).out).toContain(made.clientId);
    expect(await verb(...add)).toMatchObject({ code: 2 });
    expect(await verb("case", "show", "WM-0000-0000")).toMatchObject({ code: 1 });

    program.send("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0, err: "" });
    expect((await verb("clients", "list")).out).toContain(made.clientId);
    expect(await run(process.execPath, ["scripts/healthy.mjs"], { PORT: new URL(origin).port }).ended).toMatchObject({
      code: 1,
    });
  },
  3 * MINUTES,
);

type Service = { environment?: Record<string, string>; image?: string; deploy?: { replicas?: number } };

it(
  "the compose file holds one api and two workers on PostgreSQL and Redis",
  async ({ skip }) => {
    const text = await readFile(join(ROOT, "docker-compose.yml"), "utf8");
    const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
    expect(services["api"]?.environment).toMatchObject({ WAYMARK_ROLE: "api" });
    expect(services["worker"]).toMatchObject({ environment: { WAYMARK_ROLE: "worker" }, deploy: { replicas: 2 } });
    expect(Object.keys(services)).toEqual(expect.arrayContaining(["postgres", "redis"]));

    const missing = await exec("docker", ["compose", "version"]).then(
      () => undefined,
      () => "docker with its compose plugin is not installed",
    );
    if (missing !== undefined) {
      console.log(`left out: docker compose config, for ${missing}`);
      return skip(missing);
    }
    await mkdir(join(folder, "compose/secrets"), { recursive: true });
    await writeFile(join(folder, "compose/docker-compose.yml"), text);
    for (const name of ["postgres_password", "database_url", "waymark_keys"])
      await writeFile(join(folder, "compose/secrets", name), "sample");
    await exec("docker", ["compose", "config", "--quiet"], { cwd: join(folder, "compose") });
  },
  MINUTES,
);
