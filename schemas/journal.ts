// The journal off the host: what a restored store must be told again. Ids, references, codes and keyed digests; nobody's data.
import { z } from "zod";
import { RecipientClass, ConsentKind, Purpose, DataClass } from "./consent.ts";
import { OrganisationId, Reference } from "./ids.ts";
import { OfferStatus } from "./offer.ts";
import { Door } from "./referral.ts";

const scope = {
  recipientClasses: z.array(RecipientClass).optional(),
  recipients: z.array(OrganisationId).optional(),
  purpose: Purpose.optional(),
  data: z.array(DataClass).min(1).optional(),
};

/** A "no" to sharing, without who took it and where it is kept. */
export const KeptNo = z.strictObject({
  kind: ConsentKind,
  decision: z.enum(["refused", "withdrawn"]),
  ...scope,
  at: z.string().optional(),
});
export type KeptNo = z.infer<typeof KeptNo>;

const entry = <Kind extends string, Body extends z.core.$ZodLooseShape>(kind: Kind, body: Body) =>
  z.object({ kind: z.literal(kind), id: z.guid(), at: z.iso.datetime(), body: z.strictObject(body) });

export const JournalEntry = z.discriminatedUnion("kind", [
  /** The program began or ended its work on this store. */
  entry("started", {}),
  entry("stopped", {}),
  /** Given to a referrer. `key` is the digest by which the same submission is known when it comes again. */
  entry("accepted", {
    referral: z.guid(),
    reference: Reference,
    case: z.guid(),
    organisation: z.string(),
    door: Door,
    key: z.string(),
  }),
  entry("offer", {
    offer: z.guid(),
    referral: z.guid(),
    reference: Reference,
    programme: z.string(),
    contract: z.string().nullable(),
    service: z.string(),
    places: z.array(z.string()),
    provider: z.string(),
    status: OfferStatus,
    test: z.boolean(),
  }),
  entry("offer-step", { offer: z.guid(), status: OfferStatus }),
  entry("withdrawn", {
    referral: z.guid(),
    event: z.guid(),
    by: z.enum(["referrer", "person", "operator"]).nullable(),
    reasons: z.array(z.string()),
  }),
  /** Consents that were refused or taken back after the referral was sent. */
  entry("consent-no", { referral: z.guid(), no: z.array(KeptNo) }),
  entry("erased", { case: z.guid() }),
  entry("recall-wanted", { offer: z.guid(), referral: z.guid(), provider: z.string() }),
  /** The head of the audit's chain. */
  entry("audit-head", { number: z.number().int(), mark: z.string() }),
  entry("restored", { by: z.string(), taken: z.iso.datetime().optional() }),
  entry("reconciled", { by: z.string(), accepted: z.boolean(), differences: z.number().int() }),
]);
export type JournalEntry = z.infer<typeof JournalEntry>;

/** Which store wrote a line, and how often it had been restored by then. */
export type StoreIdentity = { store: string; epoch: number };

/** A line as it is written: numbered without gaps, and marked with a key over all of it and the mark of the line before. */
export const JournalLine = z.strictObject({
  number: z.number().int().min(1),
  store: z.guid(),
  epoch: z.number().int().min(1),
  kind: z.string(),
  id: z.guid(),
  at: z.iso.datetime(),
  body: z.record(z.string(), z.unknown()),
  before: z.string(),
  mark: z.string(),
});
export type JournalLine = z.infer<typeof JournalLine>;

/** The last line that is known: `place` is where its file or server finds it again. */
export type JournalHead = { number: number; mark: string; place: number };

/** Why nothing leaves. */
export const QUARANTINES = {
  restored: "This store was restored from a backup.",
  "journal-ahead": "The journal knows of more than this store: it is an older copy.",
  "journal-behind": "The journal has lost lines that this store had written: it was cut off or taken away.",
  "other-store": "The journal belongs to another store.",
  "journal-forged": "Lines of the journal were not written by us, or were changed.",
  "journal-unread":
    "The journal could not be read since this process began, so nobody knows whether this store is the newest.",
} as const;
export type QuarantineWhy = keyof typeof QUARANTINES;
export type Quarantine = { since: Date; why: QuarantineWhy };
