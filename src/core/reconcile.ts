// From what the journal holds and the store has lost: what is done again, and what only a person can decide.
import type { JournalEntry, QuarantineWhy } from "../../schemas/journal.ts";
import type { Difference, LostOffer, ReconcilePlan, StoreFacts } from "../../schemas/reconcile.ts";
import type { Offer, OfferStatus } from "../../schemas/offer.ts";

/** What must be looked up in the store before it can be planned. */
export const namedIn = (entries: readonly JournalEntry[]) => ({
  referrals: unique(entries.flatMap((one) => ("referral" in one.body ? [one.body.referral] : []))),
  offers: unique(entries.flatMap((one) => ("offer" in one.body ? [one.body.offer] : []))),
  cases: unique(entries.flatMap((one) => (one.kind === "erased" ? [one.body.case] : []))),
});

/** `journal`: what is wrong with it now, whatever began the quarantine. `applied`: what the plan does again was done, and what differs now is left for a person. */
export const planOf = (
  entries: readonly JournalEntry[],
  facts: StoreFacts,
  journal: QuarantineWhy | "no-journal" | undefined,
  applied = false,
): ReconcilePlan => {
  const { referrals, offers, cases } = facts;
  const latest = latestOffers(entries);
  const withdraw = entries.flatMap((one) => {
    const known = one.kind === "withdrawn" ? referrals.get(one.body.referral) : undefined;
    return one.kind === "withdrawn" && known !== undefined ? [{ ...one.body, reference: known.reference }] : [];
  });
  const lostOffers = [...latest].flatMap(([id, { body, status }]) =>
    body === undefined || offers.has(id) || status === "declined" ? [] : [{ ...body, status }],
  );
  const [recall, gone] = split(lostOffers, (one) => referrals.has(one.referral) && !underWay(one.status));
  const refuse = entries.flatMap((one) => {
    const known = one.kind === "consent-no" ? referrals.get(one.body.referral) : undefined;
    if (one.kind !== "consent-no" || known === undefined || known.erased) return [];
    return [{ id: one.id, ...one.body, reference: known.reference, organisation: known.organisation }];
  });
  const again = new Set(applied ? [] : [...withdraw, ...refuse].map(({ reference }) => reference));
  return {
    withdraw,
    refuse,
    erase: unique(entries.flatMap((one) => (one.kind === "erased" && cases.has(one.body.case) ? [one.body.case] : []))),
    lost: entries.flatMap((one) => (one.kind === "accepted" && !referrals.has(one.body.referral) ? [one.body] : [])),
    recall,
    gone,
    differences: [
      ...ofJournal(journal),
      ...gone.map(lostOffer),
      ...[...latest].flatMap(([id, { status }]) => behind(id, status, facts, again)),
      ...entries.flatMap((one) => (one.kind === "recall-wanted" ? lostRecall(one.body, facts, again) : [])),
    ],
  };
};

type Latest = Map<string, { body?: LostOffer; status: OfferStatus }>;

const latestOffers = (entries: readonly JournalEntry[]): Latest => {
  const latest: Latest = new Map();
  for (const one of entries) {
    if (one.kind === "offer") latest.set(one.body.offer, { body: one.body, status: one.body.status });
    if (one.kind === "offer-step")
      latest.set(one.body.offer, { ...latest.get(one.body.offer), status: one.body.status });
  }
  return latest;
};

/** A service is helping the person: nobody but a person may end that. */
const underWay = (status: OfferStatus): boolean => status === "accepted" || status === "started" || status === "ended";

const lostOffer = ({ offer, reference, provider, status }: LostOffer): Difference => ({
  what: "offer-lost",
  offer,
  reference,
  provider,
  status,
});

/** Not of those that are taken back: whatever their service did with them, it is asked to delete what it has. */
const behind = (id: string, status: OfferStatus, { offers }: StoreFacts, again: ReadonlySet<string>): Difference[] => {
  const known = offers.get(id);
  if (known === undefined || known.recalled || known.status === status || again.has(known.reference)) return [];
  const { reference, provider, status: here } = known;
  return [{ what: "offer-behind", offer: id, reference, provider, status, here }];
};

const lostRecall = (
  { offer, provider }: Extract<JournalEntry, { kind: "recall-wanted" }>["body"],
  { offers }: StoreFacts,
  again: ReadonlySet<string>,
): Difference[] => {
  const known = offers.get(offer);
  if (known === undefined || known.recalled || again.has(known.reference)) return [];
  return [{ what: "recall-lost", offer, reference: known.reference, provider }];
};

/** One that knows more is what all the rest is about. */
const ofJournal = (journal: QuarantineWhy | "no-journal" | undefined): Difference[] =>
  journal === "journal-behind" || journal === "journal-forged" || journal === "other-store" || journal === "no-journal"
    ? [{ what: journal }]
    : [];

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const split = <T>(all: readonly T[], fits: (one: T) => boolean): [T[], T[]] => [
  all.filter(fits),
  all.filter((one) => !fits(one)),
];

/** As far as the journal tells of it. */
export const offerOf = (lost: LostOffer, status: OfferStatus, now: Date): Offer => {
  const { offer: id, referral, programme, contract, service, places, provider, test } = lost;
  const made = { id, referral, programme, contract: contract ?? undefined, service, places, provider, test };
  return { ...made, status, madeAt: now, changedAt: now };
};
