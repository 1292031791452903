// The journal at an address: posted line by line, read by number in as many answers as the server likes, and away at times.
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createWebJournal } from "../../adapters/journal/web.ts";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";

let server: Server;
let outbound: Outbound;
let url: string;
let kept: string[];
let down: boolean;
const PAGE = 3;

beforeAll(async () => {
  server = createServer((req, res) => {
    if (down) return void res.writeHead(503).end();
    if (req.method === "POST") {
      const pieces: Buffer[] = [];
      req.on("data", (piece: Buffer) => pieces.push(piece));
      req.on("end", () => {
        const text = Buffer.concat(pieces).toString("utf8");
        if (!kept.includes(text)) kept.push(text);
        res.writeHead(204).end();
      });
      return;
    }
    const from = Number(new URL(req.url ?? "", "http://journal").searchParams.get("from"));
    const page = kept.filter((text) => (JSON.parse(text) as { number: number }).number >= from).slice(0, PAGE);
    res.writeHead(200).end(page.map((text) => `${text}\n`).join(""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as { port: number };
  url = `http://127.0.0.1:${port}/waymark?token=s3cret`;
  outbound = createOutbound({ allow: ["127.0.0.0/8"], clock: { now: () => new Date() }, timeoutMs: 2_000 });
});
afterAll(async () => {
  await outbound.close();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  kept = [];
  down = false;
});

const line = (number: number) => ({ number, text: JSON.stringify({ number, words: "é" }) });
const all = async (place = 0) => {
  const found: number[] = [];
  for await (const one of createWebJournal(url, outbound).read({ place })) found.push(one.place);
  return found;
};

it("is nothing at first; then every line is found by its number, past the end of one answer", async () => {
  const journal = createWebJournal(url, outbound);
  expect(await all()).toEqual([]);
  expect(await journal.append([1, 2, 3, 4, 5, 6, 7].map(line))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await all()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await all(6)).toEqual([6, 7]);
});

it("says that it is away, and never by its address", async () => {
  down = true;
  const journal = createWebJournal(url, outbound);
  const faults = await Promise.all([
    journal.append([line(1)]).catch((error: Error) => error.message),
    all().catch((error: Error) => error.message),
  ]);
  expect(faults).toEqual(["it could not be written: answered-503", "it could not be read: answered-503"]);
  expect(kept).toEqual([]);
});

it("takes the same line a second time for the first", async () => {
  const journal = createWebJournal(url, outbound);
  await journal.append([line(1)]);
  await journal.append([line(1), line(2)]);
  expect(await all()).toEqual([1, 2]);
});
