// Lines that stay open between sends that may come twice: when one is used again, and when it must not be.
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import type { LineBounds } from "../../adapters/outbound/lines.ts";

const BEGAN = new Date("2026-03-02T09:00:00Z");
let now = BEGAN;
const clock = { now: () => now };
const message = { headers: {}, body: "{}", mayComeTwice: true } as const;
const ANSWER = "HTTP/1.1 204 No Content\r\n\r\n";

/** What the far side does with a request: the so-manieth on its line, the so-manieth line. */
type Does = (socket: Socket, onLine: number, line: number) => unknown;

let server: Server;
let url: string;
let does: Does;
let requests: number;
let sockets: Socket[];
let outbound: Outbound;
const open = (lines: LineBounds = {}, timeoutMs = 3_000): Outbound =>
  (outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs, lines }));

beforeEach(async () => {
  now = BEGAN;
  [does, requests, sockets] = [(socket) => socket.write(ANSWER), 0, []];
  server = createServer((socket) => {
    const line = sockets.push(socket);
    let onLine = 0;
    socket.on("error", () => undefined);
    // Each request is so small that it comes in one piece.
    socket.on("data", () => {
      requests += 1;
      does(socket, (onLine += 1), line);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  await outbound.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

it("carries one send after another", async () => {
  open();
  for (let send = 0; send < 4; send += 1) expect(await outbound.post(url, message)).toMatchObject({ status: 204 });
  expect([requests, sockets.length]).toEqual([4, 1]);
});

it("is never used by what must not come twice", async () => {
  open();
  await outbound.post(url, message);
  const once = { headers: {}, body: "{}" };
  for (let send = 0; send < 2; send += 1) await outbound.post(url, once);
  expect(sockets.length).toBe(3);
});

it("is hung up when nothing goes over it for a while", async () => {
  open({ idleMs: 30 });
  await outbound.post(url, message);
  await once(sockets[0] as Socket, "close");
  expect(await outbound.post(url, message)).toMatchObject({ status: 204 });
  expect(sockets.length).toBe(2);
});

it("is hung up when it is old, though it is idle and may be for longer", async () => {
  open({ ageMs: 60, idleMs: 60_000 });
  await outbound.post(url, message);
  await once(sockets[0] as Socket, "close");
  expect(requests).toBe(1);
});

it("is hung up when it is old, however busy", async () => {
  open({ ageMs: 60 });
  await outbound.post(url, message);
  while (sockets[0]?.destroyed === false) await outbound.post(url, message);
  expect(sockets.length).toBeGreaterThan(1);
});

it("is kept in small numbers", async () => {
  open({ each: 2 });
  await Promise.all(Array.from({ length: 5 }, () => outbound.post(url, message)));
  const closed = (): number => sockets.filter(({ destroyed }) => destroyed).length;
  await expect.poll(closed).toBe(3);
  await Promise.all([outbound.post(url, message), outbound.post(url, message)]);
  expect(sockets.length).toBe(5);
});

it("that the far side closed between sends is not asked again", async () => {
  open();
  does = (socket, _onLine, line) => (line === 1 ? socket.end(ANSWER) : socket.write(ANSWER));
  await outbound.post(url, message);
  await once(sockets[0] as Socket, "close");
  expect(await outbound.post(url, message)).toMatchObject({ status: 204 });
  expect([requests, sockets.length]).toEqual([2, 2]);
});

it.each<[string, Does]>([
  ["is reset", (socket) => socket.resetAndDestroy()],
  ["is closed", (socket) => socket.end()],
  ["is told 408", (socket) => socket.end("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n")],
])("that %s as we write to it says nothing of the far side: a new one is asked", async (_name, dies) => {
  open();
  does = (socket, onLine) => (onLine === 2 ? dies(socket, 0, 0) : socket.write(ANSWER));
  await outbound.post(url, message);
  expect(await outbound.post(url, message)).toMatchObject({ kind: "answer", status: 204 });
  expect([requests, sockets.length]).toEqual([3, 2]);
});

it("asks a new one once, and then the far side is at fault", async () => {
  open();
  does = (socket) => (requests > 1 ? socket.resetAndDestroy() : socket.write(ANSWER));
  await outbound.post(url, message);
  expect(await outbound.post(url, message)).toEqual({ kind: "failed", cause: "connection-lost", sent: true });
  expect([requests, sockets.length]).toEqual([3, 2]);
});

it.each([
  [2_000, 3, "a line that was dead says so within a round trip: a new one is asked"],
  [2_001, 2, "what is lost later is lost at the far side, which may have heard it"],
])("that is reset after %i ms: asked %i times", async (ms, asked) => {
  open();
  does = (socket, onLine) => {
    if (onLine === 1) return socket.write(ANSWER);
    now = new Date(BEGAN.getTime() + ms);
    return socket.resetAndDestroy();
  };
  await outbound.post(url, message);
  await outbound.post(url, message);
  expect(requests).toBe(asked);
});

it("that was new is at fault at once", async () => {
  open();
  does = (socket) => socket.resetAndDestroy();
  expect(await outbound.post(url, message)).toEqual({ kind: "failed", cause: "connection-lost", sent: true });
  expect(requests).toBe(1);
});

it("that broke inside an answer, or hung, is neither asked again nor kept", async () => {
  open({}, 1_500);
  does = (socket, _onLine, line) =>
    requests === 2 ? socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf") : line < 3 && socket.write(ANSWER);
  await outbound.post(url, message);
  expect(await outbound.post(url, message)).toMatchObject({ kind: "failed", cause: "connection-lost", status: 200 });
  expect(requests).toBe(2);
  await outbound.post(url, message);
  does = () => undefined;
  expect(await outbound.post(url, message)).toEqual({ kind: "failed", cause: "timed-out", sent: true });
  expect([requests, sockets.length]).toEqual([4, 2]);
  does = (socket) => socket.write(ANSWER);
  expect(await outbound.post(url, message)).toMatchObject({ status: 204 });
  expect(sockets.length).toBe(3);
});

it("is not dialled anew by a send that closing cut off", async () => {
  open({}, 60_000);
  await outbound.post(url, message);
  const arrived = new Promise<void>((done) => (does = () => done()));
  const reply = outbound.post(url, message);
  await arrived;
  await outbound.close();
  expect(await reply).toEqual({ kind: "failed", cause: "connection-lost", sent: true });
  expect(sockets.length).toBe(1);
});
