// Is anything silent? The ledger's balance, and every open referral with who owes what until when.
import type { Holidays } from "../../schemas/holidays.ts";
import type { NextAction } from "../../schemas/books.ts";
import { balanceOf, type Balance } from "../core/balance.ts";
import { countsFor } from "../core/clock.ts";
import { nextActionOf } from "../core/next-action.ts";
import type { Desk } from "../ports/desk.ts";
import type { Clock } from "../ports/system.ts";

type Ports = { desk: Pick<Desk, "books" | "open">; holidays: Holidays; clock: Clock };

/** `next` is missing where nobody owes anything: the balance names it. */
export type OpenLine = { reference: string; status: string; overdue: boolean; next?: NextAction };
export type LedgerView = {
  balance(): Promise<Balance>;
  /** Those that are due first, first. */
  open(limit: number): Promise<OpenLine[]>;
};

const PAGE = 500;

export const createLedgerView = ({ desk, holidays, clock }: Ports): LedgerView => ({
  balance: async () => balanceOf(await desk.books()),
  open: async (limit) => {
    const counts = countsFor("england", holidays);
    const lines: OpenLine[] = [];
    let after: string | undefined;
    do {
      const rows = await desk.open({ after, limit: PAGE });
      for (const row of rows) {
        const next = nextActionOf(row, counts);
        const overdue = next !== undefined && next.due <= clock.now();
        lines.push({ reference: row.reference, status: row.status, overdue, ...(next === undefined ? {} : { next }) });
      }
      after = rows.length === PAGE ? rows.at(-1)?.id : undefined;
    } while (after !== undefined);
    return lines.toSorted((a, b) => (a.next?.due.getTime() ?? 0) - (b.next?.due.getTime() ?? 0)).slice(0, limit);
  },
});
