// The work table as the ringer and workers see it, in memory: the rules of the port and nothing else.
import { EventEmitter, once } from "node:events";
import { randomUUID } from "node:crypto";
import type { Agenda } from "../../src/ports/agenda.ts";
import type { NewWork, Ring, Settlement, Work } from "../../schemas/work.ts";

type Row = NewWork & { attempt: number; token?: string; leaseUntil?: Date; dead: boolean };

export type AgendaDouble = Agenda & {
  add(count: number, row?: Partial<NewWork>): NewWork[];
  /** Resolves when nothing is left to do. */
  emptied(): Promise<void>;
  rows: Map<string, Row>;
  /** Every row as it was settled, in order. */
  settled: { id: string; settlement: Settlement }[];
  leases: number;
};

export const clock = { now: () => new Date() };

export const agendaDouble = (): AgendaDouble => {
  const rows = new Map<string, Row>();
  const settled: AgendaDouble["settled"] = [];
  const changes = new EventEmitter();
  const leased = (row: Row): boolean => row.leaseUntil !== undefined && row.leaseUntil > clock.now();

  const agenda: AgendaDouble = {
    rows,
    settled,
    leases: 0,
    add(count, row = {}) {
      const added = Array.from({ length: count }, (): NewWork => {
        const ids = { id: randomUUID(), subject: randomUUID(), referral: randomUUID() };
        return { ...ids, kind: "notify", destination: `client:${ids.id}`, due: clock.now(), ...row };
      });
      for (const one of added) rows.set(one.id, { ...one, attempt: 0, dead: false });
      return added;
    },
    async emptied() {
      while ([...rows.values()].some((row) => !row.dead)) await once(changes, "settled");
    },
    async lease({ limit, places, seconds }) {
      agenda.leases += 1;
      const now = clock.now();
      const taken = new Map<string, number>();
      for (const row of rows.values())
        if (leased(row)) taken.set(row.destination, (taken.get(row.destination) ?? 0) + 1);
      const rings: Ring[] = [];
      for (const row of [...rows.values()].sort((a, b) => a.due.getTime() - b.due.getTime())) {
        const busy = taken.get(row.destination) ?? 0;
        if (rings.length === limit) break;
        if (row.dead || row.due > now || leased(row) || (busy >= places && row.destination !== "assess")) continue;
        taken.set(row.destination, busy + 1);
        row.token = randomUUID();
        row.leaseUntil = new Date(now.getTime() + seconds * 1000);
        rings.push({ work: row.id, token: row.token });
      }
      return { rings, paced: false };
    },
    async claim(ring): Promise<Work | undefined> {
      const row = rows.get(ring.work);
      if (row === undefined || row.token !== ring.token || !leased(row)) return undefined;
      row.token = randomUUID();
      row.leaseUntil = new Date(clock.now().getTime() + 2_000);
      const { dead: _dead, ...work } = row;
      return { ...work, token: row.token, leaseUntil: row.leaseUntil, firstDue: row.due, madeAt: row.due };
    },
    async renew(held) {
      for (const { id, token } of held) {
        const row = rows.get(id);
        if (row?.token === token) row.leaseUntil = new Date(clock.now().getTime() + 2_000);
      }
    },
    async intend(work) {
      return rows.get(work.id)?.token === work.token;
    },
    async settle(work, settlement) {
      const row = rows.get(work.id);
      if (row === undefined || row.token !== work.token) return false;
      settled.push({ id: work.id, settlement });
      if (settlement.kind === "done") rows.delete(work.id);
      else {
        delete row.token;
        delete row.leaseUntil;
        if (settlement.kind === "dead") row.dead = true;
        else {
          row.due = settlement.due;
          row.attempt += settlement.attempted ? 1 : 0;
        }
      }
      changes.emit("settled");
      return true;
    },
    async hasten(kind, destination, due) {
      const waiting = [...rows.values()].filter((row) => row.kind === kind && row.destination === destination);
      for (const row of waiting) Object.assign(row, { due, token: undefined, leaseUntil: undefined });
      return waiting.length;
    },
    async ensure(work) {
      if (rows.get(work.id)?.dead !== false) rows.set(work.id, { ...work, attempt: 0, dead: false });
    },
    async releaseAll() {
      const held = [...rows.values()].filter((row) => !row.dead && row.leaseUntil !== undefined);
      for (const row of held) {
        delete row.token;
        delete row.leaseUntil;
      }
      return held.length;
    },
    async backlog() {
      return { due: rows.size, waiting: 0, dead: 0 };
    },
  };
  return agenda;
};
