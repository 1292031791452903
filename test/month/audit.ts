// What must hold at the end of the month: the ledger, and the receivers' books beside the store's. Each difference in words.
import type { Books, Received } from "./books.ts";
import { lapses } from "./days.ts";
import type { House } from "./house.ts";
import type { Referrers } from "./referrers.ts";
import { statuses, twoOpen, undone } from "./stands.ts";

type Ledger = {
  balanced: boolean;
  accepted: number;
  open: number;
  ended: number;
  withdrawn: number;
  refused: number;
  differences: { reference: string; hop: string; fault: string }[];
  openReferrals: { reference: string; status: string; overdue: boolean; next?: { owner: string; due: string } }[];
};
export type Audit = { ledger: Pick<Ledger, "accepted" | "open" | "ended" | "withdrawn" | "refused">; faults: string[] };
type Options = { house: House; books: Books; referrers: Referrers; now: Date };

/** A few of each kind say as much as all. */
const FEW = 8;
const some = (faults: string[], what: string): string[] =>
  faults.length > FEW ? [...faults.slice(0, FEW), `and ${faults.length - FEW} more: ${what}`] : faults;

export const audit = async (options: Options): Promise<Audit> => {
  const { house, books } = options;
  const ledger = JSON.parse((await house.verb("ledger", "--json", "--open", "--limit", "100000")).out) as Ledger;
  const silent = await lapses(house);
  books.counts.set("lapses of silence on the day", silent.seen - silent.faults.length);
  const checks: [string, string[] | Promise<string[]>][] = [
    ["the ledger", balance(ledger, options)],
    ["open referrals", owed(ledger)],
    ["repeats", repeats(books)],
    ["news", news(options)],
    ["recalls", recalls(books)],
    ["after a withdrawal", withdrawals(options)],
    ["statuses", statuses(house)],
    ["offers", twoOpen(house)],
    ["lapses", silent.faults],
    ["work", undone(house, options.now)],
  ];
  const faults: string[] = [...books.wrongs];
  for (const [what, found] of checks) faults.push(...some(await found, what));
  return { ledger, faults };
};

const balance = (ledger: Ledger, { referrers, books }: Options): string[] => [
  ...ledger.differences.map(({ reference, hop, fault }) => `${reference} ${hop} ${fault}`),
  ...(ledger.balanced ? [] : ["the ledger does not balance"]),
  ...(ledger.accepted === referrers.known.size + (books.counts.get("returned") ?? 0)
    ? []
    : [`${ledger.accepted} in the ledger, and ${referrers.known.size} were told that they were taken`]),
];

/** Where a provider is overdue others have been told, and its clock rings again. */
const owed = ({ openReferrals, open }: Ledger): string[] => [
  ...(openReferrals.length === open ? [] : [`${openReferrals.length} of ${open} open referrals are listed`]),
  ...openReferrals.flatMap(({ reference, status, next, overdue }) => {
    if (next === undefined) return [`${reference} is ${status} and nobody owes anything`];
    if (overdue && next.owner === "waymark") return [`${reference} is ${status}: we are overdue since ${next.due}`];
    return [];
  }),
];

/** The same id to the same receiver, and the same bytes. */
const repeats = ({ all }: Books): string[] => {
  const first = new Map<string, Received>();
  return all.flatMap((one) => {
    const known = first.get(one.id);
    first.set(one.id, known ?? one);
    if (known === undefined || (known.who === one.who && known.body === one.body)) return [];
    // A prime and its partner are each asked about the same offer.
    if (known.type === "offer.made" && known.who !== one.who && known.offer === one.offer) return [];
    return [`${one.type} ${one.id} came to ${one.who} with another body than at first`];
  });
};

type CallbackRow = {
  id: string;
  referral: string;
  organisation: string;
  sequence: number;
  state: string;
  works: boolean;
  /** It was given up once, and sent again by hand: then it comes late (docs/callbacks.md). */
  byHand: boolean;
};

const CALLBACKS = `
SELECT c.id, c.referral, k.organisation, (c.body ->> 'sequence')::integer AS sequence, c.state,
  EXISTS (SELECT FROM waymark.work w WHERE w.kind = 'notify' AND w.subject = c.id AND w.dead_at IS NULL) AS works,
  EXISTS (SELECT FROM waymark.attempt a WHERE a.referral = c.referral AND a.subject = c.id AND a.result = 'dead') AS "byHand"
FROM waymark.callback c JOIN waymark.client k ON k.id = c.client`;

const news = async ({ house, books, referrers }: Options): Promise<string[]> => {
  const rows = await house.sql<CallbackRow>(CALLBACKS);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const heard = books.all.filter(({ type }) => type === "news");
  const heardBy = new Set(heard.map(({ id, who }) => `${id} ${who}`));
  const last = new Map<string, number>();
  return [
    ...rows.flatMap(({ id, organisation, state, works }) => {
      const came = heardBy.has(`${id} ${organisation}`);
      if (state === "delivered" && !came) return [`news ${id} was delivered, and never came`];
      if (state === "waiting" && !works) return [`news ${id} waits, and nothing tells it`];
      return state === "kept" || state === "dead" ? [`news ${id} is ${state} though everybody can be reached`] : [];
    }),
    ...heard.flatMap(({ id, who, reference }) => {
      const row = byId.get(id);
      if (row === undefined)
        return referrers.erased.has(reference) ? [] : [`news ${id} came to ${who}, and no store knows it`];
      if (row.organisation !== who) return [`news ${id} for ${row.organisation} came to ${who}`];
      if (row.byHand) return [];
      const before = last.get(row.referral) ?? 0;
      last.set(row.referral, row.sequence);
      return row.sequence < before ? [`${reference}: news ${row.sequence} came to ${who} after ${before}`] : [];
    }),
  ];
};

const recalls = ({ all }: Books): string[] => {
  const recalled = new Set<string>();
  return all.flatMap(({ who, offer, type, reference }) => {
    if (offer === undefined) return [];
    const name = `${who} ${offer}`;
    if (type === "offer.recalled") recalled.add(name);
    else if (recalled.has(name)) return [`${reference}: ${type} came to ${who} after its recall`];
    return [];
  });
};

/** A quarter of an hour is one moment here: what left in the same one may have crossed. */
const withdrawals = ({ books, referrers }: Options): string[] =>
  books.all.flatMap(({ at, type, reference, who }) => {
    const since = referrers.withdrawn.get(reference);
    if (since === undefined || at <= since || type === "news" || type === "offer.recalled") return [];
    return [`${reference}: ${type} came to ${who} after it was withdrawn`];
  });
