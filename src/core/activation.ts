// Which versions of packs are in force on a day, and what may be activated. A version that decided once keeps its content.
import { type Activation, FOLDER } from "../../schemas/activation.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { PlainDate } from "../../schemas/text.ts";

type Version = { programme: string; version: number; digest: string };
type Lifetime = Pick<Activation, "from" | "until">;
export type Active = Lifetime & { programme: Programme; digest: string };

const runs = ({ from, until, programme: { validFrom, validTo } }: Active, day: PlainDate): boolean =>
  from <= day && (until === undefined || day < until) && validFrom <= day && (validTo === undefined || day <= validTo);

/** Of several versions of a programme the highest, in the order of their ids. */
export const inForceOn = <T extends Active>(all: readonly T[], day: PlainDate): T[] => {
  const highest = new Map<string, T>();
  for (const one of all.filter((each) => runs(each, day))) {
    const known = highest.get(one.programme.programme);
    if (known === undefined || known.programme.version <= one.programme.version)
      highest.set(one.programme.programme, one);
  }
  return [...highest.values()].sort((a, b) => (a.programme.programme < b.programme.programme ? -1 : 1));
};

/** `superseded`: it would be in force, but a higher version counts. */
export type Stand = "in force" | "future" | "superseded" | "historic";

export const standOf = (one: Active, all: readonly Active[], day: PlainDate): Stand => {
  const { validFrom, validTo } = one.programme;
  if ((one.until !== undefined && one.until <= day) || (validTo !== undefined && validTo < day)) return "historic";
  if (one.from > day || validFrom > day) return "future";
  return inForceOn(all, day).includes(one) ? "in force" : "superseded";
};

/** What a change of the register writes: lines that begin, and ids of lines that end on a day. */
export type Change = {
  begin: (Version & { from: PlainDate })[];
  end: { id: string; until: PlainDate }[];
};

const isOpen = (one: Activation): boolean => one.until === undefined;
const began = (one: Activation, today: PlainDate): boolean =>
  one.from <= today && (one.until === undefined || one.from < one.until);
const ofVersion = (lines: readonly Activation[], { programme, version }: Version): Activation[] =>
  lines.filter((one) => one.programme === programme && one.version === version);

/** A line that has not begun never will. */
const ending = (one: Activation, today: PlainDate): { id: string; until: PlainDate } => ({
  id: one.id,
  until: one.from > today ? one.from : today,
});

export type Same = (one: string, other: string) => boolean;
type Other = { outcome: "other-content"; before: Activation };

/** Every pack of the folder that was edited without a new version. */
type Edited = { outcome: "other-content"; before: readonly Activation[] };

/** The line under which this version decided with other content. */
const otherBefore = (
  lines: readonly Activation[],
  one: Version,
  same: Same,
  today: PlainDate,
): Activation | undefined => ofVersion(lines, one).find((line) => began(line, today) && !same(line.digest, one.digest));

/**
 * A broker starts on a folder: what lies in it is in force for its own days, and what the folder brought before and holds no
 * longer has ended. What an operator activated stays.
 */
export const settleFolder = (
  lines: readonly Activation[],
  folder: readonly (Version & { validFrom: PlainDate })[],
  today: PlainDate,
  same: Same,
): ({ outcome: "settled" } & Change) | Edited => {
  const before = folder.flatMap((pack) => otherBefore(lines, pack, same, today) ?? []);
  if (before.length > 0) return { outcome: "other-content", before };
  const kept = (line: Activation): boolean =>
    folder.some(
      ({ programme, version, digest }) =>
        line.programme === programme && line.version === version && line.digest === digest,
    );
  const begin = folder
    .filter((pack) => !ofVersion(lines, pack).some((line) => isOpen(line) && line.digest === pack.digest))
    .map(({ programme, version, digest, validFrom }) => ({ programme, version, digest, from: validFrom }));
  // The same content under another digest is written anew where the form of packs has grown.
  const renewed = (line: Activation): boolean => begin.some((one) => ofVersion([line], one).length > 0);
  const end = lines
    .filter((line) => isOpen(line) && (renewed(line) || (line.activatedBy === FOLDER && !kept(line))))
    .map((line) => ending(line, today));
  return { outcome: "settled", begin, end };
};

export type Refusal =
  | Other
  | { outcome: "past" }
  | { outcome: "after-its-end"; validTo: PlainDate }
  | { outcome: "active-already"; line: Activation }
  | { outcome: "lower"; version: number };

/** An operator brings one version into force, from today or a later day on. */
export const activate = (
  lines: readonly Activation[],
  active: readonly Active[],
  { programme, digest }: { programme: Programme; digest: string },
  from: PlainDate,
  today: PlainDate,
  same: Same,
): ({ outcome: "activated" } & Change) | Refusal => {
  const { version, validFrom, validTo } = programme;
  const one: Version = { programme: programme.programme, version, digest };
  if (from < today) return { outcome: "past" };
  if (validTo !== undefined && from > validTo) return { outcome: "after-its-end", validTo };
  const before = otherBefore(lines, one, same, today);
  if (before !== undefined) return { outcome: "other-content", before };
  const starts = from > validFrom ? from : validFrom;
  const line = ofVersion(lines, one).find((each) => isOpen(each) && each.digest === digest && each.from <= starts);
  if (line !== undefined) return { outcome: "active-already", line };
  const higher = inForceOn(active, starts).find(
    (each) => each.programme.programme === one.programme && each.programme.version > version,
  );
  if (higher !== undefined) return { outcome: "lower", version: higher.programme.version };
  const end = ofVersion(lines, one)
    .filter(isOpen)
    .map((each) => ending(each, today));
  return { outcome: "activated", begin: [{ ...one, from: starts }], end };
};
