// Keeps the house: every import, every reach for the clock, every file's shape. Each rule is also shown something that breaks it.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { monitoringApart } from "./architecture/monitoring.ts";
import { seeFolders, seeSource } from "./architecture/read.ts";
import * as rules from "./architecture/rules.ts";

const { settings, clockAndChance, silence, noDefaultExports, noClasses, opensWithComment, noLongFiles } = rules;
const byName = { settings, clockAndChance, silence, noDefaultExports, noClasses, opensWithComment, noLongFiles };

const root = fileURLToPath(new URL("..", import.meta.url));
const house = seeFolders(root, ["schemas", "src", "adapters", "queues"]);
const all = [...house, ...seeFolders(root, ["test"])];

/** Complaints about one made-up file, in a house where its neighbours exist. */
const told = (rule: rules.Rule, path: string, source: string): string[] =>
  rule([seeSource(path, source)]).map((complaint) => complaint.replace(`${path}: `, ""));

describe("the house", () => {
  it("is being read", () => {
    expect(house.length).toBeGreaterThan(50);
    expect(house.flatMap(({ imports }) => imports).length).toBeGreaterThan(200);
  });

  it("keeps its table of who may import whom", () => {
    expect(rules.table(all)).toEqual([]);
  });
  it("has no cycles", () => {
    expect(rules.cycles(house)).toEqual([]);
  });
  it("imports only files that exist", () => {
    expect(rules.resolves(all)).toEqual([]);
  });
  it("reads the environment in one place", () => {
    expect(rules.settings(house)).toEqual([]);
  });
  it("takes time and chance from one place", () => {
    expect(rules.clockAndChance(house)).toEqual([]);
  });
  it("speaks to the terminal only in the command line and the demo", () => {
    expect(rules.silence(house)).toEqual([]);
  });
  it("has no default exports", () => {
    expect(rules.noDefaultExports(house)).toEqual([]);
  });
  it("has no classes but errors", () => {
    expect(rules.noClasses(house)).toEqual([]);
  });
  it("says in every file what it is for", () => {
    // A test says it in its names; what helps tests has none.
    expect(rules.opensWithComment(all.filter(({ path }) => !path.endsWith(".test.ts")))).toEqual([]);
  });
  it("keeps monitoring answers from everything that decides, offers or tells", () => {
    expect(monitoringApart(all)).toEqual([]);
  });
  it("has no long files", () => {
    const long = rules.longish(house);
    if (long.length > 0)
      process.stdout.write(`files over 160 lines, ${house.length} in all:\n  ${long.join("\n  ")}\n`);
    expect(rules.noLongFiles(house)).toEqual([]);
  });
});

