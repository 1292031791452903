// Codes that are out: one for a subject, as a digest, with its end and its tries.
import type { Codes } from "../../src/ports/links.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";

/** $1 subject, $2 digest, $3 until, $4 the most that may be sent. */
const ISSUE = `
INSERT INTO waymark.code AS c (subject, code_digest, until, tries, sent) VALUES ($1::uuid, $2, $3::timestamptz, 0, 1)
ON CONFLICT (subject) DO UPDATE SET code_digest = excluded.code_digest, until = excluded.until, tries = 0, sent = c.sent + 1
WHERE c.sent < $4
RETURNING subject`;

/** Counted before it is compared, so that guesses at one time are no more guesses. */
const TRY = `
UPDATE waymark.code SET tries = tries + 1
WHERE subject = $1::uuid AND code_digest IS NOT NULL AND until > $2::timestamptz AND tries < $3
RETURNING code_digest, tries`;
const SPEND = `
UPDATE waymark.code SET code_digest = NULL WHERE subject = $1::uuid AND code_digest = $2 RETURNING subject`;

export const createCodes = ({ engine, clock }: { engine: Engine; clock: Clock }): Codes => {
  const run = <Row extends object>(sql: string, values: unknown[]): Promise<Row[]> =>
    engine.transaction("worker", (query) => query<Row>(sql, values));
  return {
    // commits: the new code in the place of the one before
    issue: async (subject, { digest, until, most }) => (await run(ISSUE, [subject, digest, until, most])).length > 0,
    attempt: async (subject, tries) => {
      // commits: one try more
      const [row] = await run<{ code_digest: string; tries: number }>(TRY, [subject, clock.now(), tries]);
      return row && { digest: row.code_digest, left: tries - row.tries };
    },
    // commits: the end of the code, once
    spend: async (subject, digest) => (await run(SPEND, [subject, digest])).length > 0,
  };
};
