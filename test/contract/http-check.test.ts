import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { loadRulebook } from "../../adapters/directory/packs.ts";
import { issueToken } from "../../adapters/http/token.ts";
import type { Rulebook } from "../../src/ports/rulebook.ts";
import type { CheckView } from "../../src/ports/views.ts";
import { createCheckView } from "../../src/views/check.ts";
import { makeClient, startHarness, type Harness } from "./http-harness.ts";

const rules = (): Rulebook => {
  const loaded = loadRulebook(join(import.meta.dirname, "../../packs/london"));
  if (!loaded.ok) throw new Error("the sample packs do not hold");
  return loaded.rulebook;
};

let harness: Harness;
const now = new Date("2026-03-02T09:00:00Z");

beforeAll(async () => {
  const rulebook = rules();
  const everyone = rulebook.directory().organisations.map((one) => one.id);
  const check = createCheckView({
    rulebook,
    clients: { organisations: async () => everyone } as never,
    clock: { now: () => now },
    ids: { uuid: () => "019a0000-0000-7000-8000-000000000001", bytes: () => Buffer.alloc(16), chance: () => 0 },
  });
  harness = await startHarness({ views: { check } });
});
afterAll(() => harness.close());

const ask = async (kind: "gp" | "jobcentre" | "council" | "provider", body: unknown, path = "/referrals/$check") => {
  const client = makeClient(kind);
  harness.add(client);
  const token = issueToken(harness.tokenKey, client.id, [...client.scopes], harness.clock.now());
  const reply = await fetch(`${harness.origin}${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return {
    status: reply.status,
    body: (await reply.json()) as CheckView & { errors: { code: string; path?: string }[] },
  };
};

const COACHING = {
  need: "employment",
  age: 42,
  authority: "E09000019",
  site: "F83999",
  facts: { employment: "out-of-work", longTermCondition: true },
  sharesWith: ["charity", "council"],
  takesPart: true,
};

describe("asking before sending", () => {
  it("says that it fits, and where, without anyone's name", async () => {
    const { status, body } = await ask("gp", COACHING);
    expect(status).toBe(200);
    expect(body.outcome).toBe("fits");
    expect(body.candidates.find((one) => one.kept)).toMatchObject({ programme: "islington-gp-coaching" });
    expect(body.rules.length).toBeGreaterThan(3);
  });

  it("names the fact that is missing", async () => {
    const { body } = await ask("gp", { ...COACHING, facts: { employment: "out-of-work" } });
    expect(body.outcome).toBe("may-fit");
    expect(body.asks).toContainEqual(
      expect.objectContaining({ code: "fact-unknown", path: "facts.longTermCondition" }),
    );
  });

  it("names the consent that is missing", async () => {
    const { body } = await ask("gp", { ...COACHING, sharesWith: ["nhs"] });
    expect(body.outcome).toBe("may-fit");
    expect(body.asks.map((one) => one.code)).toContain("consent-missing");
  });

  it("says that it does not fit, and why", async () => {
    const { body } = await ask("council", {
      need: "debt-advice",
      age: 30,
      authority: "E09000008",
      sharesWith: ["charity"],
    });
    expect(body.outcome).toBe("does-not-fit");
    expect(body.asks.length).toBeGreaterThan(0);
  });

  it("answers each kind of referrer by its own door's rules, and a Jobcentre without a word of health or consent", async () => {
    const { body } = await ask("jobcentre", { ...COACHING, facts: { ...COACHING.facts, rightToWork: true } });
    expect(body.candidates.some((one) => one.programme === "islington-gp-coaching" && one.kept)).toBe(false);
    expect(JSON.stringify(body)).not.toMatch(/consent|health|condition|disab/i);
  });

  it("names every fault with its path, and what it does not know", async () => {
    const { status, body } = await ask("gp", { need: "gold", age: -1, authority: "Islington", name: "Sam" });
    expect(status).toBe(400);
    expect(body.errors.map((one) => [one.code, one.path]).toSorted()).toEqual([
      ["invalid", "authority"],
      ["not-one-of", "need"],
      ["required", "age"],
      ["unknown", "name"],
    ]);
    expect((await ask("gp", "{")).body.errors).toMatchObject([{ code: "not-json" }]);
    expect((await ask("gp", "[".repeat(1000))).body.errors).toMatchObject([{ code: "too-deep" }]);
    expect((await ask("gp", "x".repeat(2_097_152))).status).toBe(413);
  });

  it("is not for providers, and takes the dollar sign either way", async () => {
    expect((await ask("provider", COACHING)).status).toBe(403);
    expect((await ask("gp", COACHING, "/referrals/%24check")).status).toBe(200);
  });
});
