// A change as the rows it becomes. Notes and receipts are sealed with the key of the case; where it is gone, they are not kept.
import { canonical } from "../../src/core/canonical.ts";
import { isClosed } from "../../src/core/lifecycle.ts";
import { nosOf } from "../../src/core/nos.ts";
import type { Callback } from "../../schemas/callback.ts";
import type { Event } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { KeptReport } from "../../schemas/outcome-report.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { AmendmentBody, Change } from "../../src/ports/ledger.ts";
import { consentDigest, SEALED } from "./case-seal.ts";
import { base64 } from "./rows.ts";
import type { Vault } from "./vault.ts";

/** The referral that a change stands on, locked. `key` is missing once the person is erased. */
export type Standing = {
  version: number;
  sequence: number;
  organisation: string;
  caseId: string;
  /** Version of the consents that it stands on. */
  consent?: string | undefined;
  key?: Uint8Array | undefined;
};

type Person = NonNullable<Change["people"]>[number];
type Rows = ReturnType<typeof changeRows>;

export const changeRows = (vault: Vault, change: Change, standing: Standing) => {
  const { key } = standing;
  const sealed = (where: string, text: string): string | undefined =>
    key && base64(vault.seal(key, where, Buffer.from(text, "utf8")));

  return {
    referrals: [
      {
        id: change.referral,
        version: change.version,
        status: change.status,
        sequence: standing.sequence + change.events.length,
        sealed_content: change.content && sealed(SEALED.content(change.referral), JSON.stringify(change.content)),
        consent_digest: key && change.content && consentDigest(vault, change.content),
      },
    ],
    // A case without its key takes no new referral: there would be nobody in it.
    branches:
      key === undefined ? [] : (change.branches ?? []).map((one) => branchRow(vault, one, change.referral, sealed)),
    events: [
      ...(key === undefined ? [] : (change.branches ?? [])).map(({ event }) => eventRow(event, standing, sealed)),
      ...change.events.map((event, at) => {
        if (event.sequence !== standing.sequence + at + 1)
          throw new Error("events must follow one another without a gap");
        return eventRow(event, standing, sealed);
      }),
    ],
    // Once the person is erased there is nobody of whom more could be told.
    amendments:
      key === undefined || change.amendment === undefined
        ? []
        : [amendmentRow(change.amendment, change.referral, standing, (where, bytes) => vault.seal(key, where, bytes))],
    receipts: change.receipt === undefined ? [] : receiptRows(change, change.receipt, standing, sealed),
    offers: (change.offers ?? []).map((offer) => offerRow(offer, standing)),
    recalls: (change.recalls ?? []).map((recall) => recallRow(recall, standing)),
    // Nothing more is kept of who was erased.
    reports: (change.reports ?? []).flatMap((one) => reportRow(one, change, standing, sealed)),
    callbacks: (change.callbacks ?? []).map(callbackRow),
    work: [...(change.work ?? []), ...(key === undefined ? [] : (change.branches ?? [])).map(({ work }) => work)],
    places: change.places ?? [],
    // Who was erased must not become findable again.
    people: key === undefined ? [] : (change.people ?? []).map((one) => personRow(one, standing)),
    nos: nosIn(change),
    done: change.done === undefined ? [] : [{ work: change.done.work, tried: change.done.tried }],
  };
};

const nosIn = ({ referral, content }: Change) => {
  const no = nosOf(content?.consents ?? []);
  return no.length === 0 ? [] : [{ body: { referral, no } }];
};

type Sealed = (where: string, text: string) => string | undefined;

const eventRow = ({ note, ...event }: Event, { organisation }: Standing, sealed: Sealed) => ({
  ...event,
  organisation,
  sealed_note: note === undefined ? undefined : sealed(SEALED.note(event.id), note),
});

const amendmentRow = (
  { id, client, key, bodyDigest, contentType, body }: AmendmentBody,
  referral: string,
  { organisation }: Standing,
  seal: (where: string, bytes: Uint8Array) => Uint8Array,
) => ({
  id,
  referral,
  organisation,
  client,
  key,
  body_digest: bodyDigest,
  content_type: contentType,
  sealed_body: base64(seal(SEALED.amendment(id), body)),
});

