// One destination dies and comes back: one alert and one word that it is over, however many processes look; and the heartbeat.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../../adapters/log.ts";
import { openBroker, type Broker } from "../../src/broker.ts";
import type { Printed } from "../../src/cli/run.ts";
import { answers, startReceiver, type Receiver } from "../contract/receiver.ts";
import { startPostOffice, type PostOffice } from "../world/post-office.ts";
import { type House, setups } from "./house.ts";
import { operate } from "./operator.ts";
import { handOffLetter, post } from "./letters.ts";

/** A breaker opens, stays open, is probed and closes, and several looks go by: on a busy machine that takes its time. */
const PATIENCE_MS = 45_000;
const LONG_MS = 90_000;

const until = async (holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> => {
  await expect.poll(holds, { timeout: PATIENCE_MS, interval: 50, message: otherwise }).toBe(true);
};

type Posted = { type: string; data: { code: string; of?: string; alert: string } };

describe.each(setups())("the person on call on $name", (setup) => {
  let house: House;
  let chat: Receiver;
  let watcher: Receiver;
  let office: PostOffice;
  let second: Broker | undefined;
  const log: string[] = [];

  beforeAll(async () => {
    [chat, watcher, office] = [await startReceiver(), await startReceiver(), await startPostOffice()];
    house = await setup.open({
      ALERT_WEBHOOK_URL: chat.url,
      ALERT_EMAIL_TO: "on-call@example.org",
      ALERT_SMTP_URL: `smtp://127.0.0.1:${office.port}`,
      LETTERS_FROM: "no-reply@waymark.example",
      ALERT_HEARTBEAT_URL: `${watcher.url}/beat`,
      ALERT_HEARTBEAT_SECONDS: "1",
      ALERT_AFTER_SECONDS: "1",
      ALERT_LOOK_SECONDS: "1",
    });
    // Two processes look at one store, where a store can have two.
    if (!setup.embedded)
      second = await openBroker(
        house.config,
        createLog({ level: "trace", destination: { write: (line) => log.push(line) } }),
      );
  });
  afterAll(async () => {
    await second?.close();
    await house.close();
    for (const one of [chat, watcher, office]) await one.close();
  });

  const run = (...argv: string[]): Promise<Printed> => operate(house, argv);
  const posted = (): Posted[] => chat.received.map(({ body }) => JSON.parse(body) as Posted);
  const told = (type: string): Posted[] => posted().filter((one) => one.type === type);
  const hears = (type: string, count: number) => until(() => told(type).length >= count, `${type} was not told`);
  /** Several looks of each process: whatever would be told twice is told by then. */
  const looks = async (count: number): Promise<void> => {
    const from = watcher.received.length;
    await until(() => watcher.received.length >= from + count * (second === undefined ? 1 : 2), "no heartbeat");
  };
  const send = async (count: number): Promise<string> => {
    const sent = Array.from({ length: count }, () =>
      post(house.sender("jobcentre"), handOffLetter({ need: "debt-advice" })),
    );
    return String((await Promise.all(sent))[0]?.reference);
  };
  /** What the breaker and the schedule would wait for is due now. */
  const hurry = async (): Promise<void> => {
    await house.sql("UPDATE waymark.breaker SET until = now()");
    await house.sql("UPDATE waymark.work SET due = now() WHERE dead_at IS NULL AND token IS NULL AND due > now()");
  };

  it(
    "hears nothing while all is well, and `status` says so",
    async () => {
      await looks(2);
      expect(posted()).toEqual([]);
      expect(await run("status")).toMatchObject({ status: 0, out: expect.stringMatching(/^All is well\./) as string });
      expect(watcher.received[0]).toMatchObject({ method: "GET", path: "/beat" });
    },
    LONG_MS,
  );

  it(
    "hears once that a referrer cannot be told, and once that it can",
    async () => {
      const referrer = house.referrer("jobcentre");
      const of = `client:${referrer.identity.clientId}`;
      referrer.down = true;
      const reference = await send(8);
      await hears("alert.begins", 1);
      await looks(3);
      expect(posted().map(({ type, data: { code, of: whose } }) => [type, code, whose])).toEqual([
        ["alert.begins", "referrer-failing", of],
      ]);

      const { status, out } = await run("status");
      expect(status).toBe(1);
      expect(out).toMatch(/^Something is stuck\.\nAlerts:\n {2}A referrer cannot be told/);
      expect(out).toMatch(new RegExp(`^ {2}${of}: left alone for \\d+ s, tried again at .* UTC`, "m"));
      expect(JSON.parse((await run("status", "--json")).out)).toMatchObject({
        well: false,
        alerts: [{ code: "referrer-failing", of, told: 1 }],
        breakers: [{ destination: of }],
      });

      referrer.down = false;
      const ended = async (): Promise<boolean> => {
        await hurry();
        return told("alert.ends").length > 0;
      };
      await until(ended, "nobody heard that it is over");
      await looks(3);
      expect(posted().map(({ type }) => type)).toEqual(["alert.begins", "alert.ends"]);
      expect(new Set(posted().map(({ data }) => data.alert)).size).toBe(1);
      expect(await referrer.hears(reference, 1, 5_000)).not.toEqual([]);
      expect(office.mails).toEqual([]);
    },
    LONG_MS,
  );

  it(
    "hears by e-mail where the webhook itself fails; the log says why",
    async () => {
      chat.behave(answers(500));
      await house.sql(
        `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at, dead_at, cause)
       SELECT gen_random_uuid(), 'notify', gen_random_uuid(), gen_random_uuid(), 'client:x', now(), now(), now(), 'gone'`,
      );
      const mail = await office.waits(({ mail: { subject } }) => subject === "Waymark: Dead letters wait for a person");
      expect(mail.mail.text).toContain("client:x");
      expect(mail.mail.text).toContain("The receiver said that it wants nothing more (410)");
      await until(() => [...house.log, ...log].some((line) => line.includes("answered-500")), "the log says nothing");
      await looks(2);
      expect(office.mails).toHaveLength(1);
      await house.sql("DELETE FROM waymark.work WHERE destination = 'client:x'");
      await office.waits(({ mail: { subject } }) => subject === "Waymark: Over: Dead letters wait for a person");
    },
    LONG_MS,
  );
});
