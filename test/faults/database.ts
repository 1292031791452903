// F7 and F8: PostgreSQL freezes, and its connections are cut in the middle of a commit.
import { setTimeout as rest } from "node:timers/promises";
import { Client } from "pg";
import { lossyProxy, type LossyProxy } from "./proxy.ts";
import { traffic, type Fault } from "./run.ts";

const FROZEN_MS = 30_000;
/** A sender must have its answer by then, or nobody knows whether to try again. */
const DEADLINE_MS = 20_000;

export const f7: Fault = {
  id: "F7",
  words: "SIGSTOP of all of PostgreSQL for 30 s, while senders send",
  stores: ["servers"],
  async run(place, cases) {
    await place.startAll();
    const sending = traffic(place, cases, { atOnce: 24, perSecond: Math.max(10, cases / 60) });
    await sending.until(cases / 5);
    const before = sending.answers.length;
    await place.postgres?.freeze();
    await rest(FROZEN_MS);
    const during = sending.answers.slice(before);
    await place.postgres?.thaw();
    await sending.done;
    const told = during.filter((one) => one?.status === 503 && one.retryAfter !== undefined).length;
    const late = sending.answers.filter((one) => one === undefined || one.ms > DEADLINE_MS).length;
    if (late > 0) place.ledger.wrong(`${late} senders had no answer within ${DEADLINE_MS / 1_000} s`);
    const [alive] = [...place.running.values()].map((program) => program.lines.length);
    if (alive === undefined) place.ledger.wrong("no program was left");
    return [
      `${told} of ${during.length} answers while it was frozen were 503 with Retry-After`,
      `${late} without an answer in time`,
    ];
  },
};

let proxy: LossyProxy | undefined;

const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'waymark' AND pid <> pg_backend_pid() ORDER BY random() LIMIT $1`;

export const f8: Fault = {
  id: "F8",
  words: "pg_terminate_backend of random connections of ours five times a second, and every 20th answer to COMMIT lost",
  stores: ["servers"],
  options: {
    throughProxy: async (url) => {
      proxy = await lossyProxy(url);
      return proxy.url;
    },
  },
  async run(place, cases) {
    await place.startAll();
    const admin = new Client({ connectionString: place.postgres?.url });
    await admin.connect();
    let cut = 0;
    proxy?.lose(0.05);
    const sending = traffic(place, cases);
    const over = new AbortController();
    const cutting = (async () => {
      while (!over.signal.aborted) {
        const { rowCount } = await admin.query(TERMINATE, [2]);
        cut += rowCount ?? 0;
        await rest(200);
      }
    })();
    await sending.done;
    over.abort();
    await cutting;
    proxy?.lose(0);
    const lost = proxy?.lost() ?? 0;
    await admin.end();
    const retried = place.ledger.cases.filter((one) => one.tries > 1).length;
    return [`${cut} connections cut, ${lost} answers to COMMIT lost`, `${retried} cases sent again`];
  },
};
