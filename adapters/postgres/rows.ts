// Rows as they come from the tables, and what the ports call them.
import type { Offer, OfferStatus } from "../../schemas/offer.ts";
import type { ClockName, Progress } from "../../schemas/progress.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { Content, Door, Status } from "../../schemas/referral.ts";

/** What a caller may put where an id belongs: anything. Only this form reaches a column of type uuid. */
export const isUuid = (value: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);

/** NULL is "not there". */
export const maybe = <T>(value: T | null): T | undefined => value ?? undefined;

/** One parameter for many rows: the driver's own arrays of bytes cost more than the statement. */
export const json = (value: unknown): string => JSON.stringify(value);

export const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

export type OfferColumns = {
  id: string;
  referral: string;
  programme: string;
  contract: string | null;
  service: string;
  places: string[];
  provider: string;
  status: OfferStatus;
  on_hold_since: Date | string | null;
  on_hold_until: string | null;
  assigned_to: string | null;
  progress: Progress | null;
  clocks_from: Date | string | null;
  due_clock: ClockName | null;
  due_at: Date | string | null;
  test: boolean;
  /** A Date from a column, ISO text from inside JSON. */
  made_at: Date | string;
  changed_at: Date | string;
};

export const OFFER_COLUMNS =
  "id, referral, programme, contract, service, places, provider, status, on_hold_since, on_hold_until::text AS on_hold_until, assigned_to, progress, clocks_from, due_clock, due_at, test, made_at, changed_at";

export const offerOf = (row: OfferColumns): Offer => ({
  id: row.id,
  referral: row.referral,
  programme: row.programme,
  contract: maybe(row.contract),
  service: row.service,
  places: row.places,
  provider: row.provider,
  status: row.status,
  onHold:
    row.on_hold_since === null
      ? undefined
      : { since: new Date(row.on_hold_since), ...(row.on_hold_until === null ? {} : { until: row.on_hold_until }) },
  assignedTo: maybe(row.assigned_to),
  progress: maybe(row.progress),
  clocksFrom: row.clocks_from === null ? undefined : new Date(row.clocks_from),
  due: row.due_clock === null || row.due_at === null ? undefined : { clock: row.due_clock, at: new Date(row.due_at) },
  test: row.test,
  madeAt: new Date(row.made_at),
  changedAt: new Date(row.changed_at),
});

/** As JSON of the row has it: dates as text. */
export type RecallColumns = {
  offer: string;
  referral: string;
  provider: string;
  service: string;
  test: boolean;
  asked_at: string;
  answer_by: string;
  told: number;
  told_at: string | null;
  answer: Recall["answer"] | null;
  basis: Recall["basis"] | null;
  kept_until: string | null;
  answered_at: string | null;
};

export const recallOf = (row: RecallColumns): Recall => ({
  offer: row.offer,
  referral: row.referral,
  provider: row.provider,
  service: row.service,
  test: row.test,
  askedAt: new Date(row.asked_at),
  answerBy: row.answer_by,
  told: row.told,
  ...(row.told_at === null ? {} : { toldAt: new Date(row.told_at) }),
  ...(row.answer === null || row.answer === undefined ? {} : { answer: row.answer }),
  ...(row.basis === null || row.basis === undefined ? {} : { basis: row.basis }),
  ...(row.kept_until === null ? {} : { keptUntil: row.kept_until }),
  ...(row.answered_at === null ? {} : { answeredAt: new Date(row.answered_at) }),
});

export type ReferralColumns = {
  id: string;
  reference: string;
  caller_reference: string | null;
  correlation_id: string | null;
  door: Door;
  status: Status;
  version: number;
  organisation: string;
  test: boolean;
  participation: Content["participation"];
  received_at: Date;
  changed_at: Date;
};

/** The key of a case as stored; `wrapped_key` is NULL once the person is erased. */
export type CaseKeyColumns = { case_id: string; wrapped_key: Uint8Array | null; ring_key: string };
