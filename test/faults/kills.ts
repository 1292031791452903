// F1, F2, F3, F6: processes that die or freeze at any moment, and a database that dies under them.
import { setTimeout as rest } from "node:timers/promises";
import type { ServerResponse } from "node:http";
import type { Place } from "./place.ts";
import { takes } from "./receivers.ts";
import { traffic, type Fault } from "./run.ts";
import { sendOnce } from "./senders.ts";

/** Fewer where there are few cases to cut into. */
const killsFor = (cases: number): number => Math.min(20, Math.max(2, Math.floor(cases / 20)));
const chance = Math.random;

/** Every case once more under its key: whoever lost the answer asks so, and must be told of the first. */
const askAgain = async ({ ledger, senders }: Place, part: number): Promise<number> => {
  const some = ledger.cases.filter((one) => one.accepted && chance() < part);
  for (const one of some) {
    const { reference } = await sendOnce(one, senders[one.door]);
    if (reference === undefined) ledger.wrong(`case ${one.at} is not known under its key`);
    else ledger.taken(one, reference);
  }
  return some.length;
};

export const f1: Fault = {
  id: "F1",
  words: "kill -9 of the process that takes referrals in, at random moments while senders send",
  stores: ["servers", "embedded"],
  async run(place, cases) {
    await place.startAll();
    const name = place.store === "servers" ? "api" : "all";
    const sending = traffic(place, cases);
    const most = killsFor(cases);
    let kills = 0;
    while (kills < most && sending.answered() < cases) {
      await sending.until(((kills + 1) * cases) / (most + 2));
      await rest(chance() * 50);
      await place.kill(name);
      kills += 1;
      await place.start(name);
    }
    await sending.done;
    const retried = place.ledger.cases.filter((one) => one.tries > 1).length;
    const asked = await askAgain(place, 0.1);
    return [`${kills} kills`, `${retried} cases cut off and sent again`, `${asked} more asked for again`];
  },
};

/** Sends that wait for their answer until this many do, or nobody new comes for a while. */
const HELD = 48;
const HELD_MS = 1_500;
/** Between two kills it lives at least so long: a row whose worker died five times is a person's task. */
const LIVES_MS = 5_000;

export const f2: Fault = {
  id: "F2",
  words: "kill -9 of the worker when providers have answered 202 and it has not written that down",
  stores: ["servers"],
  options: { settings: { WORKER_CONCURRENCY: "64" } },
  async run(place, cases) {
    const held: ServerResponse[] = [];
    let [kills, answered] = [0, 0];
    let killing: Promise<void> | undefined;
    let timer: NodeJS.Timeout | undefined;
    let over = false;
    const strike = async (): Promise<void> => {
      const some = held.splice(0);
      kills += 1;
      answered += some.length;
      // Mostly it is stopped first, so that no answer can be read before it dies; else it has a few milliseconds.
      const certain = kills % 4 !== 0;
      if (certain) place.running.get("worker")?.send("SIGSTOP");
      await Promise.all(some.map((res) => new Promise<void>((done) => res.writeHead(202).end(done))));
      if (!certain) await rest(chance() * 8);
      await place.kill("worker");
      await place.start("worker");
      await rest(LIVES_MS);
    };
    const release = (): void => {
      clearTimeout(timer);
      if (!over && held.length > 0) killing ??= strike().finally(() => (killing = undefined));
    };
    place.receivers.onOffer = (offer, req, res) => {
      // Repeats go through, and so does whatever comes while the worker starts.
      if (!offer.first || killing !== undefined || over) return takes(offer, req, res);
      held.push(res);
      clearTimeout(timer);
      if (held.length >= HELD) release();
      else timer = setTimeout(release, HELD_MS);
    };
    await place.startAll();
    await traffic(place, cases).done;
    await place.ledger.settled(45_000);
    over = true;
    await killing;
    const repeats = place.ledger.repeats();
    return [
      `${kills} kills right after ${answered} answers`,
      `${repeats} offers came a second time, each under its first id`,
    ];
  },
};

export const f3: Fault = {
  id: "F3",
  words: "kill -9 of every process of ours and an immediate stop of PostgreSQL, together, while senders send",
  stores: ["servers"],
  async run(place, cases) {
    await place.startAll();
    const sending = traffic(place, cases);
    let stops = 0;
    for (; stops < 6 && sending.answered() < cases; stops += 1) {
      await sending.until(((stops + 1) * cases) / 8);
      await rest(chance() * 50);
      await Promise.all([place.postgres?.kill(), place.kill("api"), place.kill("worker")]);
      await place.postgres?.start();
      await place.startAll();
    }
    await sending.done;
    const asked = await askAgain(place, 0.1);
    return [`${stops} stops, each recovered from its log`, `${asked} cases asked for again`];
  },
};

/** Longer than a claim's lease of 20 s. */
const FROZEN_MS = 26_000;
const FREEZES = 5;

export const f6: Fault = {
  id: "F6",
  words: "SIGSTOP of a worker for longer than its leases, while another takes over, then SIGCONT",
  stores: ["servers"],
  async run(place, cases) {
    // Slow enough that many are under way when the worker stops in the middle of them.
    place.receivers.onOffer = async (offer, req, res) => {
      await rest(100 + chance() * 300);
      takes(offer, req, res);
    };
    await Promise.all(["api", "worker 1", "worker 2"].map((name) => place.start(name)));
    const part = Math.ceil(cases / FREEZES);
    let freezes = 0;
    for (; freezes * part < cases; freezes += 1) {
      const some = Math.min(part, cases - freezes * part);
      const sending = traffic(place, some);
      await sending.until(some / 3);
      const frozen = place.running.get(freezes % 2 === 0 ? "worker 1" : "worker 2");
      frozen?.send("SIGSTOP");
      await Promise.all([rest(FROZEN_MS), sending.done]);
      frozen?.send("SIGCONT");
    }
    const repeats = place.ledger.repeats();
    return [
      `${freezes} freezes of ${FROZEN_MS / 1_000} s`,
      `${repeats} offers came a second time, each under its first id`,
    ];
  },
};
