// What the journal must know is written with what it tells of, in order, by one process at a time, and nothing of it is missed.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKeepJournal } from "../../src/steps/keep-journal.ts";
import { entryOf } from "../../src/core/journal.ts";
import type { JournalLine } from "../../schemas/journal.ts";
import { engines } from "../engines.ts";
import { aContent } from "../builders/content.ts";
import { heldJournal, ourMark } from "../builders/journal.ts";
import {
  aChange,
  aHome,
  type Home,
  nextEvent,
  offerFor,
  offering,
  opened,
  START,
  taken,
  uuid,
} from "../builders/store.ts";

describe.each(engines())("the journal's book on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  beforeEach(async () => {
    await home.sql("DELETE FROM waymark.journal_line");
    await home.sql(
      "UPDATE waymark.identity SET journal = false, head_number = 0, head_mark = '', head_place = 0, writer = NULL, quarantined_since = NULL, quarantined_for = NULL",
    );
  });

  const keeping = (journal = heldJournal()) => ({
    journal,
    keep: createKeepJournal({
      book: home.store.journalBook,
      quarantine: home.store.quarantine,
      journal,
      mark: ourMark,
    }),
  });
  const linesIn = (texts: readonly string[]) => texts.map((text) => JSON.parse(text) as JournalLine);
  const told = (texts: readonly string[]) => linesIn(texts).map(({ kind, body }) => ({ kind, body }));
  const quarantine = async () =>
    (await home.sql<{ why: string | null }>("SELECT quarantined_for AS why FROM waymark.identity"))[0]?.why;

  it("says nothing where no journal is kept, however much happens", async () => {
    const journey = await taken(home);
    const offer = offerFor(journey);
    expect(await home.store.ledger.commit(offering(journey, offer))).toBe("committed");
    await home.store.journalBook.note({ kind: "started", body: {} });
    await home.store.ledger.forget(journey.caseId);
    expect(await home.store.journalBook.lag()).toEqual({ kept: false, waiting: 0 });
  });

  it("is no business of the doors and the pages, and is told all the same", async () => {
    await home.store.journalBook.keep(true);
    for (const role of ["intake", "reader"] as const)
      for (const table of ["identity", "journal_line"])
        await expect(home.engine.transaction(role, (query) => query(`SELECT FROM waymark.${table}`))).rejects.toThrow(
          /permission denied/,
        );
    await taken(home);
    expect((await home.store.journalBook.lag()).waiting).toBeGreaterThan(0);
  });

  it("is told of references, offers and their steps, withdrawals, consents, recalls, erasures and the audit, and of nobody", async () => {
    await home.store.journalBook.keep(true);
    const journey = await taken(home, { key: "key-digest" });
    const offer = offerFor(journey);
    await home.store.ledger.commit(offering(journey, offer));
    const told1 = await opened(home, journey.id);
    const content = {
      ...aContent(),
      consents: [{ kind: "share" as const, decision: "withdrawn" as const, takenBy: "Dr Quill" }],
    };
    await home.store.ledger.commit({
      ...aChange(told1, { status: "withdrawn", content }),
      events: [nextEvent(told1, { type: "withdrawn", reasons: [{ code: "person-declined" } as never], by: "person" })],
      offers: [{ ...offer, status: "recalled" }],
      recalls: [
        {
          offer: offer.id,
          referral: journey.id,
          provider: offer.provider,
          service: offer.service,
          test: true,
          askedAt: START,
          answerBy: "2026-12-01",
          told: 0,
        },
      ],
    });
    await home.store.ledger.forget(journey.caseId);
    await home.store.ledger.forget(journey.caseId);
    await home.store.pauses.pause({ scope: "all", by: "Ada", reason: "a trial" });
    await home.store.pauses.resume("all", "Ada");

    const { journal, keep } = keeping();
    expect(await keep()).toEqual({ outcome: "kept", more: true });
    const { reference } = journey;
    const by = { referral: journey.id };
    const kinds = told(journal.texts);
    expect(kinds.filter(({ kind }) => kind !== "audit-head")).toEqual(
      [
        {
          kind: "accepted",
          body: { ...by, reference, case: journey.caseId, organisation: "F83999", door: "gp", key: "key-digest" },
        },
        {
          kind: "offer",
          body: {
            ...by,
            reference,
            offer: offer.id,
            programme: offer.programme,
            contract: null,
            service: offer.service,
            places: offer.places,
            provider: offer.provider,
            status: "sent",
            test: true,
          },
        },
        { kind: "consent-no", body: { ...by, no: [{ kind: "share", decision: "withdrawn" }] } },
        { kind: "withdrawn", body: { ...by, event: expect.any(String), by: "person", reasons: ["person-declined"] } },
        { kind: "offer-step", body: { offer: offer.id, status: "recalled" } },
        { kind: "recall-wanted", body: { ...by, offer: offer.id, provider: offer.provider } },
        { kind: "erased", body: { case: journey.caseId } },
      ].toSorted((one, other) => place(kinds, one.kind) - place(kinds, other.kind)),
    );
    expect(kinds.filter(({ kind }) => kind === "audit-head").map(({ body }) => body["number"])).toEqual([1, 2]);
    // This program understands each of its own lines.
    expect(linesIn(journal.texts).map(entryOf)).not.toContain(undefined);
    expect(journal.texts.join()).not.toMatch(/Quill|takenBy/);
    expect(await home.store.journalBook.lag()).toEqual({ kept: true, waiting: 0 });
    expect(await keep()).toEqual({ outcome: "kept", more: false });
  });
  const place = (kinds: readonly { kind: string }[], kind: string) => kinds.findIndex((one) => one.kind === kind);

  it("leaves nothing of a commit that was rolled back, and nothing of the canary", async () => {
    await home.store.journalBook.keep(true);
    const journey = await taken(home, { referralId: `ffffffff${uuid().slice(8)}` });
    const offer = offerFor(journey);
    await home.store.ledger.commit(offering(journey, offer));
    const stale = await taken(home);
    await home.store.ledger.commit(offering({ ...stale, version: 9 }, offerFor(stale)));
    await home.sql("DELETE FROM waymark.journal_line WHERE kind = 'accepted'");
    expect((await home.store.journalBook.lag()).waiting).toBe(0);
  });

  it("waits while the journal is away, and is told all of it in order once it is back", async () => {
    await home.store.journalBook.keep(true);
    const { journal, keep } = keeping();
    journal.away = true;
    const references = [];
    for (let count = 0; count < 3; count += 1) references.push((await taken(home)).reference);
    await expect(keep()).rejects.toThrow("away");
    expect(await home.store.journalBook.lag()).toMatchObject({ waiting: 3, oldest: START });
    journal.away = false;
    await keep();
    expect(told(journal.texts).map(({ body }) => body["reference"])).toEqual(references);
  });

  it("writes nothing twice where the note of it was lost, by a death or by another that took over", async () => {
    await home.store.journalBook.keep(true);
    const { journal } = keeping();
    await taken(home);
    const forgetful = createKeepJournal({
      book: { ...home.store.journalBook, wrote: () => Promise.reject(new Error("died")) },
      quarantine: home.store.quarantine,
      journal,
      mark: ourMark,
    });
    await expect(forgetful()).rejects.toThrow("died");
    await taken(home);
    expect(await keeping(journal).keep()).toMatchObject({ outcome: "kept" });
    expect(linesIn(journal.texts).map(({ number }) => number)).toEqual([1, 2]);
    expect(await quarantine()).toBeNull();
  });

  it("is written by one process at a time, until that one is dead", async () => {
    await home.store.journalBook.keep(true);
    const one = await home.store.journalBook.begin();
    expect(await keeping().keep()).toEqual({ outcome: "busy" });
    home.clock.pass(21);
    expect(await keeping().keep()).toMatchObject({ outcome: "kept" });
    expect(await home.store.journalBook.wrote(one?.token ?? "", [], { number: 9, mark: "x", place: 0 })).toBe(false);
  });

  it("begins a quarantine where the journal knows more, and writes nothing while it lasts", async () => {
    await home.store.journalBook.keep(true);
    const { journal, keep } = keeping();
    await taken(home);
    await keep();
    // As an older copy would have it.
    await home.sql("UPDATE waymark.identity SET head_number = 0, head_mark = ''");
    await taken(home);
    expect(await keep()).toEqual({ outcome: "quarantined" });
    expect(await quarantine()).toBe("journal-ahead");
    expect(journal.texts.length).toBe(1);
    expect(await home.store.quarantine.inForce()).toMatchObject({ why: "journal-ahead" });
  });

  it("finds its line where the place that it knows is wrong", async () => {
    await home.store.journalBook.keep(true);
    const { journal, keep } = keeping();
    await taken(home);
    await keep();
    await home.sql("UPDATE waymark.identity SET head_place = 7");
    await taken(home);
    expect(await keep()).toMatchObject({ outcome: "kept" });
    expect(linesIn(journal.texts).map(({ number }) => number)).toEqual([1, 2]);
  });

  describe("that is given up", () => {
    const deed = { by: "Ada", reason: "the trial is over" };
    const giveUp = () => home.store.journalBook.giveUp(deed);
    const audited = async () =>
      (await home.sql<{ actor: string; verb: string }>("SELECT actor, verb FROM waymark.audit ORDER BY number")).filter(
        ({ verb }) => verb === "journal.give-up",
      );

    it("is waited for by nothing any more, and who gave it up stands in the audit", async () => {
      const before = (await audited()).length;
      expect(await giveUp()).toBe("none");
      await home.store.journalBook.keep(true);
      await taken(home);
      expect(await home.store.journalBook.lag()).toMatchObject({ kept: true, waiting: 1 });
      expect(await giveUp()).toBe("given-up");
      await taken(home);
      expect(await home.store.journalBook.lag()).toEqual({ kept: false, waiting: 0 });
      expect((await audited()).slice(before)).toEqual([{ actor: "Ada", verb: "journal.give-up" }]);
    });

    it("begins anew where another is kept later; the old one tells of more than is known", async () => {
      await home.store.journalBook.keep(true);
      const { journal: old, keep } = keeping();
      await taken(home);
      await keep();
      expect(await giveUp()).toBe("given-up");
      await home.store.journalBook.keep(true);
      await taken(home);
      const fresh = keeping();
      expect(await fresh.keep()).toMatchObject({ outcome: "kept" });
      expect(linesIn(fresh.journal.texts).map(({ number }) => number)).toEqual([1]);
      expect(await keeping(old).keep()).toEqual({ outcome: "quarantined" });
    });

    it("is kept where a quarantine stands: what it holds is still needed", async () => {
      await home.store.journalBook.keep(true);
      await taken(home);
      await home.store.quarantine.begin("journal-ahead");
      expect(await giveUp()).toBe("quarantined");
      expect(await home.store.journalBook.lag()).toMatchObject({ kept: true, waiting: 1 });
    });
  });
});
