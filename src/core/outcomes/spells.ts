// Work as reported, as days: from the start of each job to the last day on which anybody confirmed it. Silence confirms nothing, and
// nobody reached is no evidence that somebody is out of work.
import type { KeptReport, OutcomeReport } from "../../../schemas/outcome-report.ts";
import type { PlainDate } from "../../../schemas/text.ts";
import { daysAfter, daysBetween } from "../calendar.ts";

export type Spell = {
  from: PlainDate;
  /** The last day that is confirmed, itself included. */
  to: PlainDate;
  /** Nobody has said that it is over. */
  open: boolean;
  hours: number;
  hourlyRate?: number | undefined;
  employment: "paid" | "self";
};

const later = (one: PlainDate, other: PlainDate): PlainDate => (one > other ? one : other);

/** By the day that each speaks of; of one day, a start comes before what is said of it. */
const inOrder = (reports: readonly Pick<KeptReport, "report">[]): OutcomeReport[] =>
  reports
    .map(({ report }) => report)
    .toSorted((a, b) =>
      a.on === b.on ? Number(b.what === "job-started") - Number(a.what === "job-started") : a.on < b.on ? -1 : 1,
    );

export const spellsOf = (reports: readonly Pick<KeptReport, "report">[]): Spell[] => {
  let spells: Spell[] = [];
  const onOpen = (on: PlainDate, change: (spell: Spell) => Spell): void => {
    spells = spells.map((spell) => (spell.open && spell.from <= on ? change(spell) : spell));
  };
  for (const report of inOrder(reports)) {
    const { what, on } = report;
    if (what === "job-started") {
      const { hours, hourlyRate, employment } = report;
      spells.push({ from: on, to: on, open: true, hours, hourlyRate, employment });
    }
    if (what === "job-ended") {
      const last = spells.findLastIndex((spell) => spell.open);
      spells = spells.map((spell, at) => (at === last ? { ...spell, to: later(spell.to, on), open: false } : spell));
    }
    if (what === "checkpoint" && report.answer === "in-work")
      onOpen(on, (spell) => ({ ...spell, to: later(spell.to, on) }));
    if (what === "checkpoint" && report.answer === "not-in-work") onOpen(on, (spell) => ({ ...spell, open: false }));
  }
  return spells;
};

export type Stretch = { from: PlainDate; to: PlainDate };

/** Days count once, whichever jobs they were worked in; jobs that follow without a day between are one stretch. */
export const stretchesOf = (
  spells: readonly Stretch[],
  within: { from?: PlainDate; to?: PlainDate } = {},
): Stretch[] => {
  const { from = "0000-01-01", to = "9999-12-31" } = within;
  const inside = spells
    .map((one) => ({ from: later(one.from, from), to: one.to < to ? one.to : to }))
    .filter((one) => one.from <= one.to)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const joined: Stretch[] = [];
  for (const one of inside) {
    const last = joined.at(-1);
    if (last !== undefined && one.from <= daysAfter(last.to, 1)) last.to = later(last.to, one.to);
    else joined.push({ ...one });
  }
  return joined;
};

export const lengthOf = ({ from, to }: Stretch): number => daysBetween(from, to) + 1;

/** The day on which so many days were worked, or undefined where they were not. */
export const dayNumber = (stretches: readonly Stretch[], days: number): PlainDate | undefined => {
  let left = days;
  for (const one of stretches) {
    const length = lengthOf(one);
    if (length >= left) return daysAfter(one.from, left - 1);
    left -= length;
  }
  return undefined;
};
