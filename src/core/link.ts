// The rules of links, codes and visits: how long each lives, how often each may be tried, and where a link stands.
import { timingSafeEqual } from "node:crypto";
import type { Link, LinkStanding } from "../../schemas/link.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Not opened within `knockHours`, the letter goes again with a new link; after `most` letters it is a person's task. */
export const LINK = { days: 7, knockHours: 24, most: 3, mostADay: 5 } as const;
/** Six digits: 25 guesses for one link, of a million. */
export const CODE = { minutes: 10, tries: 5, most: 5 } as const;
/** A visit ends after a while without a click, and in any case at the end of a working day. */
export const VISIT = { minutes: 30, hours: 8 } as const;

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
export const linkEnds = (now: Date): Date => later(now, LINK.days * DAY);
export const knockAt = (now: Date): Date => later(now, LINK.knockHours * HOUR);
export const codeEnds = (now: Date): Date => later(now, CODE.minutes * MINUTE);
export const visitEnds = (now: Date): { until: Date; ends: Date } => ({
  until: later(now, VISIT.minutes * MINUTE),
  ends: later(now, VISIT.hours * HOUR),
});

export const standingOf = ({ redeemedAt, replacedAt, endsAt }: Link, now: Date): LinkStanding => {
  if (redeemedAt !== undefined) return "used";
  if (replacedAt !== undefined) return "replaced";
  return now < endsAt ? "open" : "ended";
};

/** Whether another letter may go to this provider about this offer today, because somebody asked for it. */
export const mayAskAgain = (links: readonly Pick<Link, "madeAt">[], now: Date): boolean =>
  links.filter(({ madeAt }) => now.getTime() - madeAt.getTime() < DAY).length < LINK.mostADay;

/** What a letter that nobody opened asks for. `undefined`: it was opened, is not the last one, or never left. */
export const afterSilence = (links: readonly Link[], link: string): "again" | "person" | undefined => {
  const last = links.at(-1);
  if (last?.id !== link || last.redeemedAt !== undefined || last.sentAt === undefined) return undefined;
  return links.filter(({ sentAt }) => sentAt !== undefined).length < LINK.most ? "again" : "person";
};

const DIGITS = 1_000_000;
/** Six digits from random bytes: of eight bytes, each code is as likely as any other to within one in ten billion. */
export const codeFrom = (bytes: Buffer): string => String(bytes.readBigUInt64BE() % BigInt(DIGITS)).padStart(6, "0");

/** As people type it: with spaces or a dash in the middle. */
export const tidyCode = (typed: string): string => typed.replaceAll(/[\s-]/g, "");

/** Takes as long whether the first sign differs or the last. */
export const sameDigest = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
};
