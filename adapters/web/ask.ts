// What is asked of whoever has no system: one kind of page, its boxes, what was typed into them, and what is wrong with it.
import type { Response } from "express";
import { REASONS, type Reason } from "../../schemas/reason.ts";
import { noteReasons } from "../http/speak.ts";
import type { Visit } from "./answer-visit.ts";
import { dayOf } from "./form.ts";
import type { Frame } from "./frame.ts";

export type Choice = { value: string; text: string };
/** Radio buttons, a day in three boxes, a number, or words; `name` is also where its fault stands. */
export type Field = {
  name: string;
  label: string;
  hint?: string;
  kind: "choice" | "day" | "number" | "words";
  choices?: readonly Choice[];
};
export type AskPage = {
  /** Under `/answer`: where it is opened, and where it is sent. */
  path: string;
  title: string;
  words?: string;
  button: string;
  fields: readonly Field[];
  /** What each box says where it is empty or ill-written. */
  wants: Readonly<Record<string, string>>;
};
type Fault = { at: string; text: string; href: string };

export const FOR_TODAY = "Such as 27 3 2026. Leave it empty for today.";
export const A_DAY = "Enter a day that exists, such as 27 3 2026, or leave all three boxes empty";

export const choicesOf = (words: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(words).map(([value, text]) => ({ value, text }));

export const showAsk = (
  frame: Frame,
  res: Response,
  { offer, form }: Visit,
  page: AskPage,
  typed: Record<string, string> = {},
  reasons: readonly Reason[] = [],
): void => {
  const faults = faultsAt(page, reasons);
  if (reasons.length > 0) noteReasons(res, reasons);
  frame.page(res, "ask", {
    ...page,
    form,
    typed,
    reference: offer.reference,
    wrong: Object.fromEntries(faults.map(({ at, text }) => [at, { text }])),
    ...(faults.length > 0 ? { faults } : {}),
  });
};

/** What was typed into the boxes of a page, by name; an empty box is left out. */
export const typedInto = ({ fields }: AskPage, typed: Record<string, string>): Record<string, string> => {
  const said = fields.map(({ name, kind }) => [name, kind === "day" ? dayOf(typed, name) : typed[name]] as const);
  return Object.fromEntries(said.filter((one): one is [string, string] => one[1] !== undefined && one[1] !== ""));
};

const ILL_WRITTEN = 400;

/** Each fault at the box that it is about, each box once and in their order; what is about none stands at the first. */
const faultsAt = ({ fields, wants }: AskPage, reasons: readonly Reason[]): Fault[] => {
  const named = reasons.map(({ code, path = "" }) => {
    const { name = "", kind } = fields.find((one) => one.name === path) ?? fields[0] ?? {};
    const { words, status } = REASONS[code];
    const text = status === ILL_WRITTEN ? (wants[name] ?? words) : words;
    return { at: name, text, href: kind === "day" ? `#${name}-day` : `#${name}` };
  });
  return fields.flatMap(({ name }) => named.find(({ at }) => at === name) ?? []);
};
