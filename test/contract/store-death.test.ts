// The server dies under intake: whatever was stored is whole, whatever was answered is stored, and a retry is recognised.
import { describe, expect, it } from "vitest";
import type { Accepted, Submission } from "../../src/ports/intake.ts";
import { engines } from "../engines.ts";
import { aHome, aSubmission, type Home } from "../builders/store.ts";

const KILL_BUSY = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`;

/** Kills every backend that is at work, over and over, until stopped. Its own may be among them. */
const killer = (home: Home): { stop(): Promise<void> } => {
  const state = { over: false };
  const killing = (async () => {
    while (!state.over) await home.sql(KILL_BUSY).catch(() => undefined);
  })();
  return {
    stop: async () => {
      state.over = true;
      await killing;
    },
  };
};

const PARTS = `
SELECT s.id, (SELECT count(*) FROM waymark.event e WHERE e.referral = s.referral) AS events,
  (SELECT count(*) FROM waymark.work w WHERE w.referral = s.referral) AS works,
  (SELECT count(*) FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id WHERE r.id = s.referral) AS cases
FROM waymark.submission s`;

// PGlite has no backends to kill: its process is ours.
describe.each(engines().filter((on) => on.name === "PostgreSQL"))("a server that dies under intake on $name", (on) => {
  it("has stored all or nothing, and a retry gets the first reference", async () => {
    const home = await aHome(on);
    try {
      const submissions: Submission[] = [];
      const answers: PromiseSettledResult<Accepted>[] = [];
      const death = killer(home);
      // On until something was killed, or this would prove nothing.
      while (submissions.length < 150 || !answers.some((one) => one.status === "rejected")) {
        const batch = Array.from({ length: 30 }, () => aSubmission());
        submissions.push(...batch);
        answers.push(...(await Promise.allSettled(batch.map((one) => home.store.intake.accept(one)))));
      }
      await death.stop();

      const whole = await home.sql<{ id: string; events: number; works: number; cases: number }>(PARTS);
      expect(whole.filter((row) => row.events !== 1 || row.works !== 1 || row.cases !== 1)).toEqual([]);
      const stored = new Set(whole.map((row) => row.id));
      const lost = submissions.filter(({ id }, at) => answers[at]?.status === "fulfilled" && !stored.has(id));
      expect(lost).toEqual([]);

      const again = await Promise.all(
        submissions.map(({ key, bodyDigest }) => home.store.intake.accept(aSubmission({ key, bodyDigest }))),
      );
      const wrong = submissions.filter(({ id, reference }, at) => {
        const answer = again[at];
        if (!stored.has(id)) return answer?.outcome !== "taken";
        return answer?.outcome !== "repeat" || !answer.sameBody || answer.taken.reference !== reference;
      });
      expect(wrong).toEqual([]);
    } finally {
      await home.close();
    }
  });
});
