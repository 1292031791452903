// One commit of many changes: each is written whole, or is stale and leaves nothing. Ledger.commit and decide both end here.
import type { Change } from "../../src/ports/ledger.ts";
import { caseKeyOf } from "./case-seal.ts";
import { noteDeed } from "./audit.ts";
import { changeRows, type Standing, tablesOf } from "./change-rows.ts";
import { LOCK_REFERRALS, LOCK_WORK, WRITE, WRITTEN_BEFORE } from "./commit-sql.ts";
import type { Query } from "./engine.ts";
import { type CaseKeyColumns, json, maybe } from "./rows.ts";
import type { Vault } from "./vault.ts";

export type Committed = "committed" | "stale";
type Locked = CaseKeyColumns & {
  id: string;
  version: number;
  sequence: number;
  organisation: string;
  consent_digest: string | null;
};

/** Runs inside the caller's transaction, in the worker's role. */
export const writeChanges = async (
  query: Query,
  vault: Vault,
  now: Date,
  changes: readonly Change[],
): Promise<Committed[]> => {
  const standing = await standOn(query, vault, changes);
  const leases = await leasesOf(query, changes);
  const written = new Set<string>();
  const won = changes.map((change) => {
    const place = standing.get(change.referral);
    if (place === undefined || place.version !== change.version || written.has(change.referral)) return false;
    if (place.consent !== undefined && change.consent !== undefined && place.consent !== change.consent) return false;
    if (change.done !== undefined) {
      if (leases.get(change.done.work) !== change.done.token) return false;
      leases.delete(change.done.work);
    }
    written.add(change.referral);
    return true;
  });
  await write(
    query,
    vault,
    now,
    changes.filter((_, place) => won[place]),
    standing,
  );
  for (const [place, { deed }] of changes.entries())
    if (won[place] && deed !== undefined) await noteDeed(query, vault, { ...deed, at: now });
  const earlier = await writtenBefore(
    query,
    changes.filter((_, place) => !won[place]),
  );
  return changes.map((change, place) => (won[place] || earlier.has(firstEvent(change)) ? "committed" : "stale"));
};

const standOn = async (query: Query, vault: Vault, changes: readonly Change[]): Promise<Map<string, Standing>> => {
  const rows = await query<Locked>(LOCK_REFERRALS, [changes.map((change) => change.referral)], "lock-referrals");
  return new Map(
    rows.map((row) => [
      row.id,
      { ...row, caseId: row.case_id, consent: maybe(row.consent_digest), key: caseKeyOf(vault, row) },
    ]),
  );
};

const leasesOf = async (query: Query, changes: readonly Change[]): Promise<Map<string, string | null>> => {
  const ids = changes.flatMap((change) => change.done?.work ?? []);
  const offers = changes.flatMap((change) => (change.offers ?? []).map((offer) => offer.id));
  if (ids.length + offers.length === 0) return new Map();
  const rows = await query<{ id: string; token: string | null }>(LOCK_WORK, [ids, offers], "lock-work");
  return new Map(rows.map((row) => [row.id, row.token]));
};

const write = async (
  query: Query,
  vault: Vault,
  now: Date,
  changes: readonly Change[],
  standing: Map<string, Standing>,
): Promise<void> => {
  if (changes.length === 0) return;
  const rows = changes.map((change) => changeRows(vault, change, standing.get(change.referral) as Standing));
  // writes: the referrals' new versions and what they say now, events, what was told, receipts, offers, recalls, reports of outcomes, callbacks, work, places, person keys;
  // takes away: the work that is done, with its attempt on record
  const [result] = await query<{ moved: number }>(WRITE, [json(tablesOf(rows)), now], "write");
  if (result?.moved !== changes.length) throw new Error("a locked referral did not move: nothing is written");
};

/** A change whose first event stands was committed before, and only the answer was lost. */
const writtenBefore = async (query: Query, changes: readonly Change[]): Promise<Set<string>> => {
  const ids = changes.map(firstEvent).filter((id) => id !== "");
  if (ids.length === 0) return new Set();
  const rows = await query<{ id: string }>(WRITTEN_BEFORE, [ids]);
  return new Set(rows.map((row) => row.id));
};

const firstEvent = (change: Change): string => change.events[0]?.id ?? "";
