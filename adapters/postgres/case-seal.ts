// Where each sealed value stands, and how a case's key opens it. The place is bound into the ciphertext.
import type { KeptReport, OutcomeReport } from "../../schemas/outcome-report.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { Content } from "../../schemas/referral.ts";
import { consentVersion } from "../../src/core/consent.ts";
import type { CaseKeyColumns } from "./rows.ts";
import type { Vault } from "./vault.ts";

export const SEALED = {
  content: (referral: string) => `referral.sealed_content:${referral}`,
  amendment: (amendment: string) => `amendment.sealed_body:${amendment}`,
  body: (submission: string) => `submission.sealed_body:${submission}`,
  monitoring: (row: string) => `monitoring.sealed_answers:${row}`,
  outcome: (report: string) => `outcome_report.sealed_report:${report}`,
  note: (event: string) => `event.sealed_note:${event}`,
  receipt: (receipt: string) => `receipt.sealed_receipt:${receipt}`,
  parcel: (message: string) => `mesh_parcel.sealed_body:${message}`,
  reach: (client: string) => `client.sealed_reach:${client}`,
  input: (receipt: string) => `receipt.sealed_input:${receipt}`,
  secrets: (client: string) => `client.sealed_secrets:${client}`,
};

/** The version of the consents of a referral, which stands beside its content and moves with it. */
export const consentDigest = (vault: Vault, { consents }: Content): string =>
  vault.digest("consent", consentVersion(consents));

/** Undefined once the person is erased: then nothing of the case can be read or sealed any more. */
export const caseKeyOf = (vault: Vault, row: CaseKeyColumns): Uint8Array | undefined =>
  row.wrapped_key === null ? undefined : vault.open(row.wrapped_key, row.ring_key, row.case_id);

export const openContent = (
  vault: Vault,
  row: CaseKeyColumns & { id: string; sealed_content: Uint8Array },
): Content | undefined => {
  const key = caseKeyOf(vault, row);
  return key && (readJson(vault.unseal(key, SEALED.content(row.id), row.sealed_content)) as Content);
};

export const openReceipt = (
  vault: Vault,
  row: CaseKeyColumns & { id: string; sealed_receipt: Uint8Array },
): Receipt | undefined => {
  const key = caseKeyOf(vault, row);
  return key && (readJson(vault.unseal(key, SEALED.receipt(row.id), row.sealed_receipt)) as Receipt);
};

/** As JSON of the row has it: bytes as base64. */
export type ReportColumns = { id: string; offer: string; provider: string; at: string; sealed: string };

/** None once the person is erased. */
export const openReports = (vault: Vault, row: CaseKeyColumns, reports: readonly ReportColumns[]): KeptReport[] => {
  const key = caseKeyOf(vault, row);
  if (key === undefined) return [];
  return reports.map(({ id, offer, provider, at, sealed }) => ({
    id,
    offer,
    provider,
    at: new Date(at),
    report: readJson(vault.unseal(key, SEALED.outcome(id), Buffer.from(sealed, "base64"))) as OutcomeReport,
  }));
};

/** What opens is what we sealed, to the byte (GCM), so it needs no second parsing by a schema. */
const readJson = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString("utf8"));
