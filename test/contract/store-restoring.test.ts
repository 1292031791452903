// A restored store before and after `waymark reconcile`: what is doubted, what is kept of the lost, and what the end sets free.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "../engines.ts";
import { NOTHING } from "../builders/journal.ts";
import { aHome, type Home, offerFor, offering, taken, uuid } from "../builders/store.ts";

describe.each(engines())("a restored store on $name", (on) => {
  let home: Home;
  let [before, since]: string[] = [];
  let work: string;
  const offered = async (): Promise<string> => {
    const journey = await taken(home);
    const offer = { ...offerFor(journey), madeAt: home.clock.now() };
    const { id, referral } = offer;
    const deliver = {
      id: uuid(),
      kind: "deliver",
      subject: id,
      referral,
      destination: "provider:sample-coaching",
    } as const;
    const result = await home.store.ledger.commit(
      offering(journey, offer, { work: [{ ...deliver, due: home.clock.now() }] }),
    );
    expect(result).toBe("committed");
    work = deliver.id;
    return id;
  };
  const sent = async (id: string | undefined) => {
    const [row] = await home.sql<{ referral: string }>("SELECT referral FROM waymark.offer WHERE id = $1", [id]);
    return home.store.ledger.sent({ id: String(id), referral: String(row?.referral) });
  };
  const due = async () =>
    (
      await home.sql<{ due: Date; cause: string; intent_way: string | null }>(
        "SELECT due, cause, intent_way FROM waymark.work WHERE id = $1",
        [work],
      )
    )[0];

  beforeAll(async () => {
    home = await aHome(on);
    await home.store.journalBook.keep(true);
    before = await offered();
    home.clock.pass(60);
    await home.store.quarantine.begin("restored");
    home.clock.pass(60);
    const first = work;
    since = await offered();
    work = first;
  });
  afterAll(() => home.close());

  it("knows which offers its backup had not sent; those made since nobody sent", async () => {
    expect(await home.store.restoring.unsent()).toMatchObject([{ id: before, work, provider: "sample-coaching" }]);
    expect([await sent(before), await sent(since)]).toEqual(["never", "never"]);
  });

  it("doubts every open offer of the backup, and leaves an intent where a second copy would harm", async () => {
    const lost = uuid();
    await home.store.restoring.doubt([], [lost]);
    expect([await sent(before), await sent(since)]).toEqual(["maybe", "never"]);
    await home.store.restoring.doubt([{ work, way: "mesh" }], [lost]);
    await home.store.restoring.doubt([{ work, way: "email" }], [lost]);
    expect(await due()).toMatchObject({ intent_way: "mesh" });
    expect(await home.sql("SELECT offer FROM waymark.maybe_sent WHERE offer = $1", [lost])).toEqual([{ offer: lost }]);
    expect(await home.store.restoring.unsent()).toEqual([]);
  });

  it("gives a lost reference again to its own submission alone", async () => {
    const lost = {
      referral: uuid(),
      reference: "WM-LST2-3456",
      case: uuid(),
      organisation: "F83999",
      door: "gp",
    } as const;
    const { restoring } = home.store;
    await restoring.keepLost([{ ...lost, key: "digest" }]);
    home.clock.pass(11);
    expect(await restoring.referenceOf({ ...lost, key: "digest" })).toBe("WM-LST2-3456");
    for (const other of [{ key: "other" }, { door: "council" as const }, { organisation: "F83998" }])
      expect(await restoring.referenceOf({ ...lost, key: "digest", ...other })).toBeUndefined();
    expect(await restoring.wasLost("F83999", "WM-LST2-3456")).toBe(true);
    expect(await restoring.wasLost("F83998", "WM-LST2-3456")).toBe(false);
  });

  it("ends with what waited due now, on record in the audit and for the journal", async () => {
    await home.sql("UPDATE waymark.work SET cause = 'quarantine', due = due + interval '1 hour' WHERE id = $1", [work]);
    await home.store.restoring.end(
      { by: "Ada", accepted: false, differences: 0 },
      { ...NOTHING, number: 7, mark: "m" },
    );
    expect((await due())?.due).toEqual(home.clock.now());
    expect(await home.store.quarantine.read()).toBeUndefined();
    expect(await home.sql("SELECT actor, verb FROM waymark.audit")).toEqual([{ actor: "Ada", verb: "reconcile" }]);
    expect(await home.sql("SELECT body FROM waymark.journal_line WHERE kind = 'reconciled'")).toEqual([
      { body: { by: "Ada", accepted: false, differences: 0 } },
    ]);
    expect(await home.store.journalBook.begin()).toMatchObject({ head: { number: 7, mark: "m" } });
  });
});
