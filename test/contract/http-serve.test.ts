// The server itself: TLS with and without a client's certificate, slow callers, a gentle end, and metrics on their own port.
import { execFileSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, get as httpGet, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDoorway } from "../../adapters/http/doorway.ts";
import { createMetrics } from "../../adapters/http/metrics.ts";
import { LIMITS, listen, serveMetrics } from "../../adapters/http/serve.ts";

const says = (_req: unknown, res: { end(text: string): void }): void => res.end("hello");
const here = { port: 0, host: "127.0.0.1" };

/** Only OpenSSL makes certificates here. Where it is missing we say so, and in CI that is a failure. */
const hasOpenssl = ((): boolean => {
  try {
    return execFileSync("openssl", ["version"], { encoding: "utf8" }).startsWith("OpenSSL 3");
  } catch {
    return false;
  }
})();
if (!hasOpenssl && process.env["CI"] === undefined)
  console.log("TLS tests skipped: there is no OpenSSL 3 to make certificates");

describe.skipIf(!hasOpenssl && process.env["CI"] === undefined)("TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "waymark-tls-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const file = (name: string): string => readFileSync(join(folder, name), "utf8");

  /** A certificate of `ca`, or one that signs itself. */
  const certify = (name: string, subject: string, ca?: string): void => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", `${name}.key`];
    const names = ["-subj", `/CN=${subject}`, "-addext", "subjectAltName=IP:127.0.0.1"];
    if (ca === undefined) openssl("req", "-x509", ...key, ...names, "-days", "2", "-out", `${name}.pem`);
    else {
      const by = ["-in", `${name}.csr`, "-CA", `${ca}.pem`, "-CAkey", `${ca}.key`];
      openssl("req", ...key, ...names, "-out", `${name}.csr`);
      openssl(
        "x509",
        "-req",
        ...by,
        "-CAcreateserial",
        "-copy_extensions",
        "copy",
        "-days",
        "2",
        "-out",
        `${name}.pem`,
      );
    }
  };

  beforeAll(() => {
    certify("ca", "Invented authority");
    certify("server", "127.0.0.1", "ca");
    certify("caller", "Invented trust", "ca");
    certify("stranger", "Somebody else");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const call = (origin: string, options: RequestOptions): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpsRequest(`${origin}/`, { ca: file("ca.pem"), agent: false, ...options }, (reply) => {
        reply.resume();
        resolve(reply.statusCode ?? 0);
      });
      request.on("error", reject);
      request.end();
    });

  it("is spoken from 1.2 upwards", async () => {
    const serving = await listen(says, { ...here, tls: { cert: file("server.pem"), key: file("server.key") } });
    try {
      expect(serving.origin).toMatch(/^https:/);
      expect(await call(serving.origin, { maxVersion: "TLSv1.2" })).toBe(200);
      expect(await call(serving.origin, { minVersion: "TLSv1.3" })).toBe(200);
      const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
      await expect(call(serving.origin, old)).rejects.toThrow(/protocol version|alert/i);
    } finally {
      await serving.close();
    }
  });

  it("with a client authority lets in only callers that it signed", async () => {
    const tls = { cert: file("server.pem"), key: file("server.key"), clientCa: file("ca.pem") };
    const serving = await listen(says, { ...here, tls });
    try {
      expect(await call(serving.origin, { cert: file("caller.pem"), key: file("caller.key") })).toBe(200);
      await expect(call(serving.origin, {})).rejects.toThrow(/certificate required|hang up|RESET|EPIPE/i);
      await expect(call(serving.origin, { cert: file("stranger.pem"), key: file("stranger.key") })).rejects.toThrow(
        /unknown ca|alert|hang up|RESET|EPIPE/i,
      );
    } finally {
      await serving.close();
    }
  });

  it("does not start with a key that is none", async () => {
    await expect(listen(says, { ...here, tls: { cert: file("server.pem"), key: "none" } })).rejects.toThrow(
      /PEM|DECODER|no start line|unsupported/i,
    );
  });
});

