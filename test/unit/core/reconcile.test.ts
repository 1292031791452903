// What a restored store has lost, as its journal tells: what is done again, and what only a person can decide.
import { describe, expect, it } from "vitest";
import { namedIn, planOf } from "../../../src/core/reconcile.ts";
import type { JournalEntry } from "../../../schemas/journal.ts";
import type { OfferStatus } from "../../../schemas/offer.ts";
import type { StoreFacts } from "../../../schemas/reconcile.ts";
import { START, uuid } from "../../builders/store.ts";

type Kind = JournalEntry["kind"];
type Body<K extends Kind> = Extract<JournalEntry, { kind: K }>["body"];
const entry = <K extends Kind>(kind: K, body: Body<K>) =>
  ({ kind, id: uuid(), at: START.toISOString(), body }) as unknown as JournalEntry;

const [known, gone, offer, open] = [uuid(), uuid(), uuid(), uuid()];
const REFERENCE = "WM-KNWN-2345";
const facts = (over: Partial<StoreFacts> = {}): StoreFacts => ({
  referrals: new Map([[known, { reference: REFERENCE, organisation: "F83999", status: "offered", erased: false }]]),
  offers: new Map(),
  cases: new Set([open]),
  ...over,
});
const made = (referral: string, status: OfferStatus = "sent") =>
  entry("offer", {
    offer,
    referral,
    reference: REFERENCE,
    programme: "p",
    contract: null,
    service: "s",
    places: ["s"],
    provider: "helper",
    status,
    test: true,
  });
const step = (status: OfferStatus) => entry("offer-step", { offer, status });
const withdrawn = entry("withdrawn", { referral: known, event: uuid(), by: "person", reasons: ["person-declined"] });
const refused = entry("consent-no", { referral: known, no: [{ kind: "share", decision: "withdrawn" }] });
const wanted = entry("recall-wanted", { offer, referral: known, provider: "helper" });
const offers = (status: OfferStatus, recalled = false): StoreFacts["offers"] =>
  new Map([[offer, { status, reference: REFERENCE, provider: "helper", recalled }]]);
const plan = (entries: JournalEntry[], over: Partial<StoreFacts> = {}, applied = false) =>
  planOf(entries, facts(over), "journal-ahead", applied);

it("of nothing is nothing", () => {
  expect(plan([])).toEqual({ withdraw: [], refuse: [], erase: [], lost: [], recall: [], gone: [], differences: [] });
});

it("looks up all that is named, once", () => {
  const named = namedIn([withdrawn, refused, made(gone), step("accepted"), entry("erased", { case: open })]);
  expect(named).toEqual({ referrals: [known, gone], offers: [offer], cases: [open] });
});

describe("done again", () => {
  it("are withdrawals and refusals of what is here, and of nothing that is gone", () => {
    expect(plan([withdrawn, refused])).toMatchObject({
      withdraw: [{ referral: known }],
      refuse: [{ referral: known }],
    });
    expect(plan([withdrawn, refused], { referrals: new Map() })).toMatchObject({ withdraw: [], refuse: [] });
  });

  it("is no refusal of somebody who is erased", () => {
    const erased = new Map([
      [known, { reference: REFERENCE, organisation: "F", status: "offered" as const, erased: true }],
    ]);
    expect(plan([refused], { referrals: erased }).refuse).toEqual([]);
  });

  it("are erasures, once each, where there still is somebody", () => {
    const again = entry("erased", { case: open });
    expect(plan([again, again, entry("erased", { case: uuid() })]).erase).toEqual([open]);
  });

  it("are recalls of offers that were made since, where nobody helps yet", () => {
    expect(plan([made(known)])).toMatchObject({ recall: [{ offer, status: "sent" }], differences: [] });
    expect(plan([made(known), step("acknowledged")])).toMatchObject({ recall: [{ status: "acknowledged" }] });
    expect(plan([made(known), step("declined")])).toMatchObject({ recall: [], differences: [] });
  });
});

describe("for a person", () => {
  it.each<OfferStatus>(["accepted", "started", "ended"])(
    "is a lost offer that was %s: somebody helps, or has",
    (status) => {
      expect(plan([made(known), step(status)])).toMatchObject({
        recall: [],
        differences: [{ what: "offer-lost", provider: "helper", status }],
      });
    },
  );

  it("is an offer of a referral that is gone", () => {
    expect(plan([made(gone)]).differences).toMatchObject([{ what: "offer-lost", offer }]);
  });

  it("is an offer that got further than the backup knows, unless it is taken back again anyhow", () => {
    const known2 = { offers: offers("sent") };
    expect(plan([step("accepted")], known2).differences).toMatchObject([{ what: "offer-behind", status: "accepted" }]);
    expect(plan([step("sent")], known2).differences).toEqual([]);
    expect(plan([step("recalled"), withdrawn], known2).differences).toEqual([]);
    expect(plan([step("recalled"), refused], known2).differences).toEqual([]);
    // It did not come about after all.
    expect(plan([step("recalled"), withdrawn], known2, true).differences).toMatchObject([{ what: "offer-behind" }]);
    expect(plan([step("accepted"), withdrawn], { offers: offers("recalled", true) }, true).differences).toEqual([]);
  });

  it("is a recall that nothing brings about again", () => {
    expect(plan([wanted], { offers: offers("ended") }).differences).toMatchObject([{ what: "recall-lost" }]);
    expect(plan([wanted], { offers: offers("ended", true) }).differences).toEqual([]);
    expect(plan([wanted, withdrawn], { offers: offers("ended") }).differences).toEqual([]);
  });

  it.each(["journal-behind", "journal-forged", "other-store", "no-journal"] as const)(
    "is a journal that is %s",
    (why) => {
      expect(planOf([], facts(), why).differences).toEqual([{ what: why }]);
    },
  );
});

it("names each reference that was given for what is gone", () => {
  const accepted = (referral: string) =>
    entry("accepted", { referral, reference: REFERENCE, case: uuid(), organisation: "F83999", door: "gp", key: "k" });
  expect(plan([accepted(known), accepted(gone)]).lost).toMatchObject([{ referral: gone }]);
});
