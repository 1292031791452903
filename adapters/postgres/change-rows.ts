// A change as the rows it becomes. Notes and receipts are sealed with the key of the case; where it is gone, they are not kept.
import { canonical } from "../../src/core/canonical.ts";
import type { Change } from "../../src/ports.ts";
import { SEALED } from "./case-seal.ts";
import { base64 } from "./rows.ts";
import type { Vault } from "./vault.ts";

/** The referral that a change stands on, locked. `key` is missing once the person is erased. */
export type Standing = {
  version: number;
  sequence: number;
  organisation: string;
  caseId: string;
  key?: Uint8Array | undefined;
};

type Rows = ReturnType<typeof changeRows>;

export const changeRows = (vault: Vault, change: Change, standing: Standing) => {
  const { key } = standing;
  const place = { referral: change.referral, organisation: standing.organisation };
  const inCase = { ...place, case_id: standing.caseId };
  const sealed = (where: string, text: string): string | undefined =>
    key && base64(vault.seal(key, where, Buffer.from(text, "utf8")));

  return {
    referrals: [
      {
        id: change.referral,
        version: change.version,
        status: change.status,
        sequence: standing.sequence + change.events.length,
      },
    ],
    events: change.events.map((event, at) => {
      if (event.sequence !== standing.sequence + at + 1) throw new Error("events must follow one another without a gap");
      const note = event.note === undefined ? undefined : sealed(SEALED.note(event.id), event.note);
      return { ...place, ...event, note: undefined, sealed_note: note };
    }),
    receipts: [change.receipt ?? []].flat().flatMap((receipt) => {
      const sealedReceipt = sealed(SEALED.receipt(receipt.id), canonical(receipt));
      if (sealedReceipt === undefined) return [];
      return {
        ...inCase,
        id: receipt.id,
        provider: receipt.offered?.provider,
        decided_at: receipt.decidedAt,
        input_hash: receipt.inputHash,
        sealed_receipt: sealedReceipt,
      };
    }),
    offers: (change.offers ?? []).map((offer) => ({
      ...inCase,
      id: offer.id,
      programme: offer.programme,
      service: offer.service,
      provider: offer.provider,
      status: offer.status,
      test: offer.test,
      made_at: offer.madeAt,
      changed_at: offer.changedAt,
    })),
    callbacks: (change.callbacks ?? []).map((callback) => ({
      referral: change.referral,
      id: callback.id,
      client: callback.client,
      sequence: callback.sequence,
      body: callback,
    })),
    work: change.work ?? [],
    places: change.places ?? [],
    people: key === undefined ? [] : (change.people ?? []).map((one) => ({ ...one, case_id: standing.caseId })),
    done: change.done === undefined ? [] : [change.done.work],
  };
};

/** The rows of all changes, table by table, as the statement reads them. */
export const tablesOf = (changes: readonly Rows[]): Rows => ({
  referrals: changes.flatMap((change) => change.referrals),
  events: changes.flatMap((change) => change.events),
  receipts: changes.flatMap((change) => change.receipts),
  offers: changes.flatMap((change) => change.offers),
  callbacks: changes.flatMap((change) => change.callbacks),
  work: changes.flatMap((change) => change.work),
  places: changes.flatMap((change) => change.places),
  people: changes.flatMap((change) => change.people),
  done: changes.flatMap((change) => change.done),
});
