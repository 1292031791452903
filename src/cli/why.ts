// waymark why: where a referral is, what it waits for and since when, and who must act.
import { QUARANTINES } from "../../schemas/journal.ts";
import type { Task, Why } from "../core/why.ts";
import type { WhyShown } from "../views/why.ts";
import type { AddVerb } from "./verb.ts";

export const addWhyVerb: AddVerb = (program, tools, _caller, end) => {
  program
    .command("why")
    .description("where a referral is, what it waits for and since when, and who must act")
    .argument("<reference>", "WM-XXXX-XXXX or the id")
    .action(async (reference: string) => {
      const why = await tools.why(reference);
      if (why === undefined)
        return end({ status: 1, text: `There is no referral ${reference}.`, json: { reference, found: false } });
      end({ status: 0, text: textOf(why), json: why });
    });
};

const WHO: Record<Why["who"], string> = {
  nobody: "Nobody must act.",
  waymark: "Nobody must act: it goes on by itself.",
  provider: "The service must act.",
  referrer: "The referrer must act.",
  operator: "An operator must act.",
};

const at = (date: Date): string => date.toISOString().slice(0, 19).replace("T", " ");

export const textOf = (why: WhyShown): string => {
  const { reference, status, where, waitsFor, since, who, reasons, erased, next, tasks, quarantine } = why;
  return [
    `${reference}: ${status}`,
    `  ${where}${erased ? " The person was erased." : ""}`,
    `  Waits for: ${waitsFor} Since ${at(since)} UTC.`,
    ...reasons.map(({ code, path, words }) => `  Because: ${words} (${[code, path].filter(Boolean).join(", ")})`),
    `  ${WHO[who]}`,
    ...(next === undefined ? [] : [`  Next: ${next.who ?? next.owner} to ${next.action}, by ${at(next.due)} UTC.`]),
    ...tasks.flatMap(linesOf),
    ...(quarantine === undefined
      ? []
      : [
          `  Nothing leaves since ${at(quarantine.since)} UTC: the store is in quarantine. ${QUARANTINES[quarantine.why]}`,
          "  An operator must run `waymark reconcile`.",
        ]),
  ].join("\n");
};

const linesOf = (task: Task): string[] => [
  `  - ${task.words} (${task.destination}): ${stateOf(task)}`,
  ...(task.last === undefined ? [] : [`    Last tried ${at(task.last.at)}: ${task.last.words} (${task.last.cause})`]),
];

const tried = (attempts: number): string =>
  attempts === 0 ? "not tried yet" : `tried ${attempts === 1 ? "once" : `${attempts} times`}`;

const stateOf = (task: Task): string => {
  const next = task.next === undefined ? "" : at(task.next);
  switch (task.state) {
    case "now":
      return `being done now, ${tried(task.attempts)}.`;
    case "due":
      return `due since ${next}, ${tried(task.attempts)}.`;
    case "later":
      return `${task.attempts === 0 ? "planned for" : `${tried(task.attempts)}, again at`} ${next}.`;
    case "paused":
      return `paused (${task.pause?.scope ?? ""}) since ${at(task.since)} by ${task.pause?.by ?? ""}: ${task.pause?.reason ?? ""}`;
    case "left-alone":
      return `left alone since ${at(task.since)}, for too much failed there; ${tried(task.attempts)}, again at ${next}.`;
    case "dead":
      return `given up at ${at(task.since)}, ${tried(task.attempts)}. An operator must see to it.`;
  }
};