describe("slow and greedy callers", () => {
  const quick = { headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 30 };

  const send = async (port: number, text: string): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    socket.write(text);
    let reply = "";
    socket.on("data", (data) => (reply += String(data)));
    await once(socket, "close");
    return reply;
  };

  it("are cut off when their headers, or their body, do not come", async () => {
    const serving = await listen((req, res) => req.resume().once("end", () => res.end("hello")), {
      ...here,
      limits: quick,
    });
    try {
      expect(await send(serving.port, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")).toMatch(/^HTTP\/1\.1 408 /);
      expect(await send(serving.port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")).toMatch(
        /^HTTP\/1\.1 408 /,
      );
    } finally {
      await serving.close();
    }
  });

  it("meet limits that leave honest callers time", () => {
    expect(LIMITS.headersTimeout).toBeLessThanOrEqual(10_000);
    expect(LIMITS.requestTimeout).toBeLessThanOrEqual(30_000);
    expect(LIMITS.connectionsCheckingInterval).toBeLessThan(LIMITS.headersTimeout);
    expect(LIMITS.keepAliveTimeout).toBeGreaterThan(60_000);
    expect(LIMITS.maxHeadersCount).toBe(100);
  });

  it("may not use one line for ever", async () => {
    const serving = await listen(says, { ...here, limits: { maxRequestsPerSocket: 1 } });
    try {
      expect((await fetch(serving.origin)).headers.get("connection")).toBe("close");
    } finally {
      await serving.close();
    }
  });
});

describe("the end", () => {
  const ask = (origin: string, agent: Agent): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      httpGet(origin, { agent }, resolve).on("error", reject);
    });

  it("lets what is under way finish, ends idle lines, and takes nothing new", async () => {
    const inside = new EventEmitter();
    const serving = await listen((req, res) => {
      if (req.url === "/slow") inside.emit("slow", () => res.end("done"));
      else res.end("hello");
    }, here);
    const agent = new Agent({ keepAlive: true });
    (await ask(serving.origin, agent)).resume();
    const entered = once(inside, "slow") as Promise<[() => void]>;
    const slow = fetch(`${serving.origin}/slow`).then((reply) => reply.text());
    const [finish] = await entered;

    const closed = serving.close();
    expect(serving.close()).toBe(closed);
    await expect(fetch(serving.origin)).rejects.toThrow("fetch failed");
    finish();
    expect(await slow).toBe("done");
    await closed;
    agent.destroy();
  });

  it("answers what was sent on an idle line before its caller could hear of the end", async () => {
    const serving = await listen(says, here);
    const socket = connect(serving.port, "127.0.0.1");
    const asks = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
    socket.write(asks);
    await once(socket, "data");
    const closed = serving.close();
    socket.write(asks);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n/i);
    await closed;
    socket.destroy();
  });

  it("takes whoever still comes until nobody does, and tells each that it leaves", async () => {
    const serving = await listen(says, here);
    const closed = serving.close({ farewellMs: 5_000, quietMs: 100 });
    for (let at = 0; at < 5; at += 1) {
      const reply = await fetch(serving.origin);
      expect([reply.status, reply.headers.get("connection"), await reply.text()]).toEqual([200, "close", "hello"]);
    }
    const began = performance.now();
    await closed;
    expect(performance.now() - began).toBeLessThan(4_000);
    await expect(fetch(serving.origin)).rejects.toThrow("fetch failed");
  });

  it("takes callers no longer than it says, although they come all the time", async () => {
    const serving = await listen(says, here);
    const began = performance.now();
    const over = new AbortController();
    const closed = serving.close({ farewellMs: 300, quietMs: 200 }).then(() => over.abort());
    let answered = 0;
    while (!over.signal.aborted)
      answered += await fetch(serving.origin)
        .then((reply) => reply.text())
        .then(
          () => 1,
          () => 0,
        );
    await closed;
    expect(answered).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it("does not wait for ever", async () => {
    const inside = new EventEmitter();
    const serving = await listen(() => inside.emit("in"), here);
    const entered = once(inside, "in");
    const hanging = fetch(serving.origin);
    hanging.catch(() => {});
    await entered;
    await serving.close({ boundMs: 50 });
    await expect(hanging).rejects.toThrow("fetch failed");
  });

  it("frees the port, and a port that is taken is an error at once", async () => {
    const first = await listen(says, here);
    await expect(listen(says, { ...here, port: first.port })).rejects.toThrow(/EADDRINUSE/);
    await first.close();
    const second = await listen(says, { ...here, port: first.port });
    await second.close();
  });
});

describe("the doorway", () => {
  const open = async (most?: number) => {
    const doorway = createDoorway(most);
    const came = new EventEmitter();
    const serving = await listen((req, res) => {
      doorway.handle(req, res);
      came.emit("one");
    }, here);
    const comes = (): Promise<number> => fetch(serving.origin).then(({ status }) => status);
    return { doorway, serving, comes, early: (): Promise<unknown> => once(came, "one") };
  };

  it("keeps who comes early until the app is there, and answers them", async () => {
    const { doorway, serving, comes, early } = await open();
    const here = early();
    const reply = comes();
    await here;
    doorway.opens((_req, res) => void res.writeHead(204).end());
    expect([await reply, await comes()]).toEqual([204, 204]);
    await serving.close();
  });

  it("turns away who comes to a full one, and everybody when it will not open", async () => {
    const { doorway, serving, comes, early } = await open(1);
    const here = early();
    const first = comes();
    await here;
    expect(await comes()).toBe(503);
    doorway.shuts();
    doorway.opens((_req, res) => void res.writeHead(204).end());
    expect([await first, await comes()]).toEqual([503, 503]);
    await serving.close();
  });
});

describe("metrics", () => {
  it("stand on a port of their own: process figures, and what other rooms count", async () => {
    const metrics = createMetrics();
    metrics.counter("waymark_offers_total", "Offers by outcome", ["outcome"]).inc({ outcome: "accepted" });
    metrics.gauge("waymark_work_due", "Work rows that are due", async () => 7);
    const serving = await serveMetrics(metrics, here);
    try {
      const reply = await fetch(`${serving.origin}/metrics`);
      const text = await reply.text();
      expect(reply.headers.get("content-type")).toMatch(/^text\/plain; version=/);
      expect(text).toMatch(/^process_resident_memory_bytes \d/m);
      expect(text).toMatch(/^waymark_offers_total\{outcome="accepted"\} 1$/m);
      expect(text).toMatch(/^waymark_work_due 7$/m);
      expect((await fetch(`${serving.origin}/`)).status).toBe(404);
      expect((await fetch(`${serving.origin}/metrics`, { method: "POST" })).status).toBe(404);
    } finally {
      await serving.close();
    }
  });

  it("that cannot be read spoil no others", async () => {
    const metrics = createMetrics();
    metrics.gauge("waymark_broken", "Fails", () => Promise.reject(new Error("store is down")));
    const serving = await serveMetrics(metrics, here);
    try {
      const text = await (await fetch(`${serving.origin}/metrics`)).text();
      expect(text).toMatch(/^waymark_broken nan$/im);
      expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    } finally {
      await serving.close();
    }
  });
});
