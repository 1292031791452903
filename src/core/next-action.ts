// Who owes the next step of an open referral, what it is, and until when: for the ledger and for `why` alike.
import type { NextAction, OpenRow } from "../../schemas/books.ts";
import type { ClockName } from "../../schemas/progress.ts";
import { dayOf, endOf } from "./calendar.ts";
import { addCounted, type Counts } from "./clock.ts";

export const OWED: Record<ClockName, string> = {
  deliver: "get the offer",
  acknowledge: "say that the referral was seen",
  answer: "say yes or no",
  contact: "reach the person",
  start: "begin the help",
  hold: "go on with the help, or end it",
  review: "say how the help goes",
};

/** A person of ours looks at what is held for them within two working days, and at what is stuck within one. */
const REVIEW_WITHIN = 2;
const STUCK_WITHIN = 1;

const ASKED: Record<NonNullable<OpenRow["why"]>, NextAction["owner"]> = {
  consent: "referrer",
  information: "referrer",
  review: "operator",
};

type Asked = Omit<OpenRow, "id" | "reference">;

/** Undefined: nobody owes anything, or nobody knows until when. The one is over, the other a fault of ours. */
export const nextActionOf = (row: Asked, counts: Counts): NextAction | undefined => {
  const within = (from: Date, days: number): Date => endOf(addCounted(dayOf(from), days, counts));
  if (row.stuck !== undefined)
    return { owner: "operator", action: "see to what was given up", due: within(row.stuck, STUCK_WITHIN) };
  switch (row.status) {
    case "received":
    case "seeking":
      return row.due && { owner: "waymark", action: "decide where it goes", due: row.due };
    case "held": {
      if (row.why === "review")
        return { owner: "operator", action: "look at it", due: within(row.since, REVIEW_WITHIN) };
      const action = row.why === "consent" ? "ask the person, and tell us" : "send what is missing";
      return row.due && { owner: ASKED[row.why ?? "information"], action, due: row.due };
    }
    case "offered":
    case "acknowledged":
    case "accepted":
    case "started":
      return (
        row.owes && {
          owner: "provider",
          ...(row.holder === undefined ? {} : { who: row.holder }),
          action: OWED[row.owes.clock],
          due: row.owes.at,
        }
      );
    default:
      return undefined;
  }
};
