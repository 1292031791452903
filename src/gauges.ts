// What a scrape counts of the store: work that waits, the canary, the journal. One look serves all the figures of a scrape.
import { createMemo } from "../adapters/http/memo.ts";
import type { Metrics } from "../adapters/http/metrics.ts";
import type { Ground } from "./wire.ts";

type Canary = Awaited<ReturnType<Ground["store"]["canaries"]["last"]>>;
type Lag = Awaited<ReturnType<Ground["store"]["journalBook"]["lag"]>>;
type Backlog = Awaited<ReturnType<Ground["store"]["agenda"]["backlog"]>>;

export const gauges = (metrics: Metrics, { store, clock }: Ground): void => {
  // One look at the table serves all the figures of a scrape.
  const remembered = createMemo<Backlog>(clock, 1_000);
  const backlog = () => remembered("backlog", () => store.agenda.backlog());
  metrics.gauge("waymark_work_due", "Work that is due and not leased", async () => (await backlog()).due);
  metrics.gauge("waymark_work_waiting", "Work that waits for its time", async () => (await backlog()).waiting);
  metrics.gauge("waymark_work_dead", "Work that waits for a person", async () => (await backlog()).dead);
  const last = createMemo<Canary>(clock, 1_000);
  const canary = () => last("canary", () => store.canaries.last());
  metrics.gauge("waymark_canary_age_seconds", "Time since a canary came through", async () => {
    const { at } = (await canary()) ?? {};
    return at === undefined ? Number.NaN : (clock.now().getTime() - at.getTime()) / 1000;
  });
  metrics.gauge(
    "waymark_canary_seconds",
    "How long the last canary took",
    async () => (await canary())?.seconds ?? Number.NaN,
  );
  const lag = createMemo<Lag>(clock, 1_000);
  const journal = () => lag("journal", () => store.journalBook.lag());
  metrics.gauge("waymark_journal_waiting", "Lines that the journal is still to be told", async () => {
    const { kept, waiting } = await journal();
    return kept ? waiting : Number.NaN;
  });
  metrics.gauge("waymark_journal_behind_seconds", "Age of the oldest of them", async () => {
    const { kept, oldest } = await journal();
    if (!kept) return Number.NaN;
    return oldest === undefined ? 0 : Math.max(0, (clock.now().getTime() - oldest.getTime()) / 1000);
  });
  metrics.gauge("waymark_quarantine", "1 while nothing leaves", async () =>
    (await store.quarantine.inForce()) === undefined ? 0 : 1,
  );
  metrics.gauge("waymark_work_oldest_seconds", "Age of the oldest due work", async () => {
    const { oldestDue } = await backlog();
    return oldestDue === undefined ? 0 : Math.max(0, (clock.now().getTime() - oldestDue.getTime()) / 1000);
  });
};
