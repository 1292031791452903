// What the pages of `/answer/job` and `/answer/lasts` ask, and how what was typed becomes a report: a job that began, and whether it lasts.
import type { EvidenceKind } from "../../schemas/outcome.ts";
import { type CheckpointAnswer, type Employment, OutcomeReport } from "../../schemas/outcome-report.ts";
import { read } from "../../schemas/faults.ts";
import { REASONS, type Reason } from "../../schemas/reason.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { dayOf } from "./form.ts";

type Choice = { value: string; text: string };
/** A group of radio buttons, a day in three boxes, or one box; `name` is also where its fault stands. */
export type Field = {
  name: string;
  label: string;
  hint?: string;
  kind: "choice" | "day" | "number";
  choices?: Choice[];
};

const ANSWERS: Record<CheckpointAnswer, string> = {
  "in-work": "Yes, they are in work",
  "not-in-work": "No, they are not in work",
  "could-not-contact": "We could not reach them",
};
const EMPLOYMENTS: Record<Employment, string> = {
  paid: "Paid by an employer",
  self: "Self-employed",
};
/** The tax office's own record is nobody's here to see. */
const EVIDENCE: Record<Exclude<EvidenceKind, "rti">, string> = {
  payslip: "We saw a payslip",
  employer: "Their employer told us",
  "self-report": "They told us",
  provider: "We know it from our own work with them",
};
const choicesOf = (words: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(words).map(([value, text]) => ({ value, text }));

const evidence = (label: string): Field => ({ name: "evidence", label, kind: "choice", choices: choicesOf(EVIDENCE) });

export type OutcomePage = {
  path: "job" | "lasts";
  title: string;
  words: string;
  button: string;
  fields: Field[];
  /** What each box says where it is wrong, unless the code says more. */
  wants: Readonly<Record<string, string>>;
};

export const JOB_PAGE: OutcomePage = {
  path: "job",
  title: "They have started a job",
  words: "Tell us once, when the job has begun. We will ask now and then whether it lasts.",
  button: "Send",
  fields: [
    { name: "on", label: "First day of the job", kind: "day", hint: "Such as 27 3 2026" },
    { name: "employment", label: "What kind of job is it?", kind: "choice", choices: choicesOf(EMPLOYMENTS) },
    { name: "hours", label: "Hours a week", kind: "number", hint: "Such as 16 or 37.5" },
    {
      name: "hourlyRate",
      label: "Pounds an hour (if you know it)",
      kind: "number",
      hint: "Such as 13.85. Only you see it. Leave it empty for self-employed people.",
    },
    evidence("How do you know?"),
  ],
  wants: {
    on: "Enter the first day of the job, such as 27 3 2026",
    employment: "Choose what kind of job it is",
    hours: "Enter the hours a week, such as 16",
    hourlyRate: "Enter the pounds an hour, such as 13.85, or leave it empty",
    evidence: "Choose how you know",
  },
};

/** With a job a week is `4 weeks`; half and whole years are said as people say them. */
const SPAN: Record<number, string> = { 4: "4 weeks", 13: "13 weeks", 26: "half a year", 52: "a year" };

export const lastsPage = (week: number): OutcomePage => ({
  path: "lasts",
  title: `Are they in work, ${SPAN[week] ?? `${week} weeks`} after the job began?`,
  words:
    "Any job counts, also another one than the first. If you could not reach them say so: it counts against nobody.",
  button: "Send",
  fields: [
    { name: "answer", label: "Your answer", kind: "choice", choices: choicesOf(ANSWERS) },
    evidence("How do you know? (not needed if you could not reach them)"),
    { name: "on", label: "When did you find out?", kind: "day", hint: "Such as 27 3 2026. Leave it empty for today." },
  ],
  wants: {
    answer: "Choose one of the answers",
    evidence: "Choose how you know",
    on: "Enter a day that exists, such as 27 3 2026, or leave all three boxes empty",
  },
});

const NUMBER = /^\d{1,4}([.,]\d{1,2})?$/;
/** What is no number stays as it was typed, for the schema to refuse. */
const numberOf = (typed: string | undefined): number | string | undefined => {
  const said = typed?.replace(/^£\s*/, "") ?? "";
  if (said === "") return undefined;
  return NUMBER.test(said) ? Number(said.replace(",", ".")) : said;
};
const chosen = (typed: string | undefined): string | undefined => (typed === "" ? undefined : typed);

const leaveOut = (all: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));

export const jobOf = (typed: Record<string, string>) =>
  read(
    OutcomeReport,
    leaveOut({
      what: "job-started",
      on: dayOf(typed),
      employment: chosen(typed["employment"]),
      hours: numberOf(typed["hours"]),
      hourlyRate: numberOf(typed["hourlyRate"]),
      evidence: chosen(typed["evidence"]),
    }),
  );

export const lastsOf = (typed: Record<string, string>, week: number, today: string) => {
  const answer = chosen(typed["answer"]);
  // That nobody was reached is known by who tried.
  const known = answer === "could-not-contact" ? "provider" : chosen(typed["evidence"]);
  const on = dayOf(typed) ?? today;
  return read(OutcomeReport, leaveOut({ what: "checkpoint", week, on, answer, evidence: known }));
};

/** Each fault at the box that it is about; what is about none stands at the first. */
export const outcomeFaults = ({ fields, wants }: OutcomePage, reasons: readonly Reason[]) => {
  const [first] = fields;
  const named = reasons.map(({ code, path = "" }) => {
    const field = fields.find(({ name }) => name === path) ?? first;
    const at = field?.name ?? "";
    const text = OWN_WORDS.has(code) ? REASONS[code].words : (wants[at] ?? REASONS[code].words);
    return { at, text, href: field?.kind === "day" ? `#${at}-day` : `#${at}` };
  });
  // In the order of the boxes, each once.
  return fields.flatMap(({ name }) => named.find(({ at }) => at === name) ?? []);
};

/** These say what is wrong; that a box is empty or ill-written is said in its own words. */
const OWN_WORDS: ReadonlySet<string> = new Set(["not-yet", "before-start", "checkpoint-answered", "no-job"]);

/** A job may be reported once help has begun, and until one is known. */
export const mayReportJob = ({ status, outcomes, recall }: OfferView): boolean =>
  recall === undefined &&
  (status === "started" || status === "ended") &&
  !(outcomes?.reports ?? []).some(({ what }) => what === "job-started");
