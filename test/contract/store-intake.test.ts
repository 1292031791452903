// Intake: stored before answered, one key one case, and no caller fails another.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommitUnknown, type Engine, NoRoom } from "../../adapters/postgres/engine.ts";
import { createIntake } from "../../adapters/postgres/intake.ts";
import { engines } from "../engines.ts";
import { aHome, aReference, aSubmission, aVault, type Home, opened, uuid } from "../builders/store.ts";
import { aContent } from "../builders/content.ts";

describe.each(engines())("intake on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  const count = async (table: string, where: string, value: unknown): Promise<number> => {
    const [row] = await home.sql<{ n: number }>(`SELECT count(*) AS n FROM waymark.${table} WHERE ${where}`, [value]);
    return row?.n ?? -1;
  };

  it("stores the submission, its case, its first event and its work, and opens them again", async () => {
    const one = aSubmission({
      requestId: "request-1",
      correlationId: "correlation-1",
      messageId: "message-1",
      callerReference: "their-1",
      content: aContent({ need: "debt-advice", participation: "mandatory" }),
    });
    expect(await home.store.intake.accept(one)).toEqual({
      outcome: "taken",
      taken: { referral: one.referralId, reference: one.reference, at: one.at },
    });
    expect(await home.store.ledger.open(one.referralId)).toEqual({
      id: one.referralId,
      caseId: one.caseId,
      reference: one.reference,
      version: 1,
      status: "received",
      sequence: 1,
      door: "gp",
      client: one.client,
      organisation: one.organisation,
      requestId: "request-1",
      correlationId: "correlation-1",
      messageId: "message-1",
      callerReference: "their-1",
      test: true,
      receivedAt: one.at,
      offers: [],
      siblings: [],
      overrides: [],
      marks: [],
      recalls: [],
      reports: [],
      story: [],
      sending: false,
      hold: undefined,
      content: one.content,
    });
    const [row] = await home.sql<{ sealed_body: Uint8Array; wrapped_key: Uint8Array; ring_key: string }>(
      `SELECT sealed_body, wrapped_key, ring_key FROM waymark.submission s JOIN waymark.case_file c ON c.id = s.case_id
       WHERE s.id = $1`,
      [one.id],
    );
    const vault = aVault();
    const key = vault.open(row?.wrapped_key ?? Buffer.alloc(0), row?.ring_key ?? "", one.caseId);
    const where = `submission.sealed_body:${one.id}`;
    expect(vault.unseal(key, where, row?.sealed_body ?? Buffer.alloc(0))).toEqual(one.body);
    expect(await count("work", "subject = $1", one.referralId)).toBe(1);
    expect(await count("event", "referral = $1", one.referralId)).toBe(1);
  });

  it("keeps each submission of a group apart from its neighbours, to the byte", async () => {
    const group = Array.from({ length: 12 }, (_, at) => aSubmission({ body: Buffer.alloc(at * 700, at) }));
    await Promise.all(group.map((one) => home.store.intake.accept(one)));
    for (const one of group) {
      const [row] = await home.sql<{ sealed_body: Uint8Array; wrapped_key: Uint8Array; ring_key: string }>(
        `SELECT sealed_body, wrapped_key, ring_key FROM waymark.submission s JOIN waymark.case_file c ON c.id = s.case_id
         WHERE s.id = $1`,
        [one.id],
      );
      const key = home.vault.open(row?.wrapped_key ?? Buffer.alloc(0), row?.ring_key ?? "", one.caseId);
      const where = `submission.sealed_body:${one.id}`;
      expect(home.vault.unseal(key, where, row?.sealed_body ?? Buffer.alloc(0))).toEqual(one.body);
    }
  });

  it("never tries to make smaller what is sealed", async () => {
    const columns = await home.sql<{ name: string }>(
      `SELECT attrelid::regclass || '.' || attname AS name FROM pg_attribute
       WHERE attstorage = 'x' AND attrelid = ANY ('{waymark.submission,waymark.referral,waymark.receipt}'::regclass[])
         AND attname = ANY ('{sealed_body,sealed_content,sealed_receipt,sealed_input}')`,
    );
    expect(columns).toEqual([]);
  });

  it("gives twenty callers with one key one case and one reference", async () => {
    const key = uuid();
    const organisation = `org-${uuid()}`;
    const all = await Promise.all(
      Array.from({ length: 20 }, () => home.store.intake.accept(aSubmission({ key, organisation }))),
    );
    const references = all.map((one) => ("taken" in one ? one.taken.reference : one.outcome));
    expect(new Set(references).size).toBe(1);
    expect(all.filter((one) => one.outcome === "taken")).toHaveLength(1);
    expect(all.filter((one) => one.outcome === "repeat" && one.sameBody)).toHaveLength(19);
    for (const table of ["submission", "case_file", "referral", "event"])
      expect(await count(table, "organisation = $1", organisation)).toBe(1);
  });

  it("meets the same keys in two processes at once, in any order, without deadlock", async () => {
    const failed: unknown[] = [];
    const watched: Engine = {
      ...home.engine,
      transaction: (...its) =>
        home.engine.transaction(...its).catch((error: unknown) => {
          failed.push(error);
          throw error;
        }),
    };
    const [one, other] = [1, 2].map(() => createIntake({ engine: watched, vault: home.vault }));
    const organisation = `org-${uuid()}`;
    for (let round = 1; round <= 5; round += 1) {
      const keys = Array.from({ length: 150 }, () => uuid());
      const take = (intake: typeof one, order: string[]) =>
        order.map((key) => intake?.accept(aSubmission({ key, organisation })));
      const answers = await Promise.all([...take(one, keys), ...take(other, keys.toReversed())]);
      expect(answers.filter((answer) => answer?.outcome === "taken")).toHaveLength(150);
      expect(await count("referral", "organisation = $1", organisation)).toBe(150 * round);
    }
    // A deadlock would have been mended by trying one by one: it must not come to that.
    expect(failed).toEqual([]);
    await Promise.all([one?.close(), other?.close()]);
  });

  it("knows the same key with another body, and the same key at another door or of another organisation", async () => {
    const first = aSubmission();
    await home.store.intake.accept(first);
    const { key } = first;
    const again = await home.store.intake.accept(aSubmission({ key, bodyDigest: "another body" }));
    expect(again).toMatchObject({ outcome: "repeat", sameBody: false, taken: { reference: first.reference } });
    expect(await home.store.intake.accept(aSubmission({ key, door: "council" }))).toMatchObject({ outcome: "taken" });
    expect(await home.store.intake.accept(aSubmission({ key, organisation: "other" }))).toMatchObject({
      outcome: "taken",
    });
  });

  it("lets a poisoned submission fail alone", async () => {
    const id = uuid();
    const group = [
      aSubmission(),
      aSubmission({ contentType: "text/\u0000" }),
      aSubmission({ id }),
      aSubmission({ id }),
      aSubmission(),
    ];
    const answers = await Promise.allSettled(group.map((one) => home.store.intake.accept(one)));
    expect(answers.map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]);
    for (const place of [0, 2, 4]) await opened(home, group[place]?.referralId ?? "");
    expect(await home.store.ledger.open(group[1]?.referralId ?? "")).toBeUndefined();
  });

  it("names a clash of references, stores nothing for it, and takes its neighbours", async () => {
    const reference = aReference();
    const first = aSubmission({ reference });
    await home.store.intake.accept(first);
    const clashing = aSubmission({ reference });
    const [one, other] = await Promise.all([
      home.store.intake.accept(clashing),
      home.store.intake.accept(aSubmission()),
    ]);
    expect([one.outcome, other.outcome]).toEqual(["clash", "taken"]);
    expect(await count("submission", "id = $1", clashing.id)).toBe(0);
  });

  it("says that it is busy when its line is full, and when there is no room on disk", async () => {
    const narrow = createIntake({ engine: home.engine, vault: home.vault, group: { line: 3 } });
    const answers = await Promise.all(Array.from({ length: 5 }, () => narrow.accept(aSubmission())));
    expect(answers.filter((one) => one.outcome === "busy")).toHaveLength(2);
    await narrow.close();
    const full = createIntake({
      engine: { ...home.engine, take: () => Promise.reject(new NoRoom("4 MB are left")) },
      vault: home.vault,
    });
    expect(await full.accept(aSubmission())).toMatchObject({ outcome: "busy" });
  });

  it("takes bodies that are together larger than one parameter should be", async () => {
    const body = Buffer.alloc(3_000_000, "a");
    const answers = await Promise.all([1, 2, 3].map(() => home.store.intake.accept(aSubmission({ body }))));
    expect(answers.map((one) => one.outcome)).toEqual(["taken", "taken", "taken"]);
  });

  describe("when the answer to a group is lost", () => {
    /** Loses the first answer; `happened` says whether the statement did. */
    const losing = (engine: Engine, happened: boolean): Engine => {
      let lost = false;
      return {
        ...engine,
        take: async (sql, values, name) => {
          if (lost) return engine.take(sql, values, name);
          lost = true;
          if (happened) await engine.take(sql, values, name);
          throw new CommitUnknown("the answer was lost");
        },
      };
    };

    it.each([true, false])("answers truly and stores once (it had happened: %s)", async (happened) => {
      const intake = createIntake({ engine: losing(home.engine, happened), vault: home.vault });
      const one = aSubmission();
      expect(await intake.accept(one)).toEqual({
        outcome: "taken",
        taken: { referral: one.referralId, reference: one.reference, at: one.at },
      });
      expect(await count("referral", "id = $1", one.referralId)).toBe(1);
      await intake.close();
    });
  });
});