describe("the table", () => {
  const cases: [path: string, line: string, complaint: string][] = [
    ["schemas/need.ts", 'import { a } from "../src/core/match.ts";', "schemas may not import core"],
    ["schemas/need.ts", 'import pino from "pino";', "schemas may not import pino"],
    ["schemas/need.ts", 'import { createHash } from "node:crypto";', "schemas may not import node:crypto"],
    ["src/core/match.ts", 'import type { A } from "../ports/ledger.ts";', "core may not import ports"],
    ["src/core/match.ts", 'import { readFileSync } from "node:fs";', "core may not import node:fs"],
    ["src/core/match.ts", 'const a = await import("../../queues/ringer.ts");', "core may not import queues"],
    ["src/core/match.ts", 'export type B = import("../steps/assess.ts").B;', "core may not import steps"],
    ["src/ports/ledger.ts", 'import type { A } from "../core/match.ts";', "ports may not import core"],
    ["src/steps/assess.ts", 'import { deliver } from "./deliver.ts";', "steps may not import steps"],
    ["src/steps/assess.ts", 'import { view } from "../views/referral.ts";', "steps may not import views"],
    ["src/steps/assess.ts", 'import { a } from "../ports/ledger.ts";', "takes more than types"],
    ["src/views/referral.ts", 'import { b } from "./offers.ts";', "views may not import views"],
    ["src/jobs/import.ts", 'import type { A } from "../steps/assess.ts";', "jobs may not import steps"],
    ["src/cli/clients.ts", 'import { a } from "../../adapters/postgres/engine.ts";', "cli may not import adapters"],
    ["adapters/gp/index.ts", 'import { a } from "../council/map.ts";', "adapters/gp may not import adapters/council"],
    ["adapters/gp/index.ts", 'export { a } from "../system.ts";', "adapters/gp may not import adapters/"],
    ["adapters/http/app.ts", 'import { assess } from "../../src/steps/assess.ts";', "may not import steps"],
    ["adapters/http/app.ts", 'import { Queue } from "bullmq";', "bullmq is kept for queues"],
    ["adapters/callbacks/messenger.ts", 'import { request } from "undici";', "undici is kept for adapters/outbound"],
    ["adapters/gp/index.ts", 'import type { Pool } from "pg";', "pg is kept for adapters/postgres"],
    ["queues/workers.ts", 'import { store } from "../adapters/postgres/index.ts";', "queues may not import adapters"],
    ["src/wire.ts", 'import { builder } from "../test/builders/need.ts";', "composition may not import test"],
    ["src/wire.ts", 'import "./demo.ts";', "composition may not import demo"],
  ];
  for (const [path, line, complaint] of cases)
    it(`refuses ${line.slice(0, 60)} in ${path}`, () => {
      expect(told(rules.table, path, line)).toEqual([expect.stringContaining(complaint)]);
    });

  const fine: [path: string, line: string][] = [
    ["schemas/need.ts", 'import { z } from "zod"; import { a } from "./text.ts";'],
    ["src/core/clock.ts", 'import { DateTime } from "luxon"; import { Need } from "../../schemas/need.ts";'],
    [
      "src/steps/assess.ts",
      'import type { Ledger } from "../ports/ledger.ts"; import { decide } from "../core/decide.ts";',
    ],
    ["adapters/gp/index.ts", 'import { door } from "../http/door.ts"; import express from "express";'],
    ["adapters/http/line.ts", 'import type { Log } from "../log.ts";'],
    ["adapters/callbacks/messenger.ts", 'import { send } from "../outbound/client.ts";'],
    ["queues/redis.ts", 'import { Redis } from "ioredis"; import { Queue } from "bullmq";'],
    ["src/wire.ts", 'import { a } from "../adapters/system.ts"; import { b } from "./steps/assess.ts";'],
    ["src/demo.ts", 'import { world } from "../test/world/provider.ts";'],
  ];
  for (const [path, line] of fine)
    it(`admits ${line.slice(0, 60)} in ${path}`, () => {
      expect(told(rules.table, path, line)).toEqual([]);
    });

  it("knows every folder", () => {
    expect(() => rules.table([seeSource("src/utils/strings.ts", "// x")])).toThrow("stands in no room");
  });
});

