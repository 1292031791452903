// `waymark reconcile` and `waymark audit verify` over the store of this process, with the journal that the settings name.
import { setTimeout } from "node:timers/promises";
import type { JournalBook } from "./ports/journal.ts";
import type { Letters } from "./ports/outward.ts";
import type { Client } from "../schemas/client.ts";
import type { Config } from "../schemas/config.ts";
import type { UnsentHow } from "../schemas/reconcile.ts";
import { openComparing } from "./comparing.ts";
import { openJournal, openJournalWay } from "./journal.ts";
import { composeLetters } from "./letters.ts";
import { createAmend } from "./steps/amend.ts";
import { createReconcile, type Reconcile } from "./steps/reconcile.ts";
import { createWithdraw } from "./steps/withdraw.ts";
import { type AuditCheck, createAuditCheckView } from "./views/audit-check.ts";
import type { Ground } from "./wire.ts";

/** The broker that serves finds the work at its next look. */
const bell = { nudge: () => undefined };

export const composeReconcile =
  (config: Config, ground: Ground): Reconcile =>
  async (asked) => {
    const { store, vault, rulebook, holidays, clock, ids } = ground;
    const { ledger, reader, journalBook: book, restoring, clients } = store;
    const outbound = openJournalWay(config, ground);
    const letters = composeLetters(config, clock, outbound);
    const shared = { ledger, rulebook, holidays, clock, ids };
    const { WAYMARK_JOURNAL: where } = config;
    const comparing = openComparing(config, ground, letters);
    const run = createReconcile({
      ...shared,
      ask: comparing.ask,
      take: comparing.take,
      book: { ...book, begin: patiently(book.begin) },
      restoring,
      journal: where === undefined ? undefined : openJournal(where, outbound),
      mark: (text) => vault.digest("journal", text),
      withdraw: createWithdraw({ ...shared, bell }),
      amend: createAmend({ ...shared, reader, digest: vault.digest, bell }),
      unsentBy: async ({ provider, test }) => howTo(await clients.byOrganisation("provider", provider, test), letters),
    });
    return run(asked).finally(async () => {
      await comparing.close();
      await outbound.close();
    });
  };

/** The broker that serves holds the journal for a moment each second. */
const TRIES = 30;
const BETWEEN_MS = 100;

const patiently = (begin: JournalBook["begin"]) => async (): ReturnType<JournalBook["begin"]> => {
  for (let attempt = 1; attempt < TRIES; attempt += 1) {
    const writing = await begin();
    if (writing !== undefined) return writing;
    await setTimeout(BETWEEN_MS);
  }
  return begin();
};

export const composeAuditCheck = async (config: Config, ground: Ground): Promise<AuditCheck> => {
  const { vault, store } = ground;
  const outbound = openJournalWay(config, ground);
  const { WAYMARK_JOURNAL: where } = config;
  const check = createAuditCheckView({
    audit: store.auditBook,
    journal: where === undefined ? undefined : openJournal(where, outbound),
    marks: { audit: (text) => vault.digest("audit", text), journal: (text) => vault.digest("journal", text) },
  });
  return check().finally(outbound.close);
};

const howTo = (client: Client | undefined, letters: Letters): { how: UnsentHow; way?: string } => {
  if (client === undefined) return { how: "nobody" };
  const by = client.reach?.by ?? (client.callbackUrl === undefined ? "pull" : "webhook");
  if (by === "mesh") return { how: "asked", way: "mesh" };
  if (by === "email") return letters.idempotent("email") ? { how: "same-id" } : { how: "person", way: "email" };
  return { how: by === "pull" ? "pulled" : "same-id" };
};
