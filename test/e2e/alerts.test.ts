// Two worker processes of the real program look at one store: one dead destination is one alert, also when one of them is killed.
import { afterAll, expect, it } from "vitest";
import { answers, startReceiver } from "../contract/receiver.ts";
import { handOffLetter, post } from "../flow/letters.ts";
import { serverHome } from "./home.ts";
import { killAll, waymark } from "./program.ts";

const MINUTES = 60_000;

afterAll(killAll);

it(
  "tells once that a destination fails, and once that it is well again, although a worker dies in between",
  async ({ skip }) => {
    const home = await serverHome();
    if (home === undefined) return skip("no PostgreSQL");
    const chat = await startReceiver();
    const settings = {
      ...home.settings,
      ALERT_WEBHOOK_URL: chat.url,
      ALERT_AFTER_SECONDS: "1",
      ALERT_LOOK_SECONDS: "1",
    };
    const api = waymark({ ...settings, WAYMARK_ROLE: "api" });
    await api.ready();
    const stage = await home.stage();
    const workers = [0, 1].map(() => waymark({ ...settings, WAYMARK_ROLE: "worker", PORT: "0" }));
    for (const worker of workers) await worker.ready();

    const sender = stage.senders.get("jobcentre");
    const referrer = stage.referrers.get("jobcentre");
    if (sender === undefined || referrer === undefined) throw new Error("nobody plays the Jobcentre");
    const told = () => chat.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
      await expect.poll(holds, { timeout: MINUTES, interval: 200 }).toBe(true);
    };

    // The first telling is lost on its way: it is told again, under the same id.
    let lost = false;
    chat.behave((req, res) => {
      if (!lost) req.socket.destroy();
      else answers(204)(req, res);
      lost = true;
    });
    referrer.down = true;
    for (let sent = 0; sent < 8; sent += 1) await post(sender, handOffLetter({ need: "debt-advice" }));
    await until(() => told().length > 0);
    const [first] = chat.received;
    await home.look((sql) => sql("UPDATE waymark.alert SET claimed_until = now() WHERE token IS NULL"));
    await until(() => told().length > 1);
    expect(chat.received[1]?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);

    workers[0]?.send("SIGKILL");
    await workers[0]?.ended;
    referrer.down = false;
    await until(async () => {
      await home.look(async (sql) => {
        await sql("UPDATE waymark.breaker SET until = now()");
        await sql("UPDATE waymark.work SET due = now() WHERE dead_at IS NULL AND token IS NULL AND due > now()");
      });
      return told().includes("alert.ends");
    });
    // Once its row is gone there is nothing left to tell.
    await until(async () => (await home.look((sql) => sql("SELECT FROM waymark.alert"))).length === 0);
    expect(told()).toEqual(["alert.begins", "alert.begins", "alert.ends"]);
    expect(chat.received.map(({ body }) => (JSON.parse(body) as { data: { of: string } }).data.of)).toEqual(
      Array.from({ length: 3 }, () => `client:${referrer.identity.clientId}`),
    );

    for (const one of [api, workers[1]]) {
      one?.send("SIGTERM");
      expect(await one?.ended).toMatchObject({ code: 0 });
    }
    await stage.close();
    await chat.close();
    await home.remove();
  },
  3 * MINUTES,
);
