// The ledger: cases opened for a worker, and changes committed whole or not at all.
import type { Callback, CallbackState } from "../../schemas/callback.ts";
import type { Change, Draws, Journey, Ledger } from "../../src/ports/ledger.ts";
import type { Clock } from "../../src/ports/system.ts";
import { type Committed, writeChanges } from "./commit.ts";
import { answersOf, type Decided, decideIn, type Judge } from "./decide.ts";
import { CommitUnknown, type Engine, keyed } from "./engine.ts";
import { forgetIn } from "./forget.ts";
import { createGroup, type Group } from "./group.ts";
import { readJourney, readJourneys } from "./journey.ts";
import { isUuid } from "./rows.ts";
import type { Vault } from "./vault.ts";

/** Ids sort by time: the place in the line of a client's news, counted for those alone whose receivers count too. */
const CALLBACK = `
SELECT c.body, c.state, CASE WHEN k.callback_form = 'notification' THEN
  (SELECT count(*)::integer FROM waymark.callback b WHERE b.client = c.client AND b.id <= c.id) END AS number
FROM waymark.callback c LEFT JOIN waymark.client k ON k.id = c.client
WHERE c.id = $1::uuid`;

/** Passed over is not tried, unless because its provider fetches it. A row that broke may have broken after the send. */
const SENT = `
SELECT EXISTS (SELECT FROM waymark.work w
    WHERE w.referral = $2::uuid AND w.subject = $1::uuid AND w.dead_at IS NULL AND w.lease_until > $3::timestamptz
      AND (w.kind IN ('deliver', 'rectify', 'checkpoint') OR w.kind = 'nudge' AND w.destination <> 'contacts')) AS under_way,
  EXISTS (SELECT FROM waymark.attempt a
    WHERE a.referral = $2::uuid AND a.subject = $1::uuid AND a.kind = 'deliver'
      AND (a.outcome IN ('accepted', 'refused', 'unavailable', 'unknown', 'broke') OR a.cause = 'provider-pulls'))
  OR EXISTS (SELECT FROM waymark.work w
    WHERE w.referral = $2::uuid AND w.subject = $1::uuid AND w.kind = 'deliver' AND w.intent_at IS NOT NULL)
  -- A copy of this store that is gone may have sent it.
  OR EXISTS (SELECT FROM waymark.maybe_sent m WHERE m.offer = $1::uuid) AS tried`;

type Options = { engine: Engine; vault: Vault; clock: Clock };

/** The first of a group's programmes stay locked until the last of it has been judged. */
const DECIDED_AT_ONCE = 32;

export const createLedger = ({ engine, vault, clock }: Options): Ledger & { close(): Promise<void> } => {
  const byKey = keyed(engine);

  const write = (changes: Change[]): Promise<Committed[]> =>
    // commits: what writeChanges lists, for every change that is not stale
    byKey((query) => writeChanges(query, vault, clock.now(), changes));

  /** A lost answer to COMMIT: the same change again either finds itself written, or is written now. */
  const group = createGroup<Change, Committed>({
    inFlight: 1,
    run: (changes) =>
      write(changes).catch((error: unknown) => {
        if (error instanceof CommitUnknown) return write(changes);
        throw error;
      }),
  });

  /** Each is read after it was asked for, so that whoever has just committed finds it. */
  const opens = createGroup<string, Journey | undefined>({
    waitMs: 1,
    inFlight: 1,
    run: async (ids) => {
      const found = await readJourneys(engine.single, vault, ids);
      return ids.map((id) => found.get(id));
    },
  });

  const decide = async (draws: Draws, judges: readonly Judge[]): Promise<Decided[]> => {
    let judged: (Change | undefined)[] = [];
    const remembering = judges.map(
      (judge, at): Judge =>
        (capacity) =>
          (judged[at] = judge(capacity)),
    );
    try {
      // commits: what decideIn lists
      return await byKey((query) => {
        judged = [];
        return decideIn(query, vault, () => clock.now(), draws, remembering);
      });
    } catch (error) {
      if (!(error instanceof CommitUnknown) || judged.length < judges.length) throw error;
      // The capacity may be out of date by now, so nothing is written again, only looked for.
      const ours = judged.flatMap((change) => (change === undefined ? [] : [{ ...change, version: -1 }]));
      const found = await byKey((query) => writeChanges(query, vault, clock.now(), ours));
      return answersOf(judged, found);
    }
  };

  /**
   * Those that draw on the same queue up for the same lock: here, not in the store, where each would hold a connection. By what they draw on,
   * while any of them waits.
   */
  const lines = new Map<string, { decisions: Group<Judge, Decided>; waiting: number }>();
  const lineFor = (draws: Draws) => {
    const name = JSON.stringify([draws.programmes.toSorted(), draws.services.toSorted()]);
    const line = lines.get(name) ?? {
      decisions: createGroup({ most: DECIDED_AT_ONCE, waitMs: 1, inFlight: 1, run: (judges) => decide(draws, judges) }),
      waiting: 0,
    };
    lines.set(name, line);
    return { name, line };
  };

  const commit = async (change: Change): Promise<Committed> => {
    const result = await group.submit(change);
    if (result === "busy") throw new Error("the ledger takes no more changes: its line is full or it is closing");
    return result;
  };

  return {
    open: async (referral) => {
      if (!isUuid(referral)) return undefined;
      const journey = await opens.submit(referral.toLowerCase());
      if (journey === "busy") throw new Error("the ledger opens no more cases: its line is full or it is closing");
      return journey;
    },
    openByOffer: (offer) => engine.transaction("worker", (query) => readJourney(query, vault, "offer", offer)),
    commit,

    decide: async (draws, judge) => {
      const { name, line } = lineFor(draws);
      line.waiting += 1;
      try {
        const decided = await line.decisions.submit(judge);
        if (decided === "busy") throw new Error("the ledger decides no more: its line is full or it is closing");
        return decided;
      } finally {
        line.waiting -= 1;
        if (line.waiting === 0) lines.delete(name);
      }
    },

    callback: async (id) => {
      if (!isUuid(id)) return undefined;
      type Row = { body: Callback; state: CallbackState; number: number | null };
      const [row] = await engine.single<Row>(CALLBACK, [id], "callback");
      return row && { ...row.body, state: row.state, ...(row.number === null ? {} : { number: row.number }) };
    },

    amendment: async (referral, key) => {
      if (!isUuid(referral)) return undefined;
      type Row = { id: string; body_digest: string; received_at: Date };
      const [row] = await engine.transaction("worker", (query) =>
        query<Row>("SELECT id, body_digest, received_at FROM waymark.amendment WHERE referral = $1 AND key = $2", [
          referral,
          key,
        ]),
      );
      return row && { id: row.id, bodyDigest: row.body_digest, at: row.received_at };
    },

    sent: async ({ id, referral }) => {
      const [row] = await engine.transaction("worker", (query) =>
        query<{ under_way: boolean; tried: boolean }>(SENT, [id, referral, clock.now()]),
      );
      if (row?.under_way === true) return "under-way";
      return row?.tried === true ? "maybe" : "never";
    },

    // commits: the case without its key, its person keys gone, its referrals moved on
    forget: (caseId) => engine.transaction("worker", (query) => forgetIn(query, clock.now(), caseId)),
    close: async () => {
      const deciding = [...lines.values()].map(({ decisions }) => decisions.close());
      await Promise.all([opens.close(), group.close(), ...deciding]);
    },
  };
};
