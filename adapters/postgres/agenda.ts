// The agenda: the work table as ringer and workers use it. Whoever holds a row's token may settle it, nobody else.
import type { Agenda, Clock, Ids, Settlement } from "../../src/ports.ts";
import type { Ring, Work, WorkKind } from "../../schemas/work.ts";
import { BACKLOG, CLAIM, LEASE, ONE_AT_A_TIME, RELEASE_ALL, SETTLE } from "./agenda-sql.ts";
import type { Engine } from "./engine.ts";
import { createGroup } from "./group.ts";
import { json, maybe } from "./rows.ts";

/** Our own work, which no outsider can hold up: not bound by the places of a destination. */
const WIDE = ["assess"];
/** From its claim on a worker has this long: more than the slowest attempt that the outbound client allows. */
const CLAIM_SECONDS = 90;

type Options = { engine: Engine; clock: Clock; ids: Ids };
type Settled = { work: Pick<Work, "id" | "token">; settlement: Settlement };
type WorkColumns = Omit<Work, "leaseUntil" | "kind"> & { kind: WorkKind; lease_until: Date };

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

export const createAgenda = ({ engine, clock, ids }: Options): Agenda & { close(): Promise<void> } => {
  const claims = createGroup<Ring & { fresh: string }, Work | undefined>({
    run: async (asked) => {
      const until = later(clock.now(), CLAIM_SECONDS);
      // commits: the fresh tokens and leases of the rows whose old token still held
      const rows = await engine.transaction("worker", (query) => query<WorkColumns>(CLAIM, [json(asked), until]));
      const byToken = new Map(rows.map((row) => [row.token, workOf(row)]));
      return asked.map((one) => byToken.get(one.fresh));
    },
  });

  const settlements = createGroup<Settled, boolean>({
    run: async (settled) => {
      // commits: rows deleted, due again or dead, one attempt on record for each, and how their callbacks stand
      const rows = await engine.transaction("worker", (query) =>
        query<{ id: string }>(SETTLE, [json(settled.map(settledRow)), clock.now()]),
      );
      const held = new Set(rows.map((row) => row.id));
      return settled.map((one) => held.has(one.work.id));
    },
  });

  return {
    lease: async ({ limit, places, seconds }) => {
      const tokens = Array.from({ length: limit }, () => ids.uuid());
      const rows = await engine.transaction("worker", async (query) => {
        await query(ONE_AT_A_TIME);
        const now = clock.now();
        // commits: a token and a lease for each row that is rung
        return query<{ id: string; token: string; due: Date }>(LEASE, [
          now,
          later(now, seconds),
          limit,
          places,
          WIDE,
          tokens,
        ]);
      });
      return rows
        .toSorted((one, other) => one.due.getTime() - other.due.getTime())
        .map((row) => ({ work: row.id, token: row.token }));
    },

    claim: async (ring) => {
      const work = await claims.submit({ ...ring, fresh: ids.uuid() });
      // Nobody holds it now; when the lease runs out it is rung again.
      return work === "busy" ? undefined : work;
    },

    settle: async (work, settlement) => {
      const held = await settlements.submit({ work, settlement });
      if (held === "busy") throw new Error("the agenda takes no more settlements: its line is full or it is closing");
      return held;
    },

    releaseAll: async () => {
      // commits: no row leased, no token that could settle one
      const rows = await engine.transaction("worker", (query) => query(RELEASE_ALL));
      return rows.length;
    },

    backlog: async () => {
      type Row = { due: number; waiting: number; dead: number; oldest: Date | null };
      const [row] = await engine.transaction("worker", (query) => query<Row>(BACKLOG, [clock.now()]));
      const { due, waiting, dead, oldest } = row ?? { due: 0, waiting: 0, dead: 0, oldest: null };
      return { due, waiting, dead, oldestDue: maybe(oldest) };
    },

    close: async () => {
      await Promise.all([claims.close(), settlements.close()]);
    },
  };
};

const workOf = ({ lease_until, ...row }: WorkColumns): Work => ({ ...row, leaseUntil: lease_until });

const settledRow = ({ work, settlement }: Settled) => ({
  work: work.id,
  token: work.token,
  result: settlement.kind,
  attempted: settlement.kind === "again" ? settlement.attempted : true,
  due: settlement.kind === "again" ? settlement.due : undefined,
  cause: settlement.kind === "done" ? undefined : settlement.cause,
  callback: settlement.kind === "done" ? settlement.callback : undefined,
});