const branchRow = (
  vault: Vault,
  { id, reference, content }: NonNullable<Change["branches"]>[number],
  parent: string,
  sealed: Sealed,
) => ({
  id,
  parent,
  reference,
  participation: content.participation,
  sealed_content: sealed(SEALED.content(id), JSON.stringify(content)),
  consent_digest: consentDigest(vault, content),
});

const receiptRows = (
  { receiptInput: input, commissioners = {} }: Change,
  receipt: Receipt,
  { organisation, caseId }: Standing,
  sealed: Sealed,
) => {
  const sealedReceipt = sealed(SEALED.receipt(receipt.id), canonical(receipt));
  if (sealedReceipt === undefined) return [];
  return [
    {
      id: receipt.id,
      referral: receipt.referral,
      case_id: caseId,
      organisation,
      provider: receipt.offered?.provider,
      decided_at: receipt.decidedAt,
      input_hash: receipt.inputHash,
      sealed_receipt: sealedReceipt,
      sealed_input: input === undefined ? undefined : sealed(SEALED.input(receipt.id), input),
      commissioners,
    },
  ];
};

/** A closed offer rests no more, and owes nothing. */
const owedRow = ({ onHold, progress, due }: Offer) => ({
  progress,
  on_hold_since: onHold?.since,
  on_hold_until: onHold?.until,
  due_clock: due?.clock,
  due_at: due?.at,
});

const offerRow = (offer: Offer, { organisation, caseId }: Standing) => ({
  id: offer.id,
  referral: offer.referral,
  case_id: caseId,
  organisation,
  programme: offer.programme,
  contract: offer.contract,
  service: offer.service,
  places: offer.places,
  provider: offer.provider,
  status: offer.status,
  ...(isClosed(offer.status) ? {} : owedRow(offer)),
  assigned_to: offer.assignedTo,
  clocks_from: offer.clocksFrom,
  test: offer.test,
  made_at: offer.madeAt,
  changed_at: offer.changedAt,
});

const reportRow = (
  { id, offer, provider, at, report }: KeptReport,
  { referral }: Change,
  { organisation }: Standing,
  sealed: Sealed,
) => {
  const sealedReport = sealed(SEALED.outcome(id), JSON.stringify(report));
  if (sealedReport === undefined) return [];
  return [{ id, referral, offer, organisation, provider, at, sealed_report: sealedReport }];
};

const recallRow = (recall: Recall, { organisation }: Standing) => ({
  offer: recall.offer,
  referral: recall.referral,
  organisation,
  provider: recall.provider,
  service: recall.service,
  test: recall.test,
  asked_at: recall.askedAt,
  answer_by: recall.answerBy,
  told: recall.told,
  told_at: recall.toldAt,
  answer: recall.answer,
  basis: recall.basis,
  kept_until: recall.keptUntil,
  answered_at: recall.answeredAt,
});

const callbackRow = (callback: Callback) => ({
  id: callback.id,
  referral: callback.referral,
  client: callback.client,
  sequence: callback.sequence,
  body: callback,
});

const personRow = ({ kind, digest }: Person, { caseId }: Standing) => ({ kind, digest, case_id: caseId });

/** The rows of all changes, table by table, as the statement reads them. */
export const tablesOf = (changes: readonly Rows[]): Rows => ({
  referrals: changes.flatMap((change) => change.referrals),
  branches: changes.flatMap((change) => change.branches),
  events: changes.flatMap((change) => change.events),
  amendments: changes.flatMap((change) => change.amendments),
  receipts: changes.flatMap((change) => change.receipts),
  offers: changes.flatMap((change) => change.offers),
  recalls: changes.flatMap((change) => change.recalls),
  reports: changes.flatMap((change) => change.reports),
  callbacks: changes.flatMap((change) => change.callbacks),
  work: changes.flatMap((change) => change.work),
  places: changes.flatMap((change) => change.places),
  people: changes.flatMap((change) => change.people),
  nos: changes.flatMap((change) => change.nos),
  done: changes.flatMap((change) => change.done),
});
