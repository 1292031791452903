// Links by which people without a system come in. Tokens are digests before they reach this file.
import type { Link } from "../../schemas/link.ts";
import type { Links } from "../../src/ports/links.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";

type Columns = {
  id: string;
  offer: string;
  referral: string;
  client: string;
  made_at: Date;
  ends_at: Date;
  sent_at: Date | null;
  replaced_at: Date | null;
  redeemed_at: Date | null;
};

const COLUMNS = "id, offer, referral, client, made_at, ends_at, sent_at, replaced_at, redeemed_at";
const READ = `SELECT ${COLUMNS} FROM waymark.link`;

/** One that was used keeps its place: its visit may still go on. */
const REPLACE = `
UPDATE waymark.link SET replaced_at = $2::timestamptz
WHERE offer = $1::uuid AND replaced_at IS NULL AND redeemed_at IS NULL`;
const MAKE = `
INSERT INTO waymark.link (id, offer, referral, client, token_digest, made_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const PLAN = `
INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`;

/** Only one visit is opened, however many try at one time. */
const REDEEM = `
UPDATE waymark.link SET redeemed_at = $2::timestamptz, session_digest = $3, session_until = $4::timestamptz,
  session_ends = $5::timestamptz
WHERE id = $1::uuid AND redeemed_at IS NULL AND replaced_at IS NULL AND ends_at > $2::timestamptz
RETURNING id`;
const VISIT = `
UPDATE waymark.link SET session_until = least($3::timestamptz, session_ends)
WHERE session_digest = $1 AND session_until > $2::timestamptz
RETURNING ${COLUMNS}`;

export const createLinks = ({ engine, clock }: { engine: Engine; clock: Clock }): Links => {
  const run = <Row extends object>(sql: string, values: unknown[]): Promise<Row[]> =>
    engine.transaction("worker", (query) => query<Row>(sql, values));
  const one = async (sql: string, values: unknown[]): Promise<Link | undefined> => {
    const [row] = await run<Columns>(sql, values);
    return row && linkOf(row);
  };

  return {
    make: async ({ id, offer, referral, client, token, endsAt }, knock) => {
      const now = clock.now();
      const plan = [knock.id, knock.kind, knock.subject, knock.referral, knock.destination, knock.due, now];
      // commits: the new link, the end of those before it, and its time-out
      await engine.transaction("worker", async (query) => {
        await query(REPLACE, [offer, now]);
        await query(MAKE, [id, offer, referral, client, token, now, endsAt]);
        await query(PLAN, plan);
      });
    },
    renew: async (id, token, endsAt) => {
      // commits: another token in the place of one that never left us
      await run("UPDATE waymark.link SET token_digest = $2, ends_at = $3::timestamptz WHERE id = $1::uuid", [
        id,
        token,
        endsAt,
      ]);
    },
    sent: async (id) => {
      // commits: that the letter is on its way
      await run("UPDATE waymark.link SET sent_at = $2::timestamptz WHERE id = $1::uuid", [id, clock.now()]);
    },
    ofOffer: async (offer) =>
      (await run<Columns>(`${READ} WHERE offer = $1::uuid ORDER BY made_at, id`, [offer])).map(linkOf),
    byToken: (token) => one(`${READ} WHERE token_digest = $1`, [token]),
    redeem: async (id, { token, until, ends }) => {
      // commits: the link's end, and the one visit that it opens
      return (await run(REDEEM, [id, clock.now(), token, until, ends])).length > 0;
    },
    visit: (token, until) => {
      // commits: the visit goes on until then, or to its end
      return one(VISIT, [token, clock.now(), until]);
    },
    leave: async (token) => {
      // commits: the end of the visit
      await run("UPDATE waymark.link SET session_until = $2::timestamptz WHERE session_digest = $1", [
        token,
        clock.now(),
      ]);
    },
  };
};

const linkOf = (row: Columns): Link => ({
  id: row.id,
  offer: row.offer,
  referral: row.referral,
  client: row.client,
  madeAt: row.made_at,
  endsAt: row.ends_at,
  ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
  ...(row.replaced_at === null ? {} : { replacedAt: row.replaced_at }),
  ...(row.redeemed_at === null ? {} : { redeemedAt: row.redeemed_at }),
});
