// F16 and F17: the same case over and over at one moment, and far more senders than there is room for.
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { setTimeout as rest } from "node:timers/promises";
import type { Case } from "./ledger.ts";
import type { Place } from "./place.ts";
import { traffic, type Fault } from "./run.ts";
import { draw, many, OTHER_NOTE, sendOnce } from "./senders.ts";

/** One case in fifty is sent a hundred times at once, the others a few times. */
const copies = (at: number): number => (at % 50 === 0 ? 100 : 4);

/** Every copy is told of one case; another body under its key is refused. Returns how many requests that were. */
const storm = async ({ ledger, senders }: Place, one: Case, count: number): Promise<number> => {
  const by = senders[one.door];
  const answers = await Promise.all(Array.from({ length: count }, () => sendOnce(one, by)));
  for (const { reference, status } of answers) {
    if (reference === undefined) ledger.wrong(`a copy of case ${one.at} was answered ${status}`);
    else ledger.taken(one, reference);
  }
  const { status } = await sendOnce(one, by, OTHER_NOTE);
  if (status !== 409 && status !== 422 && !(one.door === "council" && status === 400))
    ledger.wrong(`another body under the key of case ${one.at} was answered ${status}`);
  return count + 1;
};

export const f16: Fault = {
  id: "F16",
  words: "the same referral up to a hundred times at one moment, then another under the same key",
  stores: ["servers"],
  async run(place, cases) {
    await place.startAll();
    let [at, sent] = [0, 0];
    await many(4, () => {
      if (at >= cases) return undefined;
      const count = copies(at);
      at += 1;
      return storm(place, draw(place.ledger, place.boroughs), count).then((requests) => void (sent += requests));
    });
    return [`${sent} requests`, `${Math.ceil(cases / 50)} cases a hundred times at once`];
  },
};

const CROWD = 192;
const LORIS = 60;

/** Opens a request and sends a letter of it a second. */
const dribble = (port: number, cut: () => void): Socket => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("POST /jobcentre/v1/handoffs HTTP/1.1\r\nHost: waymark\r\nX-Slow: ");
  const timer = setInterval(() => socket.writable && socket.write("a"), 1_000);
  socket.on("close", () => {
    clearInterval(timer);
    cut();
  });
  return socket;
};

const memory = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024;
};

export const f17: Fault = {
  id: "F17",
  words: "many times as many senders as there is room for, and callers that send one letter a second",
  stores: ["servers"],
  async run(place, cases) {
    await place.startAll();
    const pid = place.running.get("api")?.pid ?? 0;
    const rate = async (part: number, atOnce: number): Promise<number> => {
      const began = performance.now();
      await traffic(place, part, { atOnce }).done;
      return part / ((performance.now() - began) / 1_000);
    };
    // The first few warm it up; then peaks before and after, because a shared machine does not keep its pace.
    await rate(Math.ceil(cases * 0.1), CROWD / 4);
    const first = await rate(Math.ceil(cases * 0.2), 16);
    const before = await memory(pid);
    let [cut, most] = [0, before];
    const over = new AbortController();
    const port = Number(new URL(place.origin).port);
    const slow = Array.from({ length: LORIS }, () => dribble(port, () => void (cut += 1)));
    const watching = (async () => {
      while (!over.signal.aborted) {
        most = Math.max(most, await memory(pid));
        await rest(100);
      }
    })();
    const crowded = await rate(Math.ceil(cases * 0.5), CROWD);
    over.abort();
    await watching;
    await rest(14_000);
    const cutByUs = cut;
    for (const socket of slow) socket.destroy();
    const last = await rate(Math.ceil(cases * 0.2), 16);
    const peak = (first + last) / 2;
    if (cutByUs < LORIS) place.ledger.wrong(`${LORIS - cutByUs} dribbling callers were left open`);
    return [
      `${crowded.toFixed(0)} accepts a second with ${CROWD} senders, ${peak.toFixed(0)} with 16: ${(crowded / peak).toFixed(2)}`,
      `memory ${before.toFixed(0)} to ${most.toFixed(0)} MB`,
      `${cutByUs} of ${LORIS} dribbling callers cut off`,
    ];
  },
};
