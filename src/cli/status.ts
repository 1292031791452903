// waymark status: what is stuck and why, for whoever is woken at three in the morning. Exit status 1 where something is.
import { ALERTS } from "../../schemas/alert.ts";
import { wordsOf } from "../../schemas/cause.ts";
import { QUARANTINES } from "../../schemas/journal.ts";
import { lineOf } from "../core/alert-words.ts";
import type { Status } from "../views/status.ts";
import type { AddVerb } from "./verb.ts";

export const addStatusVerb: AddVerb = (program, tools, _caller, end) => {
  program
    .command("status")
    .description("what is stuck and why: alerts, pauses, breakers, due work, dead letters, the canary")
    .action(async () => {
      const status = await tools.status();
      end({ status: status.well ? 0 : 1, text: textOf(status), json: status });
    });
};

const UNITS = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
] as const;

const age = (since: Date, now: Date): string => {
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1_000));
  const [size, name] = UNITS.find(([unit]) => seconds >= unit) ?? [1, "s"];
  return `${Math.floor(seconds / size)} ${name}`;
};

const at = (date: Date): string => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;

type Part = { title: string; lines: string[]; none: string };

const textOf = (status: Status): string => {
  const parts = [alertsIn(status), pausesIn(status), breakersIn(status), deadIn(status), dueIn(status)];
  return [
    status.well ? "All is well." : "Something is stuck.",
    ...quarantineIn(status),
    ...parts.flatMap(({ title, lines, none }) =>
      lines.length === 0 ? [`${title}: ${none}.`] : [`${title}:`, ...lines.map((line) => `  ${line}`)],
    ),
    journalIn(status),
    canaryIn(status),
  ].join("\n");
};

const alertsIn = ({ alerts }: Status): Part => ({
  title: "Alerts",
  none: "none",
  lines: alerts.flatMap((alert) => [
    `${lineOf(alert)}. ${alert.told === 0 ? "Nobody was told yet." : `Told ${at(alert.toldAt ?? alert.since)}.`}`,
    `  ${ALERTS[alert.code].words} docs/runbook.md, ${alert.code}`,
  ]),
});

const pausesIn = ({ pauses, at: now }: Status): Part => ({
  title: "Paused",
  none: "nothing",
  lines: pauses.map(({ scope, by, reason, since }) => `${scope} for ${age(since, now)} by ${by}: ${reason}`),
});

const breakersIn = ({ breakers, failing, at: now }: Status): Part => {
  const open = new Set(breakers.map(({ destination }) => destination));
  const last = new Map(failing.map(({ destination, cause }) => [destination, cause]));
  const why = (destination: string): string => {
    const cause = last.get(destination);
    return cause === undefined ? "" : ` ${wordsOf(cause)}`;
  };
  return {
    title: "Failing destinations",
    none: "none",
    lines: [
      ...breakers.map(
        ({ destination, since, until }) =>
          `${destination}: left alone for ${age(since, now)}, tried again at ${at(until)}.${why(destination)}`,
      ),
      ...failing
        .filter(({ destination }) => !open.has(destination))
        .map(({ destination, since, reachedAt, lastAt }) => {
          const answers = reachedAt !== undefined && reachedAt > lastAt ? " It has answered since." : "";
          return `${destination}: some work has failed three times and more, first due ${age(since, now)} ago.${why(destination)}${answers}`;
        }),
    ],
  };
};

const deadIn = ({ dead, at: now }: Status): Part => ({
  title: "Dead letters",
  none: "none",
  lines: dead.map(
    ({ destination, count, oldest, cause }) =>
      `${destination}: ${count}, the oldest for ${age(oldest, now)}.${cause === undefined ? "" : ` ${wordsOf(cause)}`}`,
  ),
});

const dueIn = ({ due, at: now }: Status): Part => ({
  title: "Due and not done",
  none: "nothing",
  lines: due.map(({ destination, oldest }) => `${destination}: the oldest for ${age(oldest, now)}`),
});

const quarantineIn = ({ quarantine, at: now }: Status): string[] =>
  quarantine === undefined
    ? []
    : [
        `Quarantine for ${age(quarantine.since, now)}: nothing leaves. ${QUARANTINES[quarantine.why]}`,
        "  Look with `waymark reconcile --dry-run`. docs/restore.md",
      ];

const journalIn = ({ journal, at: now }: Status): string => {
  if (journal === undefined) return "Journal: none is kept.";
  const { waiting, oldest } = journal;
  return oldest === undefined
    ? "Journal: up to date."
    : `Journal: ${waiting} lines wait to be written, the oldest for ${age(oldest, now)}.`;
};

const canaryIn = ({ canary: { lastEnded, seconds, firstBegun }, at: now }: Status): string => {
  if (lastEnded !== undefined)
    return `Canary: came through ${age(lastEnded, now)} ago, in ${(seconds ?? 0).toFixed(1)} s.`;
  return firstBegun === undefined ? "Canary: none was sent." : `Canary: none came through for ${age(firstBegun, now)}.`;
};
