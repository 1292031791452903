// The journal off the host as this process keeps it: compared at start, written to all the time, and once more at the end.
import { createFileJournal } from "../adapters/journal/file.ts";
import { createWebJournal } from "../adapters/journal/web.ts";
import type { Log } from "../adapters/log.ts";
import type { Outbound } from "../adapters/outbound/client.ts";
import type { Config } from "../schemas/config.ts";
import type { Quarantine } from "../schemas/journal.ts";
import { isEmbedded } from "./config.ts";
import { every } from "./every.ts";
import type { Journal, JournalLag, QuarantineDesk } from "./ports/journal.ts";
import { createKeepJournal, type Kept } from "./steps/keep-journal.ts";
import { type Ground, openOutbound } from "./wire.ts";

type JournalWatch = {
  /** The store's, and what this process alone knows: that it has not compared yet. */
  quarantine: QuarantineDesk;
  unreadSince(): Date | undefined;
  stop(): Promise<void>;
};

/** In words for whoever asks whether we are ready. */
export const journalDetail = ({ kept, waiting, oldest }: JournalLag, { WAYMARK_JOURNAL: where }: Config): string => {
  if (where === undefined && !kept) return "none: a restored older copy would not be noticed";
  if (where === undefined) return `WAYMARK_JOURNAL is not set, and ${waiting} lines wait for it`;
  return oldest === undefined ? "up to date" : `${waiting} lines wait, the oldest since ${oldest.toISOString()}`;
};

export const quarantineDetail = (quarantine: Quarantine | undefined): string =>
  quarantine === undefined
    ? "none"
    : `since ${quarantine.since.toISOString()}: ${quarantine.why}. Nothing leaves before waymark reconcile`;

const EVERY_MS = 1_000;
/** A stop must not wait for a server that hangs. */
const PATIENCE_MS = 2_000;
/** A page of lines from a server. */
const MOST_BYTES = 16 * 1024 * 1024;

export const openJournal = (where: string, outbound: Pick<Outbound, "request">): Journal =>
  /^https?:\/\//.test(where) ? createWebJournal(where, outbound) : createFileJournal(where);

export const openJournalWay = (config: Config, { clock }: Pick<Ground, "clock">): Outbound =>
  openOutbound(config, clock, { maxAnswer: MOST_BYTES, timeoutMs: PATIENCE_MS });

export const keepJournal = async (config: Config, ground: Ground, log: Log): Promise<JournalWatch> => {
  const { store, clock, vault } = ground;
  const { journalBook: book, quarantine } = store;
  const { WAYMARK_JOURNAL: where } = config;
  if (where === undefined) {
    const { kept } = await book.lag();
    if (kept) log.warn("a journal was kept and WAYMARK_JOURNAL is not set: what it must be told is piling up");
    return { quarantine, unreadSince: () => undefined, stop: async () => undefined };
  }
  const outbound = openJournalWay(config, ground);
  const mark = (text: string): string => vault.digest("journal", text);
  const keep = createKeepJournal({ book, quarantine, journal: openJournal(where, outbound), mark });
  await book.keep(isEmbedded(config));

  let unread: Quarantine | undefined = { since: clock.now(), why: "journal-unread" };
  let failing = false;
  const round = async (): Promise<void> => {
    try {
      let kept: Kept;
      do kept = await keep();
      while (kept.outcome === "kept" && kept.more);
      if (kept.outcome === "busy") return;
      if (kept.outcome === "quarantined" && unread !== undefined) log.error("in quarantine: see waymark status");
      const first = unread !== undefined;
      unread = undefined;
      if (first) await store.pauses.setFree();
      if (failing) log.info("the journal is written again");
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, "the journal cannot be written");
      failing = true;
    }
  };
  await book.note({ kind: "started", body: {} });
  await round();
  const writing = every(EVERY_MS, round);
  return {
    quarantine: {
      ...quarantine,
      inForce: async () => (await quarantine.inForce()) ?? unread,
      read: async () => (await quarantine.read()) ?? unread,
    },
    unreadSince: () => unread?.since,
    stop: async () => {
      await writing.stop();
      await book.note({ kind: "stopped", body: {} });
      await round();
      await outbound.close();
    },
  };
};
