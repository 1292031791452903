// Where the store says that referrals stand: statuses that events bear out and that never went back, one open offer at most, and
// no work in the past. Written without any of the code that keeps it so.
import type { House } from "./house.ts";

type EventRow = { reference: string; status: string; type: string; offer: string | null };

const EVENTS = `
SELECT r.reference, r.status, e.type, e.body ->> 'offer' AS offer
FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral ORDER BY e.referral, e.sequence`;

/** Where a referral stands after each event that moves it. */
const STANDS: Record<string, string> = {
  received: "received",
  held: "held",
  unmet: "unmet",
  expired: "expired",
  offered: "offered",
  acknowledged: "acknowledged",
  accepted: "accepted",
  started: "started",
  declined: "seeking",
  recalled: "seeking",
  lapsed: "seeking",
  ended: "ended",
  withdrawn: "withdrawn",
};
/** How far one offer has got: this only grows, and what is over stays over. */
const STEPS: Record<string, number> = { offered: 0, acknowledged: 1, accepted: 2, started: 3 };
const OVER = 4;
const LAST = new Set(["declined", "lapsed", "recalled", "ended"]);

export const statuses = async (house: House): Promise<string[]> => {
  const reached = new Map<string, number>();
  const stands = new Map<string, { is: string; should: string }>();
  const faults: string[] = [];
  for (const { reference, status, type, offer } of await house.sql<EventRow>(EVENTS)) {
    const before = stands.get(reference)?.should;
    const should = before === "withdrawn" ? before : (STANDS[type] ?? before ?? "received");
    stands.set(reference, { is: status, should });
    const step = LAST.has(type) ? OVER : STEPS[type];
    if (offer === null || step === undefined) continue;
    const was = reached.get(offer);
    if (was !== undefined && step <= was) faults.push(`${reference}: ${type} of an offer that had got to ${was}`);
    reached.set(offer, step);
  }
  for (const [reference, { is, should }] of stands)
    if (is !== should) faults.push(`${reference} is ${is}, and its events say ${should}`);
  return faults;
};

const TWO_OPEN = `
SELECT r.reference FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral
WHERE o.status IN ('sent', 'acknowledged', 'accepted', 'started') GROUP BY r.reference HAVING count(*) > 1`;

export const twoOpen = async (house: House): Promise<string[]> =>
  (await house.sql<{ reference: string }>(TWO_OPEN)).map(({ reference }) => `${reference} has two open offers`);

/** Behind an earlier one of its referral to the same receiver a row waits its turn. */
const LATE = `
SELECT w.kind, w.destination, w.due, w.attempt, w.cause FROM waymark.work w
WHERE w.dead_at IS NULL AND w.due <= $1 AND NOT EXISTS (
  SELECT FROM waymark.work e WHERE e.referral = w.referral AND e.destination = w.destination AND e.turn < w.turn AND e.dead_at IS NULL)`;
const UNASKED = `
SELECT c.offer FROM waymark.recall c
WHERE c.answer IS NULL AND NOT EXISTS (SELECT FROM waymark.work w WHERE w.kind = 'recall' AND w.subject = c.offer)`;

export const undone = async (house: House, now: Date): Promise<string[]> => [
  ...(await house.sql(LATE, [now])).map((row) => `left undone: ${JSON.stringify(row)}`),
  ...(await house.sql<{ offer: string }>(UNASKED)).map(({ offer }) => `nobody is asked any more to delete ${offer}`),
];
