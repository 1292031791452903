// The agenda: the work table as ringer and workers use it. Whoever holds a row's token may settle it, nobody else.
import type { Agenda } from "../../src/ports/agenda.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import type { Ring, Settlement, Work, WorkKind } from "../../schemas/work.ts";
import { BACKLOG, CLAIM, ENSURE, HASTEN, INTEND, RENEW, SETTLE } from "./agenda-sql.ts";
import { type Engine, keyed } from "./engine.ts";
import { createGroup } from "./group.ts";
import { ANYTHING_DUE, LEASE, ONE_AT_A_TIME, RELEASE_ALL } from "./lease-sql.ts";
import { json, maybe } from "./rows.ts";

/** Our own work, which no outsider can hold up: not bound by the places of a destination. */
const WIDE = ["assess", "holds", "recalls", "clocks", "checkpoints"];
/** From its claim on, and from each renewal, a worker has this long: a dead one's work is taken up this soon. */
const CLAIM_SECONDS = 20;
/** A lease with more than this left needs no renewal: most attempts end before they would ever write one. */
const ENOUGH_SECONDS = 13;

/** Work whose holder died this often is a person's task: it may be what kills them. */
const MOST_LAPSES = 5;
/** Pace is counted in tenths of a second. */
const SLOT_MS = 100;

type Options = { engine: Engine; clock: Clock; ids: Ids };
type Settled = { work: Pick<Work, "id" | "token">; settlement: Settlement };
type WorkColumns = Omit<Work, "leaseUntil" | "kind" | "firstDue" | "madeAt" | "intent"> & {
  kind: WorkKind;
  lease_until: Date;
  first_due: Date;
  made_at: Date;
  intent_way: string | null;
  intent_at: Date | null;
};

/** The row without an id says that a destination's pace held something back. */
type Leased = { id: string; token: string; due: Date } | { id: null };

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

export const createAgenda = ({ engine, clock, ids }: Options): Agenda & { close(): Promise<void> } => {
  const byKey = keyed(engine);

  const claims = createGroup<Ring & { fresh: string }, Work | undefined>({
    inFlight: 1,
    run: async (asked) => {
      const until = later(clock.now(), CLAIM_SECONDS);
      // commits: the fresh tokens and leases of the rows whose old token still held
      const rows = await engine.single<WorkColumns>(CLAIM, [json(asked), until], "claim");
      const byToken = new Map(rows.map((row) => [row.token, workOf(row)]));
      return asked.map((one) => byToken.get(one.fresh));
    },
  });

  const settlements = createGroup<Settled, boolean>({
    run: async (settled) => {
      // commits: rows deleted, due again or dead, one attempt on record for each, and how their callbacks stand
      const values = [json(settled.map(settledRow)), clock.now()];
      const rows = await engine.single<{ id: string }>(SETTLE, values, "settle");
      const held = new Set(rows.map((row) => row.id));
      return settled.map((one) => held.has(one.work.id));
    },
  });

  return {
    lease: async ({ limit, places, perSecond, seconds }) => {
      const [any] = await engine.single<{ due: boolean }>(ANYTHING_DUE, [clock.now()], "anything-due");
      if (any?.due !== true) return { rings: [], paced: false };
      const rows = await byKey(async (query) => {
        await query(ONE_AT_A_TIME);
        const tokens = Array.from({ length: limit }, () => ids.uuid());
        const now = clock.now();
        const slot = Math.floor(now.getTime() / SLOT_MS);
        const until = later(now, seconds);
        // commits: a token and a lease for each row that is rung, counted against its destination's pace;
        // an attempt on record for each whose holder died, and those dead that were given up
        return query<Leased>(LEASE, [now, MOST_LAPSES, until, limit, places, perSecond, WIDE, tokens, slot], "lease");
      });
      const leased = rows.filter((row) => row.id !== null);
      return {
        rings: leased
          .toSorted((one, other) => one.due.getTime() - other.due.getTime())
          .map((row) => ({ work: row.id, token: row.token })),
        paced: leased.length < rows.length,
      };
    },

    claim: async (ring) => {
      const work = await claims.submit({ ...ring, fresh: ids.uuid() });
      // Nobody holds it now; when the lease runs out it is rung again.
      return work === "busy" ? undefined : work;
    },

    renew: async (held) => {
      if (held.length === 0) return;
      const now = clock.now();
      const rows = held.map(({ id, token }) => ({ id, token }));
      // commits: later leases for what is still held
      await engine.transaction("worker", (query) =>
        query(RENEW, [json(rows), later(now, CLAIM_SECONDS), later(now, ENOUGH_SECONDS)]),
      );
    },

    intend: async (work, way) => {
      // commits: that a send begins, where the token still holds
      const rows = await engine.transaction("worker", (query) =>
        query(INTEND, [work.id, work.token, way, clock.now()]),
      );
      return rows.length > 0;
    },

    settle: async (work, settlement) => {
      const held = await settlements.submit({ work, settlement });
      if (held === "busy") throw new Error("the agenda takes no more settlements: its line is full or it is closing");
      return held;
    },

    hasten: async (kind, destination, due) => {
      // commits: an earlier time for what waits there; no lease of what is held, so that it is taken up again
      const rows = await engine.transaction("worker", (query) => query(HASTEN, [kind, destination, due]));
      return rows.length;
    },

    ensure: async ({ id, kind, subject, referral, destination, due }) => {
      const values = [id, kind, subject, referral, destination, due, clock.now()];
      // commits: the row, where there is none of that id that lives
      await engine.transaction("worker", (query) => query(ENSURE, values));
    },

    releaseAll: async () => {
      // commits: no row leased, no token that could settle one; an attempt on record for each that a worker had,
      // and those dead that were given up
      const rows = await engine.transaction("worker", (query) => query(RELEASE_ALL, [clock.now(), MOST_LAPSES]));
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

const workOf = ({ lease_until, first_due, made_at, intent_way, intent_at, ...row }: WorkColumns): Work => ({
  ...row,
  leaseUntil: lease_until,
  firstDue: first_due,
  madeAt: made_at,
  ...(intent_way === null || intent_at === null ? {} : { intent: { way: intent_way, at: intent_at } }),
});

const settledRow = ({ work, settlement }: Settled) => ({
  work: work.id,
  token: work.token,
  result: settlement.kind,
  attempted: settlement.kind === "again" ? settlement.attempted : true,
  due: settlement.kind === "again" ? settlement.due : undefined,
  afresh: settlement.kind === "again" && settlement.afresh === true,
  cause: settlement.kind === "done" ? undefined : settlement.cause,
  callback: settlement.kind === "done" ? settlement.callback : undefined,
  silences: settlement.silences,
  tried: settlement.tried,
});
