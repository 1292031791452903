// A broker with a journal whose store can be backed up, lost and restored, on either home, and one provider reached in its own way.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject } from "vitest";
import { createLog } from "../../adapters/log.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { createIds } from "../../adapters/system.ts";
import type { Reach } from "../../schemas/client.ts";
import { openBroker, type Broker } from "../../src/broker.ts";
import { runVerb } from "../../src/cli/run.ts";
import { readConfig } from "../../src/config.ts";
import { toolsOf } from "../../src/operate.ts";
import { emptyDatabase, pgliteFolder } from "../engines.ts";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { openStage } from "../world/stage.ts";
import { until } from "./house.ts";
import { get, type Letter, message, post } from "./letters.ts";

export const COACHING = "sample-islington-coaching";
const SURGERY = "islington-surgery";
const PAUSED = `destination:provider:${COACHING}`;
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { postcode: "N1 2UD", birthDate: "1984-04-09" },
};

type Home = { settings: Record<string, string>; clear(): Promise<void> };

const embedded = async (): Promise<Home> => {
  const folder = await pgliteFolder();
  return { settings: { WAYMARK_DATA: folder }, clear: () => rm(folder, { recursive: true, force: true }) };
};
const server = async (): Promise<Home> => {
  const database = await emptyDatabase();
  if (database === undefined) throw new Error("this run has no server for this home");
  const settings = { DATABASE_URL: database.url, DATABASE_POOL: "6", WAYMARK_ALLOW_OUTBOUND: "127.0.0.0/8" };
  return { settings, clear: database.drop };
};

/** For `describe.each(homes())`. */
export const homes = (): [string, () => Promise<Home>][] => [
  ["embedded engines", embedded],
  ...(inject("servers").postgres === null ? [] : ([["PostgreSQL", server]] as [string, () => Promise<Home>][])),
];

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const taken = createServer().listen(0, "127.0.0.1", () => {
      const { port } = taken.address() as { port: number };
      taken.close(() => resolve(port));
    });
  });

export type Restorable = Awaited<ReturnType<typeof openRestorable>>;

export const openRestorable = async (make: () => Promise<Home>, more: Record<string, string> = {}) => {
  const home = await make();
  const folder = await mkdtemp(join(tmpdir(), "waymark-restore-"));
  const read = readConfig({
    PORT: String(await freePort()),
    METRICS_PORT: "0",
    CANARY_SECONDS: "0",
    WAYMARK_KEYS: JSON.stringify(makeKeyRing(createIds())),
    WAYMARK_JOURNAL: join(folder, "journal"),
    ...home.settings,
    ...more,
  });
  if (!read.ok) throw new Error(read.faults.join("\n"));
  const { config } = read;
  let broker: Broker = await openBroker(config, createLog({ level: "silent" }));
  const { store, rulebook } = broker.ground;
  const file = join(folder, "world.json");
  const stage = await openStage({
    origin: broker.origin,
    clients: store.clients,
    directory: rulebook.directory(),
    file,
  });
  for (const one of stage.providers.values()) one.manner = "waits";
  const sender = (key: ReferrerKey) => {
    const found = stage.senders.get(key);
    if (found === undefined) throw new Error(`nobody plays ${key}`);
    return found;
  };
  const surgery = () => sender(SURGERY);
  const coach = () => {
    const found = stage.providers.get(COACHING);
    if (found === undefined) throw new Error("nobody plays the coach");
    return found;
  };
  const run = (...argv: string[]) =>
    runVerb(
      argv,
      toolsOf(config, () => Promise.resolve(broker.ground)),
      { cwd: folder },
    );
  const sql = <Row extends object>(text: string, values?: unknown[]) =>
    broker.ground.engine.transaction("owner", (query) => query<Row>(text, values));
  const does = async (...argv: string[]): Promise<void> => expect(await run(...argv)).toMatchObject({ status: 0 });
  /** A referral by the practice: as it was sent, to send it again, and its reference. */
  const letter = async (): Promise<{ letter: Letter; reference: string }> => {
    const sent = message(surgery(), PATIENT);
    const reply = await post(surgery(), sent);
    expect(reply.status).toBe(200);
    return { letter: sent, reference: String(reply.reference) };
  };
  const send = async (): Promise<string> => (await letter()).reference;
  return {
    folder,
    run,
    does,
    sql,
    sender,
    surgery,
    coach,
    origin: () => broker.origin,
    ground: () => broker.ground,
    start: async (): Promise<void> => void (broker = await openBroker(config, createLog({ level: "silent" }))),
    stop: () => broker.close(),
    /** From now on the coach is reached so. */
    reach: (reach: Reach) =>
      broker.ground.store.clients.add({
        kind: "provider",
        organisation: COACHING,
        name: "Coaching",
        reach,
        test: true,
      }),
    send,
    letter,
    /** Nothing is sent to the coach. */
    pause: () => does("pause", PAUSED, "--reason", "a trial", "--by", "Ada"),
    resume: () => does("resume", PAUSED, "--by", "Ada"),
    held: (reference: string) =>
      until(
        async () =>
          (
            await sql(
              "SELECT FROM waymark.work w JOIN waymark.referral r ON r.id = w.referral WHERE reference = $1 AND cause = 'paused'",
              [reference],
            )
          ).length > 0,
        "it is not held",
      ),
    /** Until the store knows that its offer came there. */
    delivered: (reference: string) =>
      until(
        async () =>
          (
            await sql(
              "SELECT FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE reference = $1 AND type = 'delivered'",
              [reference],
            )
          ).length > 0,
        "it was not delivered",
      ),
    withdraw: async (reference: string): Promise<void> => {
      const body = JSON.stringify({ reason: "person-declined", by: "person" });
      const headers = { "Content-Type": "application/json" };
      expect((await post(surgery(), { path: `/referrals/${reference}/withdrawal`, headers, body })).status).toBe(200);
    },
    statusOf: async (reference: string): Promise<string> =>
      (JSON.parse((await get(surgery(), `/referrals/${reference}`)).text) as Loose)["status"],
    close: async (): Promise<void> => {
      await broker.close();
      await stage.close();
      await home.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
