// Which alerts stand, given what is seen: in the store, and inside this process.
import type { Stand } from "../../schemas/alert.ts";
import type { Pause } from "../../schemas/pause.ts";
import type { Inside, Sight } from "../../schemas/sight.ts";
import { receiverOf } from "./follow.ts";
import { pauseOn } from "./pause.ts";

export type Limits = {
  /** How long a destination may fail. */
  afterMs: number;
  /** How old due work may be. */
  overdueMs: number;
  /** How long the ringer, the queue or the register of packs may be silent. */
  silentMs: number;
  /** Undefined: no canary is sent from here. */
  canaryMs?: number;
  /** Largest size of a store on a server, where the operator names one. */
  storeBytes?: number;
  /** Least free space under an embedded store. */
  freeBytes: number;
  clockApartMs: number;
  pauseMs: number;
};

export const standing = (sight: Sight, inside: Inside, limits: Limits, now: Date): Stand[] => [
  ...failing(sight, limits, now),
  ...dead(sight),
  ...overdue(sight, inside, limits, now),
  ...canary(sight, inside, limits, now),
  ...forgotten(sight.pauses, limits, now),
  ...restoring(sight, inside, limits, now),
  ...store(sight, inside, limits, now),
  ...ours(inside, limits, now),
];

const olderThan = (since: Date | undefined, ms: number, now: Date): since is Date =>
  since !== undefined && now.getTime() - since.getTime() > ms;

/** Offers, and looks into a provider's own system, go to one receiver. */
const codeOf = (receiver: string): "referrer-failing" | "provider-failing" | undefined => {
  if (receiver.startsWith("client:")) return "referrer-failing";
  return receiver.startsWith("provider:") ? "provider-failing" : undefined;
};

const failing = ({ breakers, failing: tried, pauses }: Sight, { afterMs }: Limits, now: Date): Stand[] => {
  const seen = [
    ...breakers.flatMap(({ destination, since }): Failing[] => [{ destination, since, lastAt: since }]),
    // Another one arrived there after the last try of this: it is this one's own fault, and its schedule sees to it.
    ...tried.filter(({ lastAt, reachedAt }) => reachedAt === undefined || reachedAt <= lastAt),
  ].filter(({ since }) => olderThan(since, afterMs, now));
  const byReceiver = new Map<string, Stand>();
  for (const { destination, since, cause } of seen) {
    const receiver = receiverOf(destination);
    const code = codeOf(receiver);
    if (pauseOn(pauses, { destination: receiver }) !== undefined) continue;
    const before = byReceiver.get(receiver);
    byReceiver.set(receiver, {
      ...before,
      // What fails in a line of our own is nobody else's fault.
      code: code ?? "work-overdue",
      of: receiver,
      since: before === undefined || since < before.since ? since : before.since,
      ...(cause === undefined ? {} : { cause }),
    });
  }
  return [...byReceiver.values()];
};
type Failing = Sight["failing"][number];

const dead = (sight: Sight): Stand[] =>
  sight.dead.map(({ destination, count, oldest, cause }) => ({
    code: "dead-letters",
    of: destination,
    count,
    since: oldest,
    ...(cause === undefined ? {} : { cause }),
  }));

/** One alert for all of it: when we are stuck, every destination waits. */
const overdue = ({ due, breakers, pauses }: Sight, { upSince }: Inside, { overdueMs }: Limits, now: Date): Stand[] => {
  if (!olderThan(upSince, overdueMs, now)) return [];
  const leftAlone = new Set(breakers.map(({ destination }) => destination));
  const late = due
    .filter(({ destination, oldest }) => !leftAlone.has(destination) && olderThan(oldest, overdueMs, now))
    .filter(({ destination }) => pauseOn(pauses, { destination: receiverOf(destination) }) === undefined)
    .toSorted((one, other) => one.oldest.getTime() - other.oldest.getTime());
  const [first] = late;
  return first === undefined ? [] : [{ code: "work-overdue", count: late.length, since: first.oldest }];
};

/** While its door is paused nothing can come through. */
const canary = (
  { canary: { lastEnded, firstBegun }, pauses }: Sight,
  { upSince }: Inside,
  { canaryMs }: Limits,
  now: Date,
): Stand[] => {
  if (
    canaryMs === undefined ||
    !olderThan(upSince, canaryMs, now) ||
    pauseOn(pauses, { door: "jobcentre" }) !== undefined
  )
    return [];
  const since = lastEnded ?? firstBegun;
  return olderThan(since, canaryMs, now) ? [{ code: "canary-late", since }] : [];
};

const forgotten = (pauses: readonly Pause[], { pauseMs }: Limits, now: Date): Stand[] =>
  pauses
    .filter(({ since }) => olderThan(since, pauseMs, now))
    .map(({ scope, since }) => ({ code: "pause-forgotten", of: scope, since }));

/** In quarantine the journal waits for `waymark reconcile`: one alert says all of it. */
const restoring = ({ quarantine, journal }: Sight, inside: Inside, { afterMs }: Limits, now: Date): Stand[] => {
  if (quarantine !== undefined) return [{ code: "quarantine", since: quarantine.since, cause: quarantine.why }];
  const { journalUnreadSince: unread } = inside;
  if (olderThan(unread, afterMs, now)) return [{ code: "quarantine", since: unread, cause: "journal-unread" }];
  const { oldest } = journal ?? {};
  return olderThan(oldest, afterMs, now) ? [{ code: "journal-behind", since: oldest }] : [];
};

const store = ({ storeBytes }: Sight, inside: Inside, limits: Limits, now: Date): Stand[] => {
  const large = storeBytes !== undefined && limits.storeBytes !== undefined && storeBytes > limits.storeBytes;
  const tight = inside.freeBytes !== undefined && inside.freeBytes < limits.freeBytes;
  return large || tight ? [{ code: "store-nearly-full", since: now }] : [];
};

/** A ringer without a queue cannot ring: only the queue is named then. */
const ours = (inside: Inside, { silentMs, clockApartMs }: Limits, now: Date): Stand[] => {
  const { queueDownSince, rangAt, packsUnreadSince } = inside;
  const queueDown = olderThan(queueDownSince, silentMs, now);
  return [
    ...(queueDown ? [{ code: "queue-down" as const, since: queueDownSince }] : []),
    ...(!queueDown && queueDownSince === undefined && olderThan(rangAt, silentMs, now)
      ? [{ code: "ringer-silent" as const, since: rangAt }]
      : []),
    ...(olderThan(packsUnreadSince, silentMs, now) ? [{ code: "packs-unread" as const, since: packsUnreadSince }] : []),
    ...(Math.abs(inside.clockApartMs) > clockApartMs ? [{ code: "clock-wrong" as const, since: now }] : []),
  ];
};
