// Runs once before all tests: finds or starts the servers, says which are used, and cleans up after.
import { randomBytes } from "node:crypto";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { findPostgres, findRedis, type Found } from "./engines-found.ts";

declare module "vitest" {
  interface ProvidedContext {
    servers: { run: string; postgres: string | null; redis: string | null };
  }
}

export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const run = randomBytes(4).toString("hex");
  const postgres = await findPostgres();
  const redis = await findRedis();
  say("PostgreSQL", postgres);
  say("Redis", redis);
  project.provide("servers", { run, postgres: postgres.url ?? null, redis: redis.url ?? null });
  return async () => {
    if (postgres.url !== undefined) await dropAll(postgres.url, run);
    for (const server of [postgres, redis]) if (server.url !== undefined) await server.stop();
  };
};

const say = (name: string, found: Found): void => {
  if (found.url !== undefined) return console.log(`tests use ${name} ${found.from}`);
  if (process.env["CI"] === "true") throw new Error(`${name} is missing: ${found.from}`);
  console.log(`tests without ${name}: ${found.from}`);
};

/** Databases of tests that ended without closing theirs. */
const dropAll = async (url: string, run: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>("SELECT datname FROM pg_database WHERE datname LIKE $1", [
    `waymark_test_${run}_%`,
  ]);
  for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  await client.end();
};
