// waymark reconcile: what a restored store has lost, what is done again, and whether anything may leave it again.
import { z } from "zod";
import { QUARANTINES } from "../../schemas/journal.ts";
import { wordsOf } from "../../schemas/cause.ts";
import {
  ASKED,
  type Destination,
  type Difference,
  DIFFERENCES,
  type ReconcileReport,
  UNSENT,
} from "../../schemas/reconcile.ts";
import { text } from "../../schemas/text.ts";
import { actingAs, misuse } from "./operator.ts";
import type { AddVerb, Ending } from "./verb.ts";

const SCOPE = "operate";
const Asked = z
  .object({
    by: text(80).optional(),
    reason: text(200).optional(),
    dryRun: z.boolean().default(false),
    acceptDifferences: z.boolean().default(false),
  })
  .refine(({ dryRun, by }) => dryRun || by !== undefined, { path: ["by"], error: "who ends the quarantine" })
  .refine(({ acceptDifferences, reason }) => !acceptDifferences || reason !== undefined, {
    path: ["reason"],
    error: "why what is left undecided may stand",
  });

export const addReconcileVerb: AddVerb = (program, tools, _caller, end) => {
  program
    .command("reconcile")
    .description("end a quarantine: apply again what the journal holds, name what differs, and let things leave")
    .option("--dry-run", "only say what would be done")
    .option("--accept-differences", "end it although something is left undecided; needs --reason")
    .option("--reason <text>", "why; name nobody who was referred")
    .option("--by <name>", "who does it")
    .action(async (options: object) => {
      const asked = Asked.safeParse(options);
      if (!asked.success) return end(misuse(asked.error));
      const { by, reason, dryRun, acceptDifferences } = asked.data;
      const acting = await actingAs((await tools.store()).clients, by, SCOPE);
      if (!acting.ok) return end(acting.ending);
      const accept = acceptDifferences && reason !== undefined ? { reason } : undefined;
      const report = await tools.reconcile({ by: acting.by, dryRun, accept });
      if (report === "none") return end({ status: 0, text: "There is no quarantine.", json: { quarantine: false } });
      if (report === "busy") return end(busy);
      end({
        status: report.ended || (dryRun && report.differences.length === 0) ? 0 : 1,
        text: textOf(report),
        json: report,
      });
    });
};

const busy: Ending = {
  status: 1,
  text: "Another process writes to the journal at this moment. Try again.",
  json: { busy: true },
};

const textOf = (report: ReconcileReport): string => {
  const {
    why,
    since,
    withdraw,
    refuse,
    erase,
    recall,
    lost,
    unsent,
    destinations,
    steps,
    differences,
    applied,
    ended,
  } = report;
  const done = applied ? "" : "would be ";
  return [
    `In quarantine since ${since.toISOString()}. ${QUARANTINES[why]}`,
    ...part(
      `Withdrawals ${done}applied again`,
      withdraw.map(({ reference }) => reference),
    ),
    ...part(
      `Refusals of consent ${done}applied again`,
      refuse.map(({ reference }) => reference),
    ),
    ...part(`Erasures ${done}applied again, by case`, erase),
    ...part(
      `Recalls ${done}asked of services whose offers are lost`,
      recall.map(({ reference, provider }) => `${reference} ${provider}`),
    ),
    ...part(
      "References that were given for referrals that are gone; their senders must send them again",
      lost.map(({ reference, organisation, door }) => `${reference} from ${organisation} through the ${door} door`),
    ),
    ...part(
      "Offers that wait to be sent",
      unsent.map(({ reference, provider, how }) => `${reference} ${provider}: ${UNSENT[how]}`),
    ),
    ...part("Destinations", destinations.map(destinationLine)),
    ...part(
      `Steps that services took after the backup, ${done}taken in`,
      steps.map(({ reference, provider, verbs }) => `${reference} ${provider}: ${verbs.join(", ")}`),
    ),
    ...part("Left for a person to decide", differences.map(differenceLine)),
    ended
      ? "The quarantine is over: what waited leaves now."
      : applied
        ? "Still in quarantine. See to each, then use --accept-differences with --reason."
        : "Nothing was changed.",
  ].join("\n");
};

const destinationLine = ({ provider, test, way, asked, cause, ...counts }: Destination): string => {
  const { offers, compared, differ } = counts;
  const name = [provider, test && "(test)", way && `by ${way}`].filter(Boolean).join(" ");
  const came =
    asked === "answered" || asked === "silent" ? `, ${compared} compared, ${differ} stand differently there` : "";
  return `${name}: ${offers} offers${came}; ${ASKED[asked]}${cause === undefined ? "" : `. ${wordsOf(cause)}`}`;
};

const SEEN = {
  there: "It says that it has it.",
  behind: "It says that it has it.",
  absent: "It says that it has nothing of it.",
  unclear: "It was asked, and nobody can tell.",
  away: "",
} as const;

const differenceLine = ({ what, reference, provider, status, here, seen }: Difference): string =>
  [reference, provider, here && `(${here} here, ${status} there)`, DIFFERENCES[what], seen && SEEN[seen]]
    .filter(Boolean)
    .join(" ");

const part = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`)];
