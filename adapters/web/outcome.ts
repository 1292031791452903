// What the pages about a job ask, and how what was typed becomes a report: that it began, whether it lasts, that it is over.
import type { EvidenceKind } from "../../schemas/outcome.ts";
import { type CheckpointAnswer, type Employment, OutcomeReport } from "../../schemas/outcome-report.ts";
import { read } from "../../schemas/faults.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { A_DAY, type AskPage, choicesOf, FOR_TODAY, typedInto, type Field } from "./ask.ts";

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
const evidence = (label: string): Field => ({ name: "evidence", label, kind: "choice", choices: choicesOf(EVIDENCE) });

export const JOB_PAGE: AskPage = {
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

export const lastsPage = (week: number): AskPage => ({
  path: "lasts",
  title: `Are they in work, ${SPAN[week] ?? `${week} weeks`} after the job began?`,
  words:
    "Any job counts, also another one than the first. If you could not reach them say so: it counts against nobody.",
  button: "Send",
  fields: [
    { name: "answer", label: "Your answer", kind: "choice", choices: choicesOf(ANSWERS) },
    evidence("How do you know? (not needed if you could not reach them)"),
    { name: "on", label: "When did you find out?", kind: "day", hint: FOR_TODAY },
  ],
  wants: {
    answer: "Choose one of the answers",
    evidence: "Choose how you know",
    on: A_DAY,
  },
});

/** Whoever wants help again is referred again, in the case that is there. */
export const JOB_OVER_PAGE: AskPage = {
  path: "job-over",
  title: "Their job has ended",
  words:
    "A job that ends is no fault of yours. If they want help again, we look for it at once, and nobody has to ask them everything anew.",
  button: "Send",
  fields: [
    { name: "on", label: "Last day of the job", kind: "day", hint: FOR_TODAY },
    {
      name: "returns",
      label: "Do they want help again?",
      kind: "choice",
      choices: choicesOf({ yes: "Yes, they want help to find work again", no: "No, or we do not know" }),
    },
    evidence("How do you know?"),
  ],
  wants: { on: A_DAY, returns: "Choose whether they want help again", evidence: "Choose how you know" },
};

const NUMBER = /^\d{1,4}([.,]\d{1,2})?$/;
/** What is no number stays as it was typed, for the schema to refuse. */
const numberOf = (typed: string | undefined): number | string | undefined => {
  const said = typed?.replace(/^£\s*/, "") ?? "";
  if (said === "") return undefined;
  return NUMBER.test(said) ? Number(said.replace(",", ".")) : said;
};

export const jobOf = (form: Record<string, string>) => {
  const { hours, hourlyRate, ...typed } = typedInto(JOB_PAGE, form);
  const rate = numberOf(hourlyRate);
  return read(OutcomeReport, {
    what: "job-started",
    ...typed,
    hours: numberOf(hours),
    ...(rate === undefined ? {} : { hourlyRate: rate }),
  });
};

export const lastsOf = (form: Record<string, string>, week: number, today: string) => {
  const typed = typedInto(lastsPage(week), form);
  // That nobody was reached is known by who tried.
  const known = typed["answer"] === "could-not-contact" ? { evidence: "provider" } : {};
  return read(OutcomeReport, { what: "checkpoint", week, on: today, ...typed, ...known });
};

export const jobOverOf = (form: Record<string, string>, today: string) => {
  const { returns, ...typed } = typedInto(JOB_OVER_PAGE, form);
  // Left unsaid it is no "no": the schema refuses what is neither.
  const wanted = returns === "yes" || (returns === "no" ? false : null);
  return read(OutcomeReport, { what: "job-ended", on: today, ...typed, returns: wanted });
};

const hasJob = ({ outcomes }: OfferView): boolean =>
  outcomes?.reports.findLast(({ what }) => what === "job-started" || what === "job-ended")?.what === "job-started";

const helpBegan = ({ status, recall }: OfferView): boolean =>
  recall === undefined && (status === "started" || status === "ended");

/** A job may be reported once help has begun, and while none is known. */
export const mayReportJob = (offer: OfferView): boolean => helpBegan(offer) && !hasJob(offer);

export const mayReportJobOver = (offer: OfferView): boolean => helpBegan(offer) && hasJob(offer);
