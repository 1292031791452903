// The guarded client over TLS: a certificate that is trusted and fits, one for another name, and one that nobody vouches for.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOutbound } from "../../adapters/outbound/client.ts";
import { makeCertificate } from "./certificate.ts";

const folder = mkdtempSync(join(tmpdir(), "waymark-tls-"));
const made = makeCertificate(folder);
if ("lacking" in made) console.warn(`TLS tests are skipped: ${made.lacking}`);

/** Trust is given to a process as it starts, as operators do: so the trusting client is a process of its own. */
const trusting = async (url: string, authorities: string): Promise<unknown> => {
  const script = `
    import { createOutbound } from ${JSON.stringify(new URL("../../adapters/outbound/client.ts", import.meta.url).href)};
    const outbound = createOutbound({ allow: ["127.0.0.0/8", "::1/128"], clock: { now: () => new Date() } });
    const reply = await outbound.post(${JSON.stringify(url)}, { headers: {}, body: "{}" });
    await outbound.close();
    process.stdout.write(JSON.stringify(reply));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: authorities } },
  );
  return JSON.parse(stdout);
};

describe.skipIf("lacking" in made)("a receiver over TLS", () => {
  const files = made as { cert: string; key: string };
  let server: Server;
  let port: number;
  let received = 0;

  beforeAll(async () => {
    server = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (_req, res) => {
      received += 1;
      res.writeHead(204).end();
    });
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it("that is trusted and bears its name gets the message", async () => {
    const before = received;
    const reply = await trusting(`https://localhost:${port}/`, files.cert);
    expect(reply).toMatchObject({ kind: "answer", status: 204 });
    expect(received).toBe(before + 1);
  });

  it("that bears another name gets nothing", async () => {
    const before = received;
    const reply = await trusting(`https://127.0.0.1:${port}/`, files.cert);
    expect(reply).toEqual({ kind: "failed", cause: "tls-wrong-name", sent: false });
    expect(received).toBe(before);
  });

  it("that asks for a certificate is shown ours, and is trusted by the authority that we were given", async () => {
    const [cert, key] = [readFileSync(files.cert, "utf8"), readFileSync(files.key, "utf8")];
    const strict = createServer(
      { cert, key, ca: cert, requestCert: true },
      (_req, res) => void res.writeHead(204).end(),
    );
    await new Promise<void>((resolve) => strict.listen(0, "127.0.0.1", resolve));
    const url = `https://localhost:${(strict.address() as AddressInfo).port}/`;
    const ask = async (tls: object): Promise<unknown> => {
      const outbound = createOutbound({ allow: ["127.0.0.0/8", "::1/128"], clock: { now: () => new Date() }, tls });
      const reply = await outbound.request(url, { method: "GET", headers: {} });
      await outbound.close();
      return reply;
    };
    expect(await ask({ ca: cert, cert, key })).toMatchObject({ kind: "answer", status: 204 });
    expect(await ask({ ca: cert })).toMatchObject({ kind: "failed" });
    expect(await ask({ cert, key })).toMatchObject({ kind: "failed", cause: "tls-untrusted" });
    strict.closeAllConnections();
    await new Promise((resolve) => strict.close(resolve));
  });

  it("that nobody vouches for gets nothing", async () => {
    const before = received;
    const outbound = createOutbound({ allow: ["127.0.0.0/8", "::1/128"], clock: { now: () => new Date() } });
    const reply = await outbound.post(`https://localhost:${port}/`, { headers: {}, body: "{}" });
    expect(reply).toEqual({ kind: "failed", cause: "tls-untrusted", sent: false });
    expect(received).toBe(before);
    await outbound.close();
  });
});
