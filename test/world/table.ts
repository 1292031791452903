// The report of the demo: one line for each referral, as wide as it must be.
import { REFERRERS } from "./cast.ts";
import type { Outcome } from "./outcome.ts";

const COLUMNS: readonly [string, (outcome: Outcome) => string][] = [
  ["", ({ asExpected }) => (asExpected ? "ok" : "!!")],
  ["door", ({ scenario }) => REFERRERS.find(({ key }) => key === scenario.from)?.kind ?? ""],
  ["from", ({ scenario }) => scenario.from],
  ["need", ({ scenario }) => scenario.need],
  ["story", ({ scenario }) => scenario.story],
  ["reference", ({ reply }) => reply.reference ?? `refused, ${reply.status}`],
  ["decision", ({ decision }) => decision],
  ["provider", ({ service, provider }) => (service === "" ? provider : service)],
  ["offer", ({ offer, offers }) => (offers > 1 ? `${offer} (${offers} asked)` : offer)],
  ["news", ({ heard, verified }) => (heard === 0 ? "" : `${verified} of ${heard} verified`)],
];

const LONGEST = 64;
const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

export const table = (outcomes: readonly Outcome[]): string => {
  const rows = [COLUMNS.map(([name]) => name), ...outcomes.map((one) => COLUMNS.map(([, cell]) => cut(cell(one))))];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};
