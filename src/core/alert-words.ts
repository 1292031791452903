// An alert in words, and the ways that it may take: never the one of which it speaks.
import { type Alert, type AlertCode, ALERTS, type AlertWords, type Telling } from "../../schemas/alert.ts";
import { wordsOf } from "../../schemas/cause.ts";
import { QUARANTINES, type QuarantineWhy } from "../../schemas/journal.ts";

const WHAT: Record<Telling["what"], string> = { begins: "", stands: "Still so: ", ends: "Over: " };

const at = (date: Date): string => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** In one line, for a list. */
export const lineOf = (
  { code, of, count, cause, since }: Omit<Alert, "id" | "subject" | "told">,
  name?: string,
): string => {
  const called = [of, name === undefined ? undefined : `(${name})`].filter(Boolean).join(" ");
  return [
    `${ALERTS[code].title}${called === "" ? "" : `: ${called}`}`,
    `since ${at(since)}`,
    ...(count === undefined ? [] : [`${count} in number`]),
    ...(cause === undefined ? [] : [causeWords(code, cause).replace(/\.$/, "")]),
  ].join(", ");
};

/** What began a quarantine is no attempt that failed. */
const causeWords = (code: AlertCode, cause: string): string =>
  code === "quarantine" && Object.hasOwn(QUARANTINES, cause) ? QUARANTINES[cause as QuarantineWhy] : wordsOf(cause);

export const alertWords = ({ what, alert }: Pick<Telling, "what" | "alert">, name?: string): AlertWords => {
  const { code, endedAt } = alert;
  const { title, words, wakes } = ALERTS[code];
  const line = `${lineOf(alert, name)}.`;
  if (what === "ends")
    return {
      subject: `${WHAT.ends}${title}`,
      text: [`This no longer stands${endedAt === undefined ? "" : `, since ${at(endedAt)}`}.`, line].join("\n\n"),
    };
  const when = wakes === "now" ? "This cannot wait for the morning." : "This can wait for the morning.";
  const how = `See docs/runbook.md, ${code}; "waymark status" shows what else stands.`;
  return { subject: `${WHAT[what]}${title}`, text: [line, words, when, how].join("\n\n") };
};

/** Those that do not go through a host which the alert says has failed; when it is over, that way is good again. */
export const openMeans = <M extends { host: string }>(
  means: readonly M[],
  what: Telling["what"],
  hosts: readonly string[],
): M[] => means.filter(({ host }) => what === "ends" || !hosts.includes(host));
