// What operators' verbs work with, over the store of this process.
import { composeBackups } from "./backups.ts";
import { checkPacks } from "../adapters/directory/packs.ts";
import { migrate } from "../adapters/postgres/migrate.ts";
import { dayOf } from "./core/calendar.ts";
import { createIds, localClock } from "../adapters/system.ts";
import type { Config } from "../schemas/config.ts";
import { isEmbedded } from "./config.ts";
import type { Tools } from "./cli/verb.ts";
import { countMonitoring, FEWEST } from "./jobs/monitoring.ts";
import { createReplay } from "./jobs/replay.ts";
import { createWithdraw } from "./steps/withdraw.ts";
import { createOverride } from "./steps/override.ts";
import { composeLetters } from "./letters.ts";
import { composeNumberCheck } from "./links.ts";
import { createStatusView } from "./views/status.ts";
import { createTerms } from "./core/terms.ts";
import { createMove } from "./steps/move.ts";
import { createLedgerView } from "./views/ledger.ts";
import { createWhyView } from "./views/why.ts";
import { composeAuditCheck, composeReconcile } from "./reconciling.ts";
import { packsFolder } from "./packs.ts";
import { type Ground, openOutbound } from "./wire.ts";

/** `open` is asked when a verb first needs the store. */
export const toolsOf = (config: Config, open: () => Promise<Ground>): Tools => {
  const letters: Tools["letters"] = async (use) => {
    const { clock } = await open();
    const outbound = openOutbound(config, clock);
    return use(composeLetters(config, clock, outbound)).finally(outbound.close);
  };
  return {
    store: async () => (await open()).store,
    letters,
    quarantined: async () => (await (await open()).store.quarantine.inForce()) !== undefined,
    numbers: async (use) => {
      const ground = await open();
      return letters((by) => use(composeNumberCheck(ground, by)));
    },
    replay: async () => {
      const { store, vault } = await open();
      return createReplay({ desk: store.desk, archive: store.archive, digest: vault.digest });
    },
    monitoring: async (test) => {
      const { store } = await open();
      return { counts: await countMonitoring(store.monitoring, { test }), fewest: FEWEST };
    },
    move: async () => {
      const { store, rulebook, holidays, clock, ids } = await open();
      const terms = createTerms(rulebook, holidays);
      return createMove({ ledger: store.ledger, rulebook, holidays, terms, clock, ids });
    },
    ledger: async () => {
      const { store, holidays, clock } = await open();
      return createLedgerView({ desk: store.desk, holidays, clock });
    },
    why: async (reference) => {
      const { store, holidays, clock } = await open();
      return createWhyView({ desk: store.desk, pauses: store.pauses, quarantine: store.quarantine, holidays, clock })(
        reference,
      );
    },
    status: async () => {
      const { store, clock } = await open();
      return createStatusView({ alerts: store.alerts, lookout: store.lookout, clock })();
    },
    programmes: async () => {
      const { rulebook, clock } = await open();
      return rulebook.inForce(clock.now()).map(({ programme }) => programme.programme);
    },
    override: async (referral, request) => {
      const { store, rulebook, clock, ids } = await open();
      // The broker that serves finds the work at its next look.
      const bell = { nudge: () => undefined };
      return createOverride({ ledger: store.ledger, rulebook, clock, ids, bell })(
        { operator: true },
        referral,
        request,
      );
    },
    withdraw: async (referral, withdrawal) => {
      const { store, rulebook, holidays, clock, ids } = await open();
      // The broker that serves finds the work at its next look.
      const bell = { nudge: () => undefined };
      const step = createWithdraw({ ledger: store.ledger, rulebook, holidays, clock, ids, bell });
      return step({ operator: true }, referral, withdrawal);
    },
    ...composeBackups(config, open),
    checkAudit: async () => composeAuditCheck(config, await open()),
    reconcile: async (asked) => composeReconcile(config, await open())(asked),
    giveUpJournal: async (deed) =>
      config.WAYMARK_JOURNAL === undefined ? (await open()).store.journalBook.giveUp(deed) : "set",
    employers: async () => {
      const { rulebook, clock } = await open();
      return rulebook
        .inForce(clock.now())
        .flatMap(({ programme: { programme, employers } }) =>
          employers.map(({ id, name, pledged }) => ({ programme, employer: id, name, pledged })),
        );
    },
    ids: createIds(),
    embedded: isEmbedded(config),
    // Opening the store migrates it; this says what is still missing then: nothing, unless another program came first.
    migrate: async () => migrate((await open()).engine),
    checkPacks: (folder) => checkPacks(folder, dayOf(localClock.now())),
    packsFolder: packsFolder(config),
    packs: async () => (await open()).packs,
  };
};
