// `waymark audit verify` over real tables: each mutation by somebody who owns the database is pinpointed, on both engines.
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAuditBook } from "../../adapters/postgres/audit-book.ts";
import { createKeepJournal } from "../../src/steps/keep-journal.ts";
import { createAuditCheckView } from "../../src/views/audit-check.ts";
import { engines } from "../engines.ts";
import { heldJournal, ourMark } from "../builders/journal.ts";
import { aHome, type Home } from "../builders/store.ts";

const ROWS = 12;

describe.each(engines())("the audit on $name", (on) => {
  let home: Home;
  const journal = heldJournal();
  beforeAll(async () => {
    home = await aHome(on);
    await home.store.journalBook.keep(true);
    for (let count = 0; count < ROWS / 2; count += 1) {
      await home.store.pauses.pause({ scope: "all", by: "Ada", reason: `trial ${count}` });
      await home.store.pauses.resume("all", "Ada");
    }
    const { journalBook: book, quarantine } = home.store;
    await createKeepJournal({ book, quarantine, journal, mark: ourMark })();
    await home.sql("CREATE TABLE waymark.audit_as_written AS SELECT * FROM waymark.audit");
  });
  afterAll(() => home.close());
  const mend = () =>
    home
      .sql("DELETE FROM waymark.audit")
      .then(() => home.sql("INSERT INTO waymark.audit SELECT * FROM waymark.audit_as_written"));
  beforeEach(mend);

  const verify = (beside: typeof journal | undefined = journal) =>
    createAuditCheckView({
      audit: createAuditBook(home),
      journal: beside,
      marks: { audit: (text) => home.vault.digest("audit", text), journal: ourMark },
    })();

  it("holds as it was written, and says how much the journal knows", async () => {
    expect(await verify()).toEqual({ holds: true, rows: ROWS, before: 0, journal: { lines: ROWS, faults: [] } });
  });

  const MUTATIONS: Record<string, string> = {
    actor: "UPDATE waymark.audit SET actor = 'Eve' WHERE number = $1",
    codes: `UPDATE waymark.audit SET codes = '{"reason": "none"}' WHERE number = $1`,
    time: "UPDATE waymark.audit SET at = at + interval '1 second' WHERE number = $1",
    gone: "DELETE FROM waymark.audit WHERE number = $1",
    moved: "UPDATE waymark.audit SET number = CASE number WHEN $1 THEN -1 ELSE number END",
    cut: "DELETE FROM waymark.audit WHERE number >= $1",
  };

  it("names the first row of each of many mutations", async () => {
    await fc.assert(
      fc
        .asyncProperty(
          fc.constantFrom(...Object.keys(MUTATIONS)),
          fc.integer({ min: 1, max: ROWS }),
          async (how, at) => {
            await home.sql(MUTATIONS[how] ?? "", [at]);
            const check = await verify();
            expect([check.holds, check.fault?.number]).toEqual([false, at]);
          },
        )
        .beforeEach(mend),
      { numRuns: 60 },
    );
  });

  it("finds a row that was put beside the chain, and cannot miss a cut end without the journal", async () => {
    await home.sql(
      "INSERT INTO waymark.audit (id, at, actor, verb, subjects, codes) VALUES (gen_random_uuid(), '2027-01-01', 'Eve', 'pause', '{}', '{}')",
    );
    expect(await verify()).toMatchObject({ holds: false, fault: { fault: "unmarked" } });
    await mend();
    await home.sql("DELETE FROM waymark.audit WHERE number > 9");
    expect(await verify()).toMatchObject({ holds: false, fault: { number: 10, fault: "missing" } });
    const alone = createAuditCheckView({
      audit: createAuditBook(home),
      marks: { audit: (text) => home.vault.digest("audit", text), journal: ourMark },
    });
    expect(await alone()).toEqual({ holds: true, rows: 9, before: 0 });
  });
});
