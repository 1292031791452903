// The journal at an address: posted line by line, read by number in as many answers as the server likes, and away at times.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createWebJournal } from "../../adapters/journal/web.ts";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { type JournalServer, openJournalServer } from "../world/journal-server.ts";

let server: JournalServer;
let outbound: Outbound;

beforeAll(async () => {
  server = await openJournalServer();
  outbound = createOutbound({ allow: ["127.0.0.0/8"], clock: { now: () => new Date() }, timeoutMs: 2_000 });
});
afterAll(async () => {
  await outbound.close();
  await server.close();
});
beforeEach(() => {
  server.texts.length = 0;
  server.behaves("well");
});

const open = () => createWebJournal(server.url, outbound);
const line = (number: number) => ({ number, text: JSON.stringify({ number, words: "é" }) });
const all = async (place = 0) => {
  const found: number[] = [];
  for await (const one of open().read({ place })) found.push(one.place);
  return found;
};

it("is nothing at first; then every line is found by its number, past the end of one answer", async () => {
  const journal = open();
  expect(await all()).toEqual([]);
  expect(await journal.append([1, 2, 3, 4, 5, 6, 7].map(line))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await all()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await all(6)).toEqual([6, 7]);
});

it("says that it is away, and never by its address", async () => {
  server.behaves("down");
  const journal = open();
  const faults = await Promise.all([
    journal.append([line(1)]).catch((error: Error) => error.message),
    all().catch((error: Error) => error.message),
  ]);
  expect(faults).toEqual(["it could not be written: answered-503", "it could not be read: answered-503"]);
  expect(server.texts).toEqual([]);
});

it("takes the same line a second time for the first", async () => {
  const journal = open();
  await journal.append([line(1)]);
  await journal.append([line(1), line(2)]);
  expect(await all()).toEqual([1, 2]);
});
