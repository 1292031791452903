// F21: addresses that lead inside. Nothing may connect to the trap, whatever is registered, resolved or answered.
import dns from "node:dns";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { createOutbound } from "../../adapters/outbound/client.ts";
import { localClock } from "../../adapters/system.ts";
import { adviserOf } from "./packs.ts";
import type { Place } from "./place.ts";
import { takes } from "./receivers.ts";
import { traffic, type Fault } from "./run.ts";

type Trap = { port: number; hits(): number; close(): void };

/** Listens on every address that this machine has, also over IPv6. */
const openTrap = async (): Promise<Trap> => {
  let hits = 0;
  const server: Server = createServer((_req, res) => void res.writeHead(202).end());
  server.on("connection", () => void (hits += 1));
  server.listen(0, "::");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, hits: () => hits, close: () => void server.close() };
};

/** Every way that we know to write an address that leads inside. */
const battery = (port: number): string[] =>
  [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "169.254.169.254",
    "[fe80::1]",
    "[fd00::1]",
    "10.0.0.1",
    "100.64.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "user@127.0.0.1",
    "example.org@127.0.0.1",
    "127.0.0.1#@example.org",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
  ].flatMap((host) => [
    `http://${host.includes("#") ? host.replace("#", `:${port}#`) : `${host}:${port}`}/x`,
    `https://${host.includes("#") ? host.replace("#", `:${port}#`) : `${host}:${port}`}/x`,
  ]);

/** A name that is public when it is first asked for, and inside from then on; and one that is both at once. */
const rebind = (): (() => void) => {
  const { lookup } = dns;
  let asked = 0;
  const lie = (
    host: string,
    options: unknown,
    done: (error: null, found: { address: string; family: number }[]) => void,
  ): void => {
    asked += 1;
    const inside = { address: "127.0.0.1", family: 4 };
    const outside = { address: "203.0.113.7", family: 4 };
    if (host.startsWith("both.")) return done(null, [outside, inside]);
    if (host.startsWith("flips.")) return done(null, [asked % 2 === 1 ? inside : outside]);
    return (lookup as unknown as (...all: unknown[]) => void)(host, options, done);
  };
  dns.lookup = lie as unknown as typeof lookup;
  syncBuiltinESMExports();
  return () => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
  };
};

/** The guarded client itself, dialled directly, so that no breaker spares it an attempt. */
const dial = async (trap: Trap, times: number): Promise<number> => {
  const undo = rebind();
  const outbound = createOutbound({ allow: [], clock: localClock, timeoutMs: 150 });
  const urls = [
    ...battery(trap.port),
    `http://both.example.org:${trap.port}/x`,
    `http://flips.example.org:${trap.port}/x`,
  ];
  let answered = 0;
  for (let at = 0; at < times; at += 16) {
    const some = Array.from({ length: Math.min(16, times - at) }, (_, each) => urls[(at + each) % urls.length] ?? "");
    const replies = await Promise.all(some.map((url) => outbound.post(url, { headers: {}, body: "{}" })));
    answered += replies.filter(({ kind }) => kind === "answer").length;
  }
  await outbound.close();
  undo();
  return answered;
};

export const f21: Fault = {
  id: "F21",
  words:
    "addresses that lead inside: numbers in every writing, IPv6, metadata, names that resolve inside or flip, redirects",
  stores: ["servers"],
  // Only the receivers of the run may be reached, which listen on an address of their own.
  options: { settings: { WAYMARK_ALLOW_OUTBOUND: "127.0.0.2/32" }, host: "127.0.0.2" },
  async run(place: Place, cases) {
    const trap = await openTrap();
    const urls = battery(trap.port);
    const bad = new Set(Array.from({ length: 12 }, (_, at) => at * 2 + 1));
    await place.sql(async (query) => {
      for (const borough of bad)
        await query("UPDATE waymark.client SET callback_url = $2 WHERE organisation = $1", [
          adviserOf(borough),
          urls[(borough * 7) % urls.length],
        ]);
    });
    // And some that answer with a redirection to the trap.
    const redirecting = new Set([2, 4, 6].map(adviserOf));
    place.receivers.onOffer = (offer, req, res) => {
      if (redirecting.has(offer.provider)) res.writeHead(307, { location: `http://127.0.0.1:${trap.port}/x` }).end();
      else takes(offer, req, res);
    };
    await place.startAll();
    await traffic(place, cases).done;
    const answered = await dial(trap, cases);
    // Then the addresses are put right, and everything goes where it should.
    await place.sql(async (query) => {
      for (const borough of bad)
        await query("UPDATE waymark.client SET callback_url = $2 WHERE organisation = $1", [
          adviserOf(borough),
          `http://127.0.0.2:${place.receivers.port}/offers/${adviserOf(borough)}`,
        ]);
      await query(
        "UPDATE waymark.work SET dead_at = NULL, attempt = 0, first_due = NULL, cause = NULL WHERE dead_at IS NOT NULL",
      );
    });
    place.receivers.onOffer = takes;
    await new Promise((done) => setTimeout(done, 6_000));
    await place.hurry();
    const hits = trap.hits();
    if (hits > 0) place.ledger.wrong(`${hits} connections reached the trap`);
    if (answered > 0) place.ledger.wrong(`${answered} forbidden addresses answered`);
    trap.close();
    return [
      `${hits} connections to the trap`,
      `${urls.length} addresses, ${cases} direct dials, ${bad.size} providers registered at them`,
    ];
  },
};
