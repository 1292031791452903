// F13: providers that hang, break off, answer late, fail, ask for patience, point elsewhere, lie about who they are, or never stop talking.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createTlsServer } from "node:https";
import type { ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { makeCertificate } from "../contract/certificate.ts";
import { adviserOf } from "./packs.ts";
import type { Place } from "./place.ts";
import { takes } from "./receivers.ts";
import { traffic, type Fault } from "./run.ts";

type Manner = {
  borough: number;
  name: string;
  causes: readonly string[];
  answers(res: ServerResponse, port: number): void;
};

/** Later than we wait for an answer, which is 15 s. */
const LATE_MS = 17_000;
const PIECE = Buffer.alloc(65_536, "x");

const endless = (res: ServerResponse): void => {
  res.writeHead(200, { "content-type": "text/plain" });
  const more = (): void => {
    while (!res.destroyed && res.write(PIECE));
    if (!res.destroyed) res.once("drain", more);
  };
  more();
};

/** `causes`: what the row of an attempt may say of it. */
const MANNERS: readonly Manner[] = [
  { borough: 1, name: "hangs", causes: ["timed-out"], answers: () => undefined },
  {
    borough: 2,
    name: "breaks off in the body",
    causes: ["connection-lost", "answer-unreadable"],
    answers: (res) => {
      res.writeHead(200, { "content-length": "100" });
      res.write("half of it", () => res.socket?.resetAndDestroy());
    },
  },
  {
    borough: 3,
    name: "answers late",
    causes: ["timed-out"],
    answers: (res) => void rest(LATE_MS).then(() => res.writeHead(202).end()),
  },
  { borough: 4, name: "fails", causes: ["answered-500"], answers: (res) => void res.writeHead(500).end("no") },
  {
    borough: 5,
    name: "asks for patience",
    causes: ["asked-to-wait"],
    answers: (res) => void res.writeHead(429, { "retry-after": "2" }).end(),
  },
  {
    borough: 6,
    name: "points elsewhere",
    causes: ["redirected"],
    answers: (res, port) => void res.writeHead(307, { location: `http://localhost:${port}/offers/elsewhere` }).end(),
  },
  {
    borough: 7,
    name: "shows a certificate of nobody",
    causes: ["tls-untrusted", "tls-wrong-name"],
    answers: () => undefined,
  },
  { borough: 9, name: "never stops talking", causes: ["answer-too-large"], answers: endless },
];

const BAD = new Map(MANNERS.map((one) => [adviserOf(one.borough), one]));

const ATTEMPTS = `SELECT destination, cause, count(*)::integer AS times FROM waymark.attempt
WHERE kind = 'deliver' AND outcome NOT IN ('accepted') GROUP BY 1, 2`;

/** Where the store can be looked into only alone, the broker makes room for a moment. */
const alone = async <T>(place: Place, act: () => Promise<T>): Promise<T> => {
  if (place.store === "servers") return act();
  await place.stopAll();
  const value = await act();
  await place.startAll();
  return value;
};

const address = (place: Place, borough: number, url: string): Promise<unknown> =>
  place.sql((query) =>
    query("UPDATE waymark.client SET callback_url = $2 WHERE organisation = $1", [adviserOf(borough), url]),
  );

const strangers = async () => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-faults-tls-"));
  const made = makeCertificate(folder);
  if ("lacking" in made) throw new Error(made.lacking);
  const [cert, key] = await Promise.all([readFile(made.cert), readFile(made.key)]);
  await rm(folder, { recursive: true, force: true });
  let served = 0;
  const server = createTlsServer({ cert, key }, (_req, res) => {
    served += 1;
    res.writeHead(202).end();
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, served: () => served, close: () => void server.close() };
};

/** Good arrivals a second, over the time in which the last of them came. */
const healthyRate = async (place: Place, cases: number): Promise<number> => {
  const began = performance.now();
  const from = place.ledger.cases.length;
  let last = began;
  const note = place.receivers.onNoted;
  place.receivers.onNoted = (offer) => {
    if (!BAD.has(offer.provider)) last = performance.now();
    note(offer);
  };
  await traffic(place, cases).done;
  const good = place.ledger.cases.slice(from).filter(({ borough }) => !MANNERS.some((one) => one.borough === borough));
  for (let at = 0; at < 300 && place.ledger.missing(good) > 0; at += 1) await rest(100);
  place.receivers.onNoted = note;
  return good.length / ((last - began) / 1_000);
};

export const f13: Fault = {
  id: "F13",
  words:
    "eight of 24 providers that hang, reset, answer late, fail, throttle, redirect, show a wrong certificate or send without end",
  stores: ["servers", "embedded"],
  options: { settings: { DESTINATION_PLACES: "4" } },
  async run(place, cases) {
    const tls = await strangers();
    await place.startAll();
    await healthyRate(place, Math.ceil(cases * 0.1));
    const usual = await healthyRate(place, Math.ceil(cases * 0.4));
    await alone(place, () => address(place, 7, `https://127.0.0.1:${tls.port}/offers/${adviserOf(7)}`));
    // A client is read at most every five seconds.
    await rest(6_000);
    const attempts = new Map<string, number>();
    place.receivers.onOffer = (offer, req, res) => {
      const manner = BAD.get(offer.provider);
      if (manner === undefined) return takes(offer, req, res);
      attempts.set(manner.name, (attempts.get(manner.name) ?? 0) + 1);
      manner.answers(res, place.receivers.port);
    };
    const beside = await healthyRate(place, cases - Math.ceil(cases * 0.4) - Math.ceil(cases * 0.1));
    // Hanging ones must run into their deadline before they recover.
    await rest(18_000);
    place.receivers.onOffer = takes;
    const seen = await alone(place, async () => {
      await address(place, 7, `http://127.0.0.1:${place.receivers.port}/offers/${adviserOf(7)}`);
      return place.sql((query) => query(ATTEMPTS));
    });
    for (const { destination, cause } of seen) {
      const manner = BAD.get(String(destination).replace("provider:", ""));
      if (manner?.causes.includes(String(cause)) !== true)
        place.ledger.wrong(`a provider that ${manner?.name ?? "is well"} is on record with ${String(cause)}`);
    }
    const causes = new Set(seen.map(({ cause }) => String(cause)));
    if (tls.served() > 0) place.ledger.wrong("an offer went to a server with a certificate of nobody");
    tls.close();
    await rest(6_000);
    await place.hurry();
    const most = Math.max(...attempts.values());
    return [
      `the others' rate ${(beside / usual).toFixed(2)} of that without them`,
      `at most ${most} attempts at a bad one before its breaker held the rest`,
      `on record as ${[...causes].toSorted().join(", ")}`,
    ];
  },
};