describe("the other rules", () => {
  it("see a cycle, also one of types", () => {
    const files = [
      seeSource("schemas/a.ts", 'import type { B } from "./b.ts";'),
      seeSource("schemas/b.ts", 'export { c } from "./c.ts";'),
      seeSource("schemas/c.ts", 'import { a } from "./a.ts";'),
    ];
    expect(rules.cycles(files)).toEqual(["schemas/a.ts -> schemas/b.ts -> schemas/c.ts -> schemas/a.ts"]);
  });

  it("see an import of nothing", () => {
    expect(told(rules.resolves, "schemas/a.ts", 'import { b } from "./b.js";')).toHaveLength(1);
  });

  const bad: [keyof typeof byName, path: string, source: string][] = [
    ["settings", "src/wire.ts", "const a = process.env.PORT;"],
    ["settings", "src/wire.ts", 'const a = process["env"]["PORT"];'],
    ["settings", "src/wire.ts", 'import { env } from "node:process";'],
    ["clockAndChance", "src/core/clock.ts", "const a = Date.now();"],
    ["clockAndChance", "src/core/clock.ts", "const a = new Date();"],
    ["clockAndChance", "adapters/http/app.ts", "const a = Date();"],
    ["clockAndChance", "adapters/http/app.ts", "const a = Math.random();"],
    ["clockAndChance", "adapters/http/app.ts", 'import { randomUUID } from "node:crypto";'],
    ["clockAndChance", "adapters/http/app.ts", "const a = crypto.randomUUID();"],
    ["clockAndChance", "adapters/http/app.ts", 'import { randomBytes as dice } from "crypto";'],
    ["silence", "adapters/http/app.ts", 'console.log("x");'],
    ["silence", "src/main.ts", 'console.error("x");'],
    ["noDefaultExports", "src/wire.ts", "export default 1;"],
    ["noDefaultExports", "src/wire.ts", "const a = 1; export { a as default };"],
    ["noClasses", "src/wire.ts", "class Service {}"],
    ["noClasses", "src/wire.ts", "export const a = class extends Base {};"],
    ["opensWithComment", "src/wire.ts", "export const a = 1;"],
    ["opensWithComment", "src/main.ts", "#!/usr/bin/env node\nexport const a = 1;"],
    ["noLongFiles", "src/wire.ts", "// x\n".repeat(251)],
  ];
  for (const [rule, path, source] of bad)
    it(`${rule} refuses ${source.slice(0, 40).replaceAll("\n", " ")}`, () => {
      expect(told(byName[rule], path, source)).toHaveLength(1);
    });

  const good: [keyof typeof byName, path: string, source: string][] = [
    ["settings", "src/config.ts", "const a = process.env.PORT;"],
    ["settings", "src/main.ts", "process.exitCode = 1;"],
    ["clockAndChance", "adapters/system.ts", "const a = new Date(); const b = Math.random();"],
    ["clockAndChance", "src/core/clock.ts", "const a = new Date(0); const b = Math.floor(1);"],
    ["clockAndChance", "src/core/receipt.ts", 'import { createHash } from "node:crypto";'],
    ["silence", "src/cli/clients.ts", 'console.log("x");'],
    ["noDefaultExports", "src/wire.ts", "export const a = 1;"],
    ["noClasses", "src/wire.ts", "export class LockWait extends Error {}"],
    ["opensWithComment", "src/main.ts", "#!/usr/bin/env node\n// Starts."],
    ["noLongFiles", "src/wire.ts", "// x\n".repeat(250)],
  ];
  for (const [rule, path, source] of good)
    it(`${rule} admits ${source.slice(0, 40).replaceAll("\n", " ")} in ${path}`, () => {
      expect(told(byName[rule], path, source)).toEqual([]);
    });
});

describe("monitoring answers", () => {
  const IMPORT = 'import type { Monitoring } from "../../schemas/monitoring.ts";';
  it.each([
    ["src/core/eligibility.ts", IMPORT],
    ["src/steps/assess.ts", IMPORT],
    ["src/steps/accept.ts", IMPORT],
    ["src/views/offers.ts", IMPORT],
    ["adapters/providers/webhook.ts", IMPORT],
    ["adapters/callbacks/messenger.ts", IMPORT],
    ["adapters/postgres/ledger.ts", IMPORT],
    ["schemas/referral.ts", 'import { Monitoring } from "./monitoring.ts";'],
    ["src/steps/assess.ts", "const a = submission.monitoring;"],
    ["src/core/judge.ts", "const a = content.monitoring.ethnicity;"],
    ["adapters/providers/webhook.ts", "const a = store.monitoring.page({});"],
  ])("are kept from %s: %s", (path, source) => {
    expect(told(monitoringApart, path, source)).toHaveLength(1);
  });
  it.each([
    ["src/steps/accept.ts", "const a = arrival.monitoring;"],
    ["adapters/postgres/monitoring.ts", IMPORT],
  ])("are open to %s: %s", (path, source) => {
    expect(told(monitoringApart, path, source)).toEqual([]);
  });
});
