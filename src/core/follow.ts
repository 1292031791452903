// How often an offer is looked at where its provider keeps it: the longer nothing has changed, the more rarely.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Pace = { younger: number; wait: number }[];

/** Since the offer last changed. Hourly is what referral networks ask of each other (SDOH Clinical Care, "Polling"). */
const POLL: Pace = [
  { younger: HOUR, wait: 5 * MINUTE },
  { younger: DAY, wait: 15 * MINUTE },
  { younger: 7 * DAY, wait: HOUR },
  { younger: Number.POSITIVE_INFINITY, wait: 6 * HOUR },
];
/** A bell may be lost: whoever is rung looks all the same, seldom. */
const RUNG: Pace = [
  { younger: DAY, wait: HOUR },
  { younger: Number.POSITIVE_INFINITY, wait: DAY },
];
export const PACES = { poll: POLL, subscription: RUNG } as const;

/** Up to this share later, so that offers made together are not looked at together. */
const JITTER = 0.1;

type Asked = { changedAt: Date; now: Date; answers: keyof typeof PACES; chance: number };

export const nextLook = ({ changedAt, now, answers, chance }: Asked): Date => {
  const age = now.getTime() - changedAt.getTime();
  const wait = PACES[answers].find(({ younger }) => age < younger)?.wait ?? DAY;
  return new Date(now.getTime() + Math.round(wait * (1 + JITTER * chance)));
};

type Followed = { id: string; referral: string; provider: string; assignedTo?: string | undefined };
/** A delivery partner keeps in its own system what its prime gave to it. */
const keeperOf = ({ provider, assignedTo }: Followed): string => assignedTo ?? provider;

const rowOf = (offer: Followed, destination: string, id: string, due: Date) => ({
  id,
  kind: "follow" as const,
  subject: offer.id,
  referral: offer.referral,
  destination,
  due,
});

/** A lane of its own: what goes out to one destination keeps its order, and no later offer may wait for a look. */
export const followLane = (provider: string): string => `follow:${provider}`;

/** Whom a lane leads to: a pause or a breaker of a provider is one for all that goes there. */
export const receiverOf = (destination: string): string => destination.replace(/^(follow|recall|nudge):/, "provider:");

/** The work that looks after one offer at its provider. */
export const following = (offer: Followed, id: string, due: Date) => rowOf(offer, followLane(keeperOf(offer)), id, due);
