// waymark keys client and waymark token against a whole broker: from nothing to a token that opens a door.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTrialBroker, type TrialBroker } from "../fixtures/trial-broker.ts";

let broker: TrialBroker;
let client: string;

beforeAll(async () => {
  // What the broker calls itself differs from where it is dialled, as behind a proxy.
  broker = await openTrialBroker({ PUBLIC_URL: "https://referrals.example" });
  await broker.verb(["keys", "client", "--out", "surgery"]);
  client = await register("surgery.public.json");
});
afterAll(() => broker.close());

const register = async (keys: string): Promise<string> => {
  const who = ["--kind", "gp", "--organisation", "F83999", "--name", "Sample Surgery", "--test"];
  const added = await broker.verb(["clients", "add", ...who, "--jwks", keys, "--json"]);
  return (JSON.parse(added.out) as { clientId: string }).clientId;
};

const token = (...more: string[]) =>
  broker.verb(["token", "--client", client, "--key", "surgery.private.json", "--url", `${broker.origin}/`, ...more]);

const opens = async (bearer: string): Promise<number> => {
  const reply = await fetch(`${broker.origin}/referrals/WM-2222-2222`, {
    headers: { Authorization: `Bearer ${bearer}` },
  });
  return reply.status;
};

test("the private half is readable by its owner only, and the public half holds no secret", () => {
  expect(statSync(join(broker.folder, "surgery.private.json")).mode & 0o077).toBe(0);
  const shared = readFileSync(join(broker.folder, "surgery.public.json"), "utf8");
  expect(JSON.parse(shared)).toMatchObject({ keys: [{ kty: "EC", crv: "P-384", alg: "ES384", use: "sig" }] });
  expect(shared).not.toContain('"d"');
});

test("keys that are there are never written over", async () => {
  const before = readFileSync(join(broker.folder, "surgery.private.json"), "utf8");
  const again = await broker.verb(["keys", "client", "--out", "surgery"]);
  expect(again.status).toBe(1);
  expect(readFileSync(join(broker.folder, "surgery.private.json"), "utf8")).toBe(before);
});

test("prints the token alone, and it opens the door: 404 for a referral that is not ours, no longer 401", async () => {
  const { status, out } = await token();
  expect(status).toBe(0);
  expect(out).toMatch(/^\S+\n$/);
  expect(await opens(out.trim())).toBe(404);
  expect(await opens("no-token")).toBe(401);
});

test("with --json the whole answer, with fewer scopes where fewer are asked for", async () => {
  const { out } = await token("--scopes", "referral.read,system/ServiceRequest.r", "--json");
  expect(JSON.parse(out)).toMatchObject({
    token_type: "bearer",
    expires_in: 300,
    scope: "referral.read system/ServiceRequest.r",
  });
});

test("an RSA key signs too", async () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const named = { kid: "rsa-1", use: "sig", alg: "RS384" };
  const write = (name: string, value: object) => writeFileSync(join(broker.folder, name), JSON.stringify(value));
  write("rsa.private.json", { ...pair.privateKey.export({ format: "jwk" }), ...named });
  write("rsa.public.json", { keys: [{ ...pair.publicKey.export({ format: "jwk" }), ...named }] });
  const id = await register("rsa.public.json");
  const argv = ["token", "--client", id, "--key", "rsa.private.json", "--url", broker.origin];
  expect((await broker.verb(argv)).status).toBe(0);
});

test("another's key gets no token, and the broker's words say why", async () => {
  await broker.verb(["keys", "client", "--out", "stranger"]);
  const argv = ["token", "--client", client, "--key", "stranger.private.json", "--url", broker.origin];
  const { status, out } = await broker.verb(argv);
  expect(status).toBe(1);
  expect(out).toBe("No registered key has this kid and fits this alg.\n");
});

test("a public key, no key and no file are wrong use; nothing is sent", async () => {
  for (const file of ["surgery.public.json", "missing.json"]) {
    const argv = ["token", "--client", client, "--key", file, "--url", "http://127.0.0.1:1"];
    const { status, out } = await broker.verb(argv);
    expect(status).toBe(2);
    expect(out).toContain("is not a private key");
  }
});

test("an address where no broker answers is told in plain words", async () => {
  const argv = ["token", "--client", client, "--key", "surgery.private.json", "--url", "http://127.0.0.1:1"];
  const { status, out } = await broker.verb(argv);
  expect(status).toBe(1);
  expect(out).toBe("http://127.0.0.1:1 cannot be reached, or does not answer as a broker.\n");
});
