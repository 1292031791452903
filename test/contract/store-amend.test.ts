// What is told later: sealed and taken once, the content rewritten with it, and no decision written on consents that have changed.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SEALED } from "../../adapters/postgres/case-seal.ts";
import type { AmendmentBody, Change, Journey } from "../../src/ports/ledger.ts";
import { consentVersion } from "../../src/core/consent.ts";
import type { Content } from "../../schemas/referral.ts";
import { aContent, allConsents } from "../builders/content.ts";
import { aChange, aHome, nextEvent, offering, opened, taken, uuid, type Home } from "../builders/store.ts";
import { engines } from "../engines.ts";

describe.each(engines())("amendments on $name", (engine) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(engine)));
  afterAll(() => home.close());

  const body = (overrides: Partial<AmendmentBody> = {}): AmendmentBody => ({
    id: uuid(),
    client: randomUUID(),
    key: "a-key",
    bodyDigest: "a-digest",
    contentType: "application/json",
    body: Buffer.from('{"facts":{"employment":"in-work"}}'),
    ...overrides,
  });
  const amends = (journey: Journey, content: Content, amendment: AmendmentBody, more: Partial<Change> = {}): Change =>
    aChange(journey, {
      status: journey.status,
      events: [nextEvent(journey, { type: "amended", fields: ["facts.employment"], by: "referrer" })],
      content,
      amendment,
      ...more,
    });
  const version = (content: Content): string => home.vault.digest("consent", consentVersion(content.consents));
  const withdrawn = (content: Content): Content => ({
    ...content,
    consents: [...content.consents, { kind: "share", decision: "withdrawn", at: "2026-11-19T10:00:00Z" }],
  });

  it("rewrites the content, and keeps what came, sealed for its own row alone", async () => {
    const journey = await taken(home);
    const content = aContent({ facts: { employment: "in-work" } });
    const amendment = body();
    expect(await home.store.ledger.commit(amends(journey, content, amendment))).toBe("committed");
    const after = await opened(home, journey.id);
    expect(after.content).toEqual(JSON.parse(JSON.stringify(content)));
    expect(after.version).toBe(journey.version + 1);
    const [row] = await home.sql<{
      sealed_body: Uint8Array;
      wrapped_key: Uint8Array;
      ring_key: string;
      case_id: string;
    }>(
      `SELECT a.sealed_body, c.wrapped_key, c.ring_key, r.case_id FROM waymark.amendment a
       JOIN waymark.referral r ON r.id = a.referral JOIN waymark.case_file c ON c.id = r.case_id WHERE a.id = $1`,
      [amendment.id],
    );
    if (row === undefined) throw new Error("not kept");
    expect(Buffer.from(row.sealed_body).toString("latin1")).not.toContain("in-work");
    const key = home.vault.open(row.wrapped_key, row.ring_key, row.case_id);
    expect(home.vault.unseal(key, SEALED.amendment(amendment.id), row.sealed_body)).toEqual(
      Buffer.from(amendment.body),
    );
    expect(() => home.vault.unseal(key, SEALED.amendment(uuid()), row.sealed_body)).toThrow("does not open");
  });

  it("knows a key again, of its referral and of no other", async () => {
    const journey = await taken(home);
    const other = await taken(home);
    const amendment = body({ key: "once", bodyDigest: "of-this-body" });
    await home.store.ledger.commit(amends(journey, aContent(), amendment));
    expect(await home.store.ledger.amendment(journey.id, "once")).toEqual({
      id: amendment.id,
      bodyDigest: "of-this-body",
      at: home.clock.now(),
    });
    expect(await home.store.ledger.amendment(other.id, "once")).toBeUndefined();
    expect(await home.store.ledger.amendment(journey.id, "twice")).toBeUndefined();
  });

  it("never takes the same key twice, whoever asks at the same moment", async () => {
    const journey = await taken(home);
    const both = await Promise.all(
      [1, 2].map(() => home.store.ledger.commit(amends(journey, aContent(), body({ key: "same" })))),
    );
    expect(both.toSorted()).toEqual(["committed", "stale"]);
    expect(await home.sql("SELECT FROM waymark.amendment WHERE referral = $1", [journey.id])).toHaveLength(1);
  });

  it("moves the version of the consents with the consents, and with nothing else", async () => {
    const journey = await taken(home);
    const digest = async () =>
      (
        await home.sql<{ consent_digest: string }>("SELECT consent_digest FROM waymark.referral WHERE id = $1", [
          journey.id,
        ])
      )[0]?.consent_digest;
    const first = aContent();
    expect(await digest()).toBe(version(first));
    await home.store.ledger.commit(amends(journey, aContent({ facts: { employment: "in-work" } }), body()));
    expect(await digest()).toBe(version(first));
    const next = withdrawn(aContent());
    await home.store.ledger.commit(amends(await opened(home, journey.id), next, body({ key: "b" })));
    expect(await digest()).toBe(version(next));
    expect(version(next)).not.toBe(version(first));
  });

  it("writes no decision that was made on consents that have changed since", async () => {
    const journey = await taken(home);
    const read = version(journey.content as Content);
    const changed = withdrawn(aContent());
    await home.store.ledger.commit(amends(journey, changed, body()));
    // The version of the referral is read anew: what is old is only the consents on which it was decided.
    const now = await opened(home, journey.id);
    const decision = (consent: string) => offering(now, undefined, { consent });
    const decided = (change: Change) =>
      home.store.ledger.decide({ programmes: ["coaching"], services: ["coaching-upper-street"] }, () => change);
    expect(await decided(decision(read))).toBe("stale");
    expect(await home.store.ledger.commit(decision(read))).toBe("stale");
    expect((await opened(home, journey.id)).status).toBe("received");
    expect(await decided(decision(version(changed)))).toBe("committed");
  });

  it("compares nothing with a referral from before there was such a version", async () => {
    const journey = await taken(home);
    await home.sql("UPDATE waymark.referral SET consent_digest = NULL WHERE id = $1", [journey.id]);
    expect(await home.store.ledger.commit(aChange(journey, { consent: "any" }))).toBe("committed");
  });

  it("keeps nothing more of a person who was erased", async () => {
    const journey = await taken(home, { content: aContent({ consents: allConsents() }) });
    await home.store.ledger.forget(journey.caseId);
    const after = await opened(home, journey.id);
    expect(await home.store.ledger.commit(amends(after, aContent(), body()))).toBe("committed");
    expect(await home.sql("SELECT FROM waymark.amendment WHERE referral = $1", [journey.id])).toEqual([]);
    expect((await opened(home, journey.id)).content).toBeUndefined();
  });

  it("shows it to its own organisation alone", async () => {
    const journey = await taken(home);
    const amendment = body();
    await home.store.ledger.commit(amends(journey, aContent(), amendment));
    const seen = (organisation: string) =>
      home.engine.transaction(
        "reader",
        (query) => query("SELECT FROM waymark.amendment WHERE id = $1", [amendment.id]),
        {
          organisation,
        },
      );
    expect(await seen(journey.organisation)).toHaveLength(1);
    expect(await seen("E09000012")).toEqual([]);
  });
});
