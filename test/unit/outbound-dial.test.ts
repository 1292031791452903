// Names and what they resolve to. The resolver is stood in for, because a test cannot change the world's DNS.
import type { LookupAddress } from "node:dns";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { startReceiver, type Receiver } from "../contract/receiver.ts";

const resolver = vi.hoisted(() => ({
  asked: [] as string[],
  answer: (): { address: string; family: number }[] => [],
  /** Resolves when the resolver may speak. */
  ready: Promise.resolve(),
}));
vi.mock("node:dns", async (original) => ({
  ...(await original<typeof import("node:dns")>()),
  lookup: (name: string, _options: unknown, done: (error: Error | null, found: LookupAddress[]) => void) => {
    resolver.asked.push(name);
    const speak = (): void => {
      const found = resolver.answer();
      const unknown = Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
      return found.length === 0 ? done(unknown, []) : done(null, found);
    };
    void resolver.ready.then(speak);
  },
}));

const clock = { now: () => new Date() };
const message = { headers: {}, body: "{}" };
let receiver: Receiver;
let outbound: Outbound;

beforeEach(async () => {
  receiver = await startReceiver();
  resolver.asked.length = 0;
  resolver.ready = Promise.resolve();
});
afterEach(async () => {
  await outbound.close();
  await receiver.close();
});

it("a name that resolves into a private range is refused, and nothing is dialled", async () => {
  outbound = createOutbound({ allow: [], clock });
  resolver.answer = () => [{ address: "127.0.0.1", family: 4 }];
  expect(await outbound.post(`https://innocent.example:${receiver.port}/`, message)).toEqual({
    kind: "failed",
    cause: "address-refused",
    sent: false,
  });
  expect(receiver.connections()).toBe(0);
});

it("one private address among public ones refuses the name", async () => {
  outbound = createOutbound({ allow: [], clock });
  resolver.answer = () => [
    { address: "93.184.215.14", family: 4 },
    { address: "127.0.0.1", family: 4 },
  ];
  const reply = await outbound.post("https://mixed.example/", message);
  expect(reply).toMatchObject({ kind: "failed", cause: "address-refused", sent: false });
  expect(receiver.connections()).toBe(0);
});

it("the address that was judged is the one that is dialled: a name that flips is asked once", async () => {
  outbound = createOutbound({ allow: ["127.0.0.1/32"], clock });
  const answers = ["127.0.0.1", "127.0.0.2", "10.0.0.1"];
  resolver.answer = () => [{ address: answers[resolver.asked.length - 1] ?? "10.0.0.1", family: 4 }];
  const url = `http://flip.example:${receiver.port}/`;
  expect(await outbound.post(url, message)).toMatchObject({ kind: "answer", status: 204 });
  expect(resolver.asked).toEqual(["flip.example"]);
  // The next send is a new dial, with a new question and a new judgement.
  expect(await outbound.post(url, message)).toMatchObject({ kind: "failed", cause: "address-refused" });
  expect(receiver.received).toHaveLength(1);
});

it("a kept line leads to the address that was judged; the next line to a new question and a new judgement", async () => {
  outbound = createOutbound({ allow: ["127.0.0.1/32"], clock, lines: { ageMs: 1_500 } });
  resolver.answer = () => [{ address: "127.0.0.1", family: 4 }];
  const url = `http://moves.example:${receiver.port}/`;
  const again = { ...message, mayComeTwice: true } as const;
  await outbound.post(url, again);
  resolver.answer = () => [{ address: "127.0.0.2", family: 4 }];
  expect(await outbound.post(url, again)).toMatchObject({ kind: "answer", status: 204 });
  expect([resolver.asked, receiver.connections()]).toEqual([["moves.example"], 1]);
  // However often it is used, it ends with its age, and nothing that the guard refuses comes after it.
  const refused = { kind: "failed", cause: "address-refused", sent: false };
  await expect.poll(() => outbound.post(url, again), { interval: 5, timeout: 4_000 }).toEqual(refused);
  expect(receiver.connections()).toBe(1);
});

it("a kept line is for one name: another at the same address is judged for itself", async () => {
  outbound = createOutbound({ allow: ["127.0.0.1/32"], clock });
  resolver.answer = () => [{ address: "127.0.0.1", family: 4 }];
  for (const name of ["one", "other", "one"])
    await outbound.post(`http://${name}.example:${receiver.port}/`, { ...message, mayComeTwice: true });
  expect([resolver.asked, receiver.connections()]).toEqual([["one.example", "other.example"], 2]);
});

it("a name that nobody knows was not sent to", async () => {
  outbound = createOutbound({ allow: [], clock });
  resolver.answer = () => [];
  const reply = await outbound.post("https://nowhere.example/", message);
  expect(reply).toEqual({ kind: "failed", cause: "name-not-found", sent: false });
});

it("a deadline that passes while we dial means that nothing is sent, then or later", async () => {
  outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: 500 });
  let speak: () => void = () => undefined;
  resolver.ready = new Promise((resolve) => (speak = resolve));
  resolver.answer = () => [{ address: "127.0.0.1", family: 4 }];
  const url = `http://slow.example:${receiver.port}/`;
  expect(await outbound.post(url, message)).toEqual({ kind: "failed", cause: "timed-out", sent: false });
  speak();
  expect(await outbound.post(`${url}after`, message)).toMatchObject({ kind: "answer" });
  expect(receiver.received.map((one) => one.path)).toEqual(["/after"]);
});
