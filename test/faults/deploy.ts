// F18 and F22: every process is replaced under load, and keys and secrets are changed under load. No sender may notice.
import { setTimeout as rest } from "node:timers/promises";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { createIds } from "../../adapters/system.ts";
import { freePort } from "../world/system.ts";
import { adviserOf } from "./packs.ts";
import type { Place } from "./place.ts";
import { traffic, type Fault } from "./run.ts";
import { draw, many, sendOnce } from "./senders.ts";

const LASTS_MS = 60_000;

const LOOKS_MS = 250;

/** As a load balancer does: asks each one all the time whether it is ready. */
const watch = (origins: readonly string[], over: AbortSignal): { ready: Set<string>; done: Promise<unknown> } => {
  const ready = new Set<string>();
  const look = async (origin: string): Promise<void> => {
    while (!over.aborted) {
      const up = await fetch(`${origin}/health/ready`).then(
        (reply) => reply.ok,
        () => false,
      );
      if (up) ready.add(origin);
      else ready.delete(origin);
      await rest(LOOKS_MS);
    }
  };
  return { ready, done: Promise.all(origins.map(look)) };
};

/** To one that said that it is ready. Whoever refuses a connection was never asked, and the other one is. */
const balanced = async (place: Place, origins: readonly string[], ready: Set<string>, at: number): Promise<void> => {
  const one = draw(place.ledger, place.boroughs);
  for (let turn = 0; turn < 400; turn += 1) {
    const origin = origins[(at + turn) % origins.length] ?? "";
    if (!ready.has(origin)) {
      await rest(10);
      continue;
    }
    one.tries += 1;
    try {
      const { status, reference } = await sendOnce(one, place.senders[one.door], undefined, origin);
      if (reference === undefined) place.ledger.wrong(`case ${one.at} was answered ${status} during a deploy`);
      else place.ledger.taken(one, reference);
      return;
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code;
      if (cause !== "ECONNREFUSED") return place.ledger.wrong(`case ${one.at} was cut off: ${cause ?? String(error)}`);
    }
  }
  place.ledger.wrong(`case ${one.at} found nobody`);
};

const replace = async (place: Place, name: string, more: Record<string, string> = {}): Promise<void> => {
  const old = place.running.get(name);
  place.running.delete(name);
  old?.send("SIGTERM");
  const ended = await old?.ended;
  if (ended !== undefined && ended.code !== 0) place.ledger.wrong(`${name} ended with ${ended.code}`);
  await place.start(name, more);
};

export const f18: Fault = {
  id: "F18",
  words: "a rolling deploy: two apis and two workers, each asked to stop and started anew in turn, while senders send",
  stores: ["servers"],
  async run(place, cases) {
    const second = await freePort();
    const ports: Record<string, Record<string, string>> = { "api 2": { PORT: String(second) } };
    const names = ["api 1", "api 2", "worker 1", "worker 2"];
    await Promise.all(names.map((name) => place.start(name, ports[name])));
    const origins = [place.origin, `http://127.0.0.1:${second}`];
    let [at, replaced] = [0, 0];
    const over = new AbortController();
    const balancer = watch(origins, over.signal);
    const deploying = (async () => {
      for (let turn = 0; !over.signal.aborted; turn += 1) {
        const name = names[turn % names.length] ?? "";
        await replace(place, name, ports[name]);
        replaced += 1;
        await rest(500);
      }
    })();
    // Slow enough that every process has its turn a few times.
    const began = performance.now();
    const pace = async (turn: number): Promise<void> => {
      await rest(Math.max(0, began + (turn * LASTS_MS) / Math.max(cases, 600) - performance.now()));
      await balanced(place, origins, balancer.ready, turn);
    };
    await many(12, () => {
      if (at >= cases) return undefined;
      at += 1;
      return pace(at);
    });
    over.abort();
    await Promise.all([deploying, balancer.done]);
    return [`${replaced} processes replaced`];
  },
};

/** Everybody whose secret is changed: all referrers, and a few providers. */
const CHANGED = ["gp", "jobcentre", "council", adviserOf(1), adviserOf(2), adviserOf(8)];
const BY = "faults";

export const f22: Fault = {
  id: "F22",
  words:
    "webhook secrets of referrers and providers and the key that wraps the data are changed twice, while senders send",
  stores: ["servers"],
  async run(place, cases) {
    await place.startAll();
    const sending = traffic(place, cases, { perSecond: Math.max(10, cases / (LASTS_MS / 1_000)) });
    const { receivers } = place;
    const idOf = (who: string): string => receivers.identities.get(who)?.clientId ?? "";
    const ring = JSON.parse(place.settings["WAYMARK_KEYS"] ?? "{}") as ReturnType<typeof makeKeyRing>;
    for (const round of [1, 2]) {
      await sending.until((cases * (round * 2 - 1)) / 6);
      await place.operate(async ({ store }) => {
        for (const who of CHANGED) {
          const made = await store.register.rotateSecret(idOf(who), BY);
          if (made.outcome !== "rotated") throw new Error(`no second secret for ${who}`);
          // From here on the receiver knows the new one too; what is signed before the change reaches every process, by the old one.
          receivers.secrets.set(who, [made.secret]);
        }
      });
      // A client is read at most every five seconds; from then on both sign, and the receiver may forget the old one.
      await rest(6_000);
      for (const who of CHANGED) {
        const identity = receivers.identities.get(who);
        if (identity !== undefined) identity.webhookSecret = receivers.secrets.get(who)?.[0] ?? "";
        receivers.secrets.delete(who);
      }
      await place.operate(async ({ store }) => {
        for (const who of CHANGED) await store.register.retireSecret(idOf(who), BY);
      });

      await sending.until((cases * round * 2) / 6);
      const fresh = makeKeyRing(createIds());
      ring.current = fresh.current;
      Object.assign(ring.wrapping, fresh.wrapping);
      const WAYMARK_KEYS = JSON.stringify(ring);
      await replace(place, "worker", { WAYMARK_KEYS });
      await replace(place, "api", { WAYMARK_KEYS });
    }
    await sending.done;
    const used = await place.sql((query) =>
      query("SELECT ring_key, count(*)::integer AS cases FROM waymark.case_file GROUP BY 1"),
    );
    const read = await readOld(place);
    return [
      `${used.length} wrapping keys in use at the end`,
      `${read} of the first cases read again under their old key`,
    ];
  },
};

/** What the first key wrapped must open still: asked as a referrer asks. */
const readOld = async ({ ledger, senders, origin }: Place): Promise<number> => {
  const first = ledger.cases.filter(({ door }) => door === "jobcentre").slice(0, 50);
  let read = 0;
  for (const one of first) {
    const headers = { Authorization: `Bearer ${await senders.jobcentre.token()}` };
    const reply = await fetch(`${origin}/referrals/${[...one.references][0]}/receipt`, { headers });
    if (reply.ok) read += 1;
    else ledger.wrong(`the receipt of case ${one.at} was answered ${reply.status} after the keys were changed`);
  }
  return read;
};
