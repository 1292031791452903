// Alerts: one table of codes, and what an alert holds. Words are made from codes; nothing in them is about a person.
import { z } from "zod";

/** `now` wakes someone at any hour; `morning` waits for the day. */
type Wakes = "now" | "morning";
type Row = { wakes: Wakes; title: string; words: string };

export const ALERTS = {
  "provider-failing": {
    wakes: "morning",
    title: "A provider cannot be reached",
    words: "Offers to this provider do not arrive. They wait, and are tried again by the schedule.",
  },
  "referrer-failing": {
    wakes: "morning",
    title: "A referrer cannot be told",
    words: "News for this referrer does not arrive. It waits, and is tried again by the schedule.",
  },
  "dead-letters": {
    wakes: "morning",
    title: "Dead letters wait for a person",
    words: "Something for this destination was given up. Nobody tries it again until a person has looked.",
  },
  "work-overdue": {
    wakes: "now",
    title: "Work is not being done",
    words: "Work has been due for too long, and no destination is to blame.",
  },
  "queue-down": {
    wakes: "now",
    title: "The queue does not answer",
    words: "Referrals are taken and kept, but nothing is decided or sent.",
  },
  "ringer-silent": {
    wakes: "now",
    title: "The ringer does not ring",
    words: "A process has found no due work for too long, although store and queue answer.",
  },
  "store-away": {
    wakes: "now",
    title: "The store cannot be written",
    words: "Referrers are turned away with 503, and nothing is decided or sent.",
  },
  "store-nearly-full": {
    wakes: "now",
    title: "The store is nearly full",
    words: "When there is no room left, referrers are turned away with 503.",
  },
  "canary-late": {
    wakes: "now",
    title: "The canary is late",
    words: "The made-up referral of each minute does not come through the whole path. Real ones may not either.",
  },
  quarantine: {
    wakes: "now",
    title: "Nothing leaves: the store is in quarantine",
    words:
      "The store may be an older copy. Referrals are taken and decided; nothing is sent before `waymark reconcile`.",
  },
  "journal-behind": {
    wakes: "morning",
    title: "The journal off the host is behind",
    words: "If this store were lost now, its backup could not be told of the latest withdrawals and erasures.",
  },
  "packs-unread": {
    wakes: "morning",
    title: "The rule packs cannot be read again",
    words: "A process goes on with the rules that it read before. What was activated since is not in force there.",
  },
  "clock-wrong": {
    wakes: "morning",
    title: "Two clocks disagree",
    words:
      "The clock of a process and the store's are far apart. We go by the store's; logs and certificates by the other.",
  },
  "pause-forgotten": {
    wakes: "morning",
    title: "A pause has lasted for a day",
    words: "What an operator paused is still paused.",
  },
} as const satisfies Record<string, Row>;

export const AlertCode = z.enum(Object.keys(ALERTS) as [keyof typeof ALERTS]);
export type AlertCode = z.infer<typeof AlertCode>;

/** What is wrong, and of what sort: codes, ids, numbers and times. */
export const AlertCodes = z.object({
  code: AlertCode,
  /** A destination, or the scope of a pause. */
  of: z.string().optional(),
  /** Why, as one of the causes of attempts. */
  cause: z.string().optional(),
  count: z.number().optional(),
});
export type AlertCodes = z.infer<typeof AlertCodes>;

/** Something that is wrong at this moment, since when. */
export type Stand = AlertCodes & { since: Date };

/** As the store keeps it. `told`: how often people heard of it. */
export type Alert = AlertCodes & {
  id: string;
  subject: string;
  since: Date;
  told: number;
  toldAt?: Date;
  endedAt?: Date;
};

/** By this several processes know it for the same. */
export const subjectOf = ({ code, of }: AlertCodes): string => (of === undefined ? code : `${code} ${of}`);

/** One alert to tell, for whoever holds its token. `id` is the same whenever this telling is tried again. */
export type Telling = { id: string; what: "begins" | "stands" | "ends"; alert: Alert; token: string };

export type AlertWords = { subject: string; text: string };
