// Reading for the API and the pages. Row security, set to one organisation, decides which rows exist for it.
import type { EventBody } from "../../schemas/event.ts";
import type { OfferRow, Reader, ReferralRow } from "../../src/ports/reading.ts";
import { caseKeyOf, openContent, openReceipt, openReports, type ReportColumns, SEALED } from "./case-seal.ts";
import type { Engine } from "./engine.ts";
import {
  AMENDMENT,
  CHANGED,
  commissioned,
  CONTENT,
  found,
  OFFER,
  OFFERS,
  OWN_RECALLS,
  RECALLS,
  RECEIPTS,
  REFERRAL,
} from "./reader-sql.ts";
import {
  type CaseKeyColumns,
  isUuid,
  maybe,
  type OfferColumns,
  offerOf,
  type RecallColumns,
  recallOf,
  type ReferralColumns,
} from "./rows.ts";
import type { Vault } from "./vault.ts";
import type { Clock } from "../../src/ports/system.ts";
import { dayOf } from "../../src/core/calendar.ts";

type Timed = ReferralColumns & { timeline: { sequence: number; at: string; body: EventBody }[] };
type Offered = OfferColumns &
  CaseKeyColumns & {
    reference: string;
    version: number;
    sealed_content: Uint8Array | null;
    recall: RecallColumns | null;
    reports: ReportColumns[];
  };
type Told = CaseKeyColumns & {
  id: string;
  referral: string;
  content_type: string;
  sealed_body: Uint8Array;
  received_at: Date;
};
type Accounted = CaseKeyColumns & { id: string; sealed_receipt: Uint8Array };
type Commissioned = Accounted & { programmes: string[] };

export const createReader = ({ engine, vault, clock }: { engine: Engine; vault: Vault; clock: Clock }): Reader => {
  const read = <Row extends object>(organisation: string, sql: string, values: unknown[]): Promise<Row[]> =>
    engine.transaction("reader", (query) => query<Row>(sql, values), { organisation });

  return {
    referral: async (organisation, id) => {
      const [row] = await read<Timed>(organisation, isUuid(id) ? REFERRAL.byId : REFERRAL.byReference, [id]);
      return row && referralOf(row);
    },

    consents: async (organisation, referral) => {
      if (!isUuid(referral)) return [];
      const [row] = await read<CaseKeyColumns & { id: string; sealed_content: Uint8Array }>(organisation, CONTENT, [
        referral,
        organisation,
      ]);
      return (row && openContent(vault, row)?.consents) ?? [];
    },

    amendment: async (organisation, id) => {
      if (!isUuid(id)) return undefined;
      const [row] = await read<Told>(organisation, AMENDMENT, [id]);
      const key = row && caseKeyOf(vault, row);
      return (
        row &&
        key && {
          referral: row.referral,
          contentType: row.content_type,
          body: vault.unseal(key, SEALED.amendment(row.id), row.sealed_body),
          at: row.received_at,
        }
      );
    },

    receipts: async (organisation, referral) => {
      if (!isUuid(referral)) return [];
      const rows = await read<Accounted>(organisation, RECEIPTS, [referral]);
      return rows.flatMap((row) => openReceipt(vault, row) ?? []);
    },

    commissioned: async (commissioner, test, filter) => {
      if (filter.after !== undefined && !isUuid(filter.after)) return [];
      const { sql, values } = commissioned(commissioner, test, filter);
      const rows = await engine.transaction("reader", (query) => query<Commissioned>(sql, values), { commissioner });
      return rows.flatMap((row) => {
        const receipt = openReceipt(vault, row);
        return receipt === undefined ? [] : [{ receipt, programmes: row.programmes }];
      });
    },

    offers: async (organisation, { status, after, limit, test }) => {
      if (after !== undefined && !isUuid(after)) return [];
      const values = [organisation, test, status ?? null, after ?? null, limit];
      const rows = await read<Offered>(organisation, OFFERS, values);
      return rows.map((row) => offeredOf(vault, row));
    },

    offer: async (organisation, id) => {
      if (!isUuid(id)) return undefined;
      const [row] = await read<Offered>(organisation, OFFER, [organisation, id]);
      return row && offeredOf(vault, row);
    },

    recalls: async (organisation, referral) => {
      if (!isUuid(referral)) return [];
      const rows = await read<{ recall: RecallColumns }>(organisation, RECALLS, [referral]);
      return rows.map(({ recall }) => recallOf(recall));
    },

    ownRecalls: async (organisation, { after, limit, test }) => {
      if (after !== undefined && !isUuid(after)) return [];
      const values = [organisation, test, after ?? null, limit, dayOf(clock.now())];
      const rows = await read<{ recall: RecallColumns; reference: string }>(organisation, OWN_RECALLS, values);
      return rows.map(({ recall, reference }) => ({ ...recallOf(recall), reference }));
    },

    changed: async (organisation, door, from, to, limit) => {
      const rows = await read<Timed>(organisation, CHANGED, [organisation, door, from, to, limit]);
      return rows.map(referralOf);
    },

    find: async (organisation, door, test, filter) => {
      const ids = [filter.id, filter.offer, filter.after].filter((one) => one !== undefined);
      if (!ids.every(isUuid)) return [];
      const { sql, values } = found(organisation, door, test, filter);
      return (await read<Timed>(organisation, sql, values)).map(referralOf);
    },
  };
};

const referralOf = (row: Timed): ReferralRow => ({
  id: row.id,
  reference: row.reference,
  callerReference: maybe(row.caller_reference),
  correlationId: maybe(row.correlation_id),
  door: row.door,
  status: row.status,
  version: row.version,
  organisation: row.organisation,
  test: row.test,
  receivedAt: row.received_at,
  changedAt: row.changed_at,
  participation: row.participation,
  timeline: row.timeline.map(({ sequence, at, body }) => ({ sequence, at: new Date(at), body })),
});

const offeredOf = (vault: Vault, row: Offered): OfferRow => ({
  ...offerOf(row),
  reference: row.reference,
  version: row.version,
  ...(row.wrapped_key === null ? { erased: true as const } : {}),
  content:
    row.sealed_content === null
      ? undefined
      : openContent(vault, { ...row, sealed_content: row.sealed_content, id: row.referral }),
  reports: openReports(vault, row, row.reports),
  ...(row.recall === null ? {} : { recall: recallOf(row.recall) }),
});
