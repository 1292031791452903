// The audit: who did what by hand, to what, and when. Written in the transaction of the deed, and never changed.
import type { Clock, Ids } from "../../src/ports/system.ts";
import type { Query } from "./engine.ts";

/** `subjects`: ids and destinations. `codes`: everything else that was asked, in codes; nothing about a person. */
export type Deed = { by: string; verb: string; subjects: readonly string[]; codes?: object };

const WRITE =
  "INSERT INTO waymark.audit (id, at, actor, verb, subjects, codes) VALUES ($1, $2, $3, $4, $5::text[], $6::jsonb)";

export type Audit = (query: Query, deed: Deed) => Promise<void>;

export const createAudit =
  ({ clock, ids }: { clock: Clock; ids: Ids }): Audit =>
  async (query, { by, verb, subjects, codes = {} }) => {
    await query(WRITE, [ids.uuid(), clock.now(), by, verb, subjects, JSON.stringify(codes)]);
  };
