// Reading and roles: row security shows each organisation its own, and each role no more than its work needs.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../adapters/postgres/engine.ts";
import { engines } from "../engines.ts";
import {
  aChange,
  aHome,
  aSubmission,
  type Home,
  offerFor,
  offering,
  opened,
  START,
  taken,
  uuid,
} from "../builders/store.ts";
import { aContent } from "../builders/content.ts";

describe.each(engines())("reading on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());

  const as = <Row extends object>(role: Role, sql: string, organisation?: string): Promise<Row[]> =>
    home.engine.transaction(role, (query) => query<Row>(sql), organisation === undefined ? {} : { organisation });

  /** A referral that one provider declined and the next was offered, each by a receipt of its own. */
  const scene = async () => {
    const [referrer, first, second] = [`ref-${uuid()}`, `one-${uuid()}`, `two-${uuid()}`];
    const submission = aSubmission({
      organisation: referrer,
      callerReference: "theirs",
      correlationId: "c-1",
      content: aContent({ participation: "mandatory" }),
    });
    await home.store.intake.accept(submission);
    const start = await opened(home, submission.referralId);
    const declined = offerFor(start, { provider: first });
    const change = offering(start, declined);
    await home.store.ledger.commit(change);
    const next = await opened(home, start.id);
    const sent = offerFor(next, { provider: second });
    const again = offering(next, sent, { offers: [{ ...declined, status: "declined" }, sent] });
    await home.store.ledger.commit(again);
    return { submission, referrer, first, second, declined, sent, receipts: [change.receipt, again.receipt] };
  };

  it("shows a referrer its referral by id and by reference, with its timeline and every receipt", async () => {
    const { submission, referrer, receipts } = await scene();
    const row = await home.store.reader.referral(referrer, submission.referralId);
    expect(row).toMatchObject({
      id: submission.referralId,
      reference: submission.reference,
      callerReference: "theirs",
      correlationId: "c-1",
      door: "gp",
      status: "offered",
      version: 3,
      organisation: referrer,
      test: true,
      receivedAt: START,
      participation: "mandatory",
    });
    expect(row?.timeline.map((entry) => [entry.sequence, entry.body.type, entry.at])).toEqual([
      [1, "received", START],
      [2, "offered", START],
      [3, "offered", START],
    ]);
    expect(await home.store.reader.referral(referrer, submission.reference)).toEqual(row);
    expect(await home.store.reader.receipts(referrer, submission.referralId)).toEqual(receipts);
  });

  it("shows another organisation nothing, even when it asks by id", async () => {
    const { submission, sent } = await scene();
    const other = `other-${uuid()}`;
    await taken(home, { organisation: other });
    const { reader } = home.store;
    expect(await reader.referral(other, submission.referralId)).toBeUndefined();
    expect(await reader.referral(other, submission.reference)).toBeUndefined();
    expect(await reader.receipts(other, submission.referralId)).toEqual([]);
    expect(await reader.offer(other, sent.id)).toBeUndefined();
    expect(await reader.offers(other, { limit: 10, test: true })).toEqual([]);
    const seen = await as<{ organisation: string }>("reader", "SELECT organisation FROM waymark.referral", other);
    expect(seen).toEqual([{ organisation: other }]);
    for (const table of ["event", "offer", "receipt", "case_file"]) {
      const rows = await as<{ organisation: string }>("reader", `SELECT organisation FROM waymark.${table}`, other);
      expect(rows.every((row) => row.organisation === other)).toBe(true);
    }
  });

  it("finds a referrer's own referrals by each thing that it may name, a page at a time", async () => {
    const { submission, referrer, sent } = await scene();
    const second = await taken(home, { organisation: referrer });
    await taken(home, { organisation: referrer, test: false });
    const find = async (filter: object) =>
      (await home.store.reader.find(referrer, "gp", true, { limit: 10, ...filter })).map((row) => row.id);
    const first = submission.referralId;
    expect(await find({})).toEqual([first, second.id]);
    expect(await find({ id: second.id })).toEqual([second.id]);
    expect(await find({ offer: sent.id })).toEqual([first]);
    expect(await find({ reference: second.reference })).toEqual([second.id]);
    expect(await find({ named: submission.reference })).toEqual([first]);
    expect(await find({ named: "theirs" })).toEqual([first]);
    expect(await find({ reference: "theirs" })).toEqual([]);
    expect(await find({ statuses: ["received", "held"] })).toEqual([second.id]);
    expect(await find({ statuses: [] })).toEqual([]);
    expect(await find({ limit: 1 })).toEqual([first]);
    expect(await find({ limit: 1, after: first })).toEqual([second.id]);
    expect(await find({ from: new Date(START.getTime() + 1) })).toEqual([]);
    expect(await find({ to: new Date(START.getTime() - 1) })).toEqual([]);
    expect(await find({ from: START, to: START })).toEqual([first, second.id]);
    expect(await find({ id: "9990000018" })).toEqual([]);
    expect(await home.store.reader.find(referrer, "council", true, { limit: 10 })).toEqual([]);
    const other = `other-${uuid()}`;
    for (const filter of [{ id: first }, { offer: sent.id }, { named: submission.reference }])
      expect(await home.store.reader.find(other, "gp", true, { limit: 10, ...filter })).toEqual([]);
  });

  it("shows the consents on record to who sent the referral, and to nobody else, until the person is erased", async () => {
    const { submission, referrer, second } = await scene();
    const { reader, ledger } = home.store;
    expect(await reader.consents(referrer, submission.referralId)).toEqual(submission.content.consents);
    for (const other of [second, `other-${uuid()}`])
      expect(await reader.consents(other, submission.referralId)).toEqual([]);
    expect(await reader.consents(referrer, "9990000018")).toEqual([]);
    await ledger.forget(submission.caseId);
    expect(await reader.consents(referrer, submission.referralId)).toEqual([]);
  });

  it("shows nothing at all when no organisation is set", async () => {
    await scene();
    for (const table of ["referral", "event", "offer", "receipt", "case_file"]) {
      expect(await as("reader", `SELECT FROM waymark.${table}`)).toEqual([]);
      expect(await as("reader", `SELECT FROM waymark.${table}`, "")).toEqual([]);
    }
  });

  it("shows a provider only what it was offered, and only the receipt that chose it", async () => {
    const { submission, first, second, declined, sent, receipts } = await scene();
    const { reader } = home.store;
    expect(await reader.receipts(first, submission.referralId)).toEqual([receipts[0]]);
    expect(await reader.receipts(second, submission.referralId)).toEqual([receipts[1]]);
    expect(await reader.offer(second, sent.id)).toEqual({
      ...sent,
      reference: submission.reference,
      version: 3,
      content: submission.content,
      reports: [],
    });
    expect(await reader.offer(second, declined.id)).toBeUndefined();
    expect(await reader.offer(first, sent.id)).toBeUndefined();
    // What became of the referral elsewhere is not a provider's to read.
    expect(await reader.referral(second, submission.referralId)).toMatchObject({ timeline: [] });
    const events = await as("reader", "SELECT FROM waymark.event", second);
    expect(events).toEqual([]);
  });

  it("shows a commissioner the receipts of its own programmes, and no row of anything else", async () => {
    const commissioner = `com-${uuid()}`;
    const journey = await taken(home);
    const change = offering(journey, offerFor(journey), { commissioners: { [commissioner]: ["coaching"] } });
    await home.store.ledger.commit(change);
    const { reader } = home.store;
    const own = [{ receipt: change.receipt, programmes: ["coaching"] }];
    expect(await reader.commissioned(commissioner, true, { limit: 10 })).toEqual(own);
    expect(await reader.commissioned(commissioner, true, { limit: 10, referral: journey.id })).toEqual(own);
    expect(await reader.commissioned(commissioner, true, { limit: 10, referral: journey.reference })).toEqual(own);
    expect(await reader.commissioned(commissioner, true, { limit: 10, programme: "coaching" })).toEqual(own);
    for (const filter of [
      { programme: "other" },
      { after: change.receipt?.id ?? "" },
      { to: START },
      { referral: uuid() },
    ])
      expect(await reader.commissioned(commissioner, true, { limit: 10, ...filter })).toEqual([]);
    expect(await reader.commissioned(commissioner, false, { limit: 10 })).toEqual([]);
    expect(await reader.commissioned("another", true, { limit: 10 })).toEqual([]);
    // An organisation that only sends or is offered reads nothing by this way, and a commissioner nothing by theirs.
    expect(await reader.receipts(commissioner, journey.id)).toEqual([]);
    for (const table of ["event", "offer", "amendment"]) {
      const rows = await home.engine.transaction("reader", (query) => query(`SELECT FROM waymark.${table}`), {
        commissioner,
      });
      expect(rows).toEqual([]);
    }
  });

  it("closes a provider's view of the person with the commit that closes its offer", async () => {
    const { submission, first, declined } = await scene();
    const { reader } = home.store;
    const row = await reader.offer(first, declined.id);
    expect(row).toMatchObject({ status: "declined", reference: submission.reference });
    expect(row?.content).toBeUndefined();
  });

  it("shows a delivery partner what was given to it, and nothing else of its prime", async () => {
    const [prime, partner, other] = [`prime-${uuid()}`, `partner-${uuid()}`, `other-${uuid()}`];
    const offers = [];
    for (const assignedTo of [partner, other, undefined]) {
      const journey = await taken(home);
      const offer = offerFor(journey, { provider: prime, assignedTo });
      await home.store.ledger.commit(offering(journey, offer));
      offers.push(offer.id);
    }
    const seen = async (by: string) =>
      (await home.store.reader.offers(by, { limit: 10, test: true })).map(({ id }) => id);
    expect(await seen(partner)).toEqual([offers[0]]);
    expect(await seen(other)).toEqual([offers[1]]);
    expect(await seen(prime)).toEqual(offers);
    const counted = async (table: string) => (await as("reader", `SELECT FROM waymark.${table}`, partner)).length;
    for (const table of ["offer", "referral", "case_file"]) expect([table, await counted(table)]).toEqual([table, 1]);
    expect((await home.store.reader.offer(partner, offers[0] ?? ""))?.content).toBeDefined();
    expect(await home.store.reader.offer(partner, offers[2] ?? "")).toBeUndefined();
  });

  it("pages a provider's queue by status, in the order of offers", async () => {
    const provider = `queue-${uuid()}`;
    const all = [];
    for (let at = 0; at < 5; at += 1) {
      const journey = await taken(home);
      const offer = offerFor(journey, { provider });
      await home.store.ledger.commit(offering(journey, offer));
      all.push(offer.id);
    }
    const { offers } = home.store.reader;
    const first = await offers(provider, { status: "sent", limit: 2, test: true });
    expect(first.map((offer) => offer.id)).toEqual(all.slice(0, 2));
    const rest = await offers(provider, { after: all[1] ?? "", limit: 10, test: true });
    expect(rest.map((offer) => offer.id)).toEqual(all.slice(2));
    expect(await offers(provider, { status: "accepted", limit: 10, test: true })).toEqual([]);
    expect(await offers(provider, { limit: 10, test: false })).toEqual([]);
    expect(await offers(provider, { after: "not an id", limit: 10, test: true })).toEqual([]);
  });

  it("finds what changed at one door in a window, oldest change first", async () => {
    const organisation = `council-${uuid()}`;
    const early = await taken(home, { organisation, door: "council" });
    const late = await taken(home, { organisation, door: "council" });
    await taken(home, { organisation, door: "gp" });
    home.clock.pass(120);
    const moved = home.clock.now();
    await home.store.ledger.commit(aChange(early));
    const changed = async (from: Date, to: Date, limit = 10) =>
      (await home.store.reader.changed(organisation, "council", from, to, limit)).map((row) => row.id);
    expect(await changed(START, moved)).toEqual([late.id, early.id]);
    expect(await changed(START, moved, 1)).toEqual([late.id]);
    expect(await changed(new Date(START.getTime() + 1), moved)).toEqual([early.id]);
    expect(await changed(new Date(moved.getTime() + 1), new Date(moved.getTime() + 2))).toEqual([]);
  });

  it.each<[Role, string]>([
    ["intake", "SELECT sealed_body FROM waymark.submission"],
    ["intake", "SELECT * FROM waymark.referral"],
    ["intake", "SELECT FROM waymark.case_file"],
    ["intake", "SELECT wrapped_key FROM waymark.case_file"],
    ["intake", "SELECT * FROM waymark.work"],
    ["intake", "UPDATE waymark.submission SET key = key"],
    ["intake", "DELETE FROM waymark.submission"],
    ["intake", "SELECT * FROM waymark.client"],
    ["reader", "SELECT * FROM waymark.submission"],
    ["reader", "SELECT * FROM waymark.person_key"],
    ["reader", "SELECT * FROM waymark.client"],
    ["reader", "SELECT * FROM waymark.work"],
    ["reader", "UPDATE waymark.referral SET status = 'ended'"],
    ["worker", "UPDATE waymark.event SET actor = 'x'"],
    ["worker", "DELETE FROM waymark.event"],
    ["worker", "UPDATE waymark.receipt SET input_hash = 'x'"],
    ["worker", "DELETE FROM waymark.referral"],
    ["worker", "UPDATE waymark.migration SET name = 'x'"],
    ["worker", "CREATE TABLE waymark.mine (id integer)"],
  ])("keeps the role %s from: %s", async (role, sql) => {
    await expect(as(role, sql)).rejects.toThrow(/permission denied|read-only/);
  });
});
