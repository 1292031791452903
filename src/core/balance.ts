// Does the ledger balance? accepted = open + ended + withdrawn + refused, and nothing is lost between one hop and the next.
import { type Books, type Difference, FAULTS, type Hop, HOPS } from "../../schemas/books.ts";
import { Status } from "../../schemas/referral.ts";

/** How each status counts. What nobody could take, and what nobody completed, was refused, and its referrer told why. */
const COUNTS: Record<Status, "open" | "ended" | "withdrawn" | "refused"> = {
  received: "open",
  held: "open",
  seeking: "open",
  offered: "open",
  acknowledged: "open",
  accepted: "open",
  started: "open",
  ended: "ended",
  withdrawn: "withdrawn",
  unmet: "refused",
  expired: "refused",
};

/** Statuses in which somebody owes something. */
export const OPEN_STATUSES = Status.options.filter((status) => COUNTS[status] === "open");

export type Balance = {
  balanced: boolean;
  accepted: number;
  open: number;
  ended: number;
  withdrawn: number;
  refused: number;
  hops: { hop: Hop; words: string; differences: number }[];
  differences: (Difference & { words: string })[];
};

const HOP_WORDS: Record<Hop, string> = {
  "door-store": "Taken at a door, and stored",
  "store-decided": "Stored, and decided or to be decided",
  "decided-offered": "Decided, and offered, held or refused",
  "offered-answered": "Offered, and answered or watched by a clock",
  "answered-told": "What happened, and told or to be told",
};

export const balanceOf = (books: Books): Balance => {
  const sum = { open: 0, ended: 0, withdrawn: 0, refused: 0 };
  for (const status of Status.options) sum[COUNTS[status]] += books.statuses[status] ?? 0;
  const { accepted, differences, offers, news } = books;
  const sums = [
    accepted === sum.open + sum.ended + sum.withdrawn + sum.refused,
    offers.made === offers.open + offers.answered + offers.takenBack,
    news.made === news.waiting + news.delivered + news.kept + news.dead,
  ];
  return {
    balanced: sums.every(Boolean) && differences.length === 0,
    accepted,
    ...sum,
    hops: HOPS.map((hop) => ({
      hop,
      words: HOP_WORDS[hop],
      differences: differences.filter((one) => one.hop === hop).length,
    })),
    differences: differences.map((one) => ({ ...one, words: FAULTS[one.fault] })),
  };
};
