// The ledger: cases opened for a worker, and changes committed whole or not at all.
import type { Callback } from "../../schemas/callback.ts";
import type { CallbackState, Change, Clock, Ledger } from "../../src/ports.ts";
import { type Committed, writeChanges } from "./commit.ts";
import { decideIn } from "./decide.ts";
import { CommitUnknown, type Engine } from "./engine.ts";
import { forgetIn } from "./forget.ts";
import { createGroup } from "./group.ts";
import { readJourney } from "./journey.ts";
import { isUuid } from "./rows.ts";
import type { Vault } from "./vault.ts";

type Options = { engine: Engine; vault: Vault; clock: Clock };

export const createLedger = ({ engine, vault, clock }: Options): Ledger & { close(): Promise<void> } => {
  const write = (changes: Change[]): Promise<Committed[]> =>
    // commits: what writeChanges lists, for every change that is not stale
    engine.transaction("worker", (query) => writeChanges(query, vault, clock.now(), changes));

  /** A lost answer to COMMIT: the same change again either finds itself written, or is written now. */
  const group = createGroup<Change, Committed>({
    run: (changes) =>
      write(changes).catch((error: unknown) => {
        if (error instanceof CommitUnknown) return write(changes);
        throw error;
      }),
  });

  const commit = async (change: Change): Promise<Committed> => {
    const result = await group.submit(change);
    if (result === "busy") throw new Error("the ledger takes no more changes: its line is full or it is closing");
    return result;
  };

  return {
    open: (referral) => engine.transaction("worker", (query) => readJourney(query, vault, "referral", referral)),
    openByOffer: (offer) => engine.transaction("worker", (query) => readJourney(query, vault, "offer", offer)),
    commit,

    decide: async (programmes, judge) => {
      let judged: Change | undefined;
      const remember: typeof judge = (capacity) => (judged = judge(capacity));
      try {
        // commits: what decideIn lists
        return await engine.transaction("worker", (query) =>
          decideIn(query, vault, () => clock.now(), programmes, remember),
        );
      } catch (error) {
        if (!(error instanceof CommitUnknown) || judged === undefined) throw error;
        // Its capacity may be out of date by now, so it is not written again, only looked for.
        const ours = judged;
        const [result] = await engine.transaction("worker", (query) =>
          writeChanges(query, vault, clock.now(), [{ ...ours, version: -1 }]),
        );
        return result ?? "stale";
      }
    },

    callback: async (id) => {
      if (!isUuid(id)) return undefined;
      const [row] = await engine.transaction("worker", (query) =>
        query<{ body: Callback; state: CallbackState }>("SELECT body, state FROM waymark.callback WHERE id = $1", [id]),
      );
      return row && { ...row.body, state: row.state };
    },

    // commits: the case without its key, its person keys gone, its referrals moved on
    forget: (caseId) => engine.transaction("worker", (query) => forgetIn(query, clock.now(), caseId)),
    close: () => group.close(),
  };
};
