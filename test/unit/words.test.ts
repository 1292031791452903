// Everything that we say to a reader of a receipt, a status or a refusal is plain: grade 6 or lower. Nothing escapes: the
// words of core stand in `src/core/words/` alone, and each template there is filled here with what it is used for.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { write } from "../../adapters/letters/words.ts";
import { RecipientClass } from "../../schemas/consent.ts";
import type { LetterTemplate, LetterWay } from "../../schemas/letter.ts";
import { ReasonCode, REASONS } from "../../schemas/reason.ts";
import { Facts } from "../../schemas/referral.ts";
import { gradeOf } from "./grade.ts";

const CORE = join(import.meta.dirname, "../../src/core");
const WORDS = join(CORE, "words");
const HARDEST = 6;

const filesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".ts"));

const SERVICE = "Town Advice";
const PROGRAMME = "Help with Debt";
const CLAUSE = "The person has no job.";
const DAY = "3 March 2027";

/** What each template is filled with: one list of values for each sentence to read. */
const FILLED: Record<string, readonly (readonly unknown[])[]> = {
  offeredTo: [[SERVICE, PROGRAMME]],
  personChooses: [[[SERVICE, "Law Centre"]], [Array.from({ length: 7 }, () => SERVICE)]],
  fails: [[CLAUSE]],
  notKnown: [[CLAUSE]],
  excluded: [[CLAUSE]],
  setAside: [[CLAUSE]],
  fits: [[undefined], [`Its course starts on ${DAY}.`]],
  heldPlace: [[CLAUSE]],
  onlyHeld: [[CLAUSE]],
  courseStarts: [[DAY]],
  noCourse: [
    ["none", undefined],
    ["full", undefined],
    ["none", DAY],
    ["full", DAY],
  ],
  byId: [["They have as many free places."]],
  contractFirst: [[undefined], ["North London"]],
  carried: [
    [true, []],
    [false, []],
    [
      false,
      [
        { service: "town-advice", places: 3 },
        { service: "law-centre", places: 2 },
      ],
    ],
  ],
  notChosen: [[SERVICE, "It has no free place."]],
  mayFitWith: [
    ["area"],
    ["need"],
    ["choice.service"],
    ["person.birthDate"],
    ["person.practice"],
    ...Object.keys(Facts.shape).map((name) => [`facts.${name}`]),
  ].map(([path]) => [PROGRAMME, path]),
  fitsOnceShared: [[PROGRAMME]],
  fitsOnceWilling: [[PROGRAMME]],
  fitsLater: [[PROGRAMME]],
  needsFirst: [[PROGRAMME, "The person has done a course."]],
  isFull: [[SERVICE]],
  courseOpens: [[SERVICE]],
  goesThrough: ["gp", "jobcentre", "council"].map((door) => [PROGRAMME, door]),
  alsoHelps: [[SERVICE]],
  whoRefers: [
    ["The Park Surgery", "help with debt"],
    [undefined, undefined],
  ],
  mayWeShare: [[SERVICE]],
  whoIsIt: RecipientClass.options.map((body) => [SERVICE, body, PROGRAMME]),
  partOf: [[PROGRAMME]],
  onDay: [
    [{ words: `${PROGRAMME} can fit from a later day.` }, DAY],
    [{ words: `${SERVICE} is full.` }, undefined],
  ],
};

type Said = [where: string, words: string];

const saidBy = (name: string, value: unknown): Said[] => {
  if (typeof value === "string") return [[name, value]];
  if (typeof value === "function") {
    const filled = FILLED[name.slice(name.lastIndexOf(" ") + 1)] ?? [];
    return filled.map((values) => [name, String((value as (...given: readonly unknown[]) => unknown)(...values))]);
  }
  if (value instanceof RegExp || value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => saidBy(`${name}.${key}`, inner));
};

const modules = await Promise.all(
  filesIn(WORDS).map(async (file) => [file, (await import(join(WORDS, file))) as Record<string, unknown>] as const),
);
const inCore = modules.flatMap(([file, exported]) =>
  Object.entries(exported).flatMap(([name, value]) => saidBy(`${file} ${name}`, value)),
);
const WAYS: readonly LetterWay[] = ["email", "text"];
/** A template without a row here does not compile. */
const LETTERS: Record<LetterTemplate, true> = {
  "offer-link": true,
  "offer-recalled": true,
  "offer-changed": true,
  "offer-question": true,
  "offer-code": true,
  "offer-word": true,
  "offer-overdue": true,
  trial: true,
  "number-check": true,
  alert: true,
  "consent-link": true,
};
const letters: Said[] = Object.keys(LETTERS).flatMap((template) =>
  WAYS.flatMap((by): Said[] => {
    const values = {
      reference: "WM-2222-2222",
      link: "",
      days: 7,
      minutes: 10,
      code: "123456",
      subject: "Try",
      text: "It works.",
    };
    const form = write({ template, values } as never, by);
    return form === undefined ? [] : [[`${template} by ${by}`, `${form.subject}. ${form.body}`]];
  }),
);
const reasons = ReasonCode.options.map((code): Said => [code, REASONS[code].words]);

describe("what we say", () => {
  it.each([...inCore, ...reasons, ...letters])("%s: %s", (_, words) => {
    expect(gradeOf(words)).toBeLessThanOrEqual(HARDEST);
    expect(words).not.toMatch(/undefined|\[object|\$\{/);
  });

  it("is all read: each template is filled, and each value is used by one", () => {
    const functions = modules.flatMap(([, exported]) =>
      Object.entries(exported).flatMap(([name, value]) => (typeof value === "function" ? [name] : [])),
    );
    expect(functions.toSorted()).toEqual(Object.keys(FILLED).toSorted());
    expect(inCore.length).toBeGreaterThan(100);
    expect(letters.length).toBeGreaterThan(3);
  });

  it("names every fact that can be asked for", () => {
    expect(inCore.filter(([, words]) => words.includes("one more fact"))).toEqual([]);
  });

  /** What `waymark why` says to the person on call keeps its words beside each state: its own test reads every one of them. */
  const OPERATORS = new Set(["whereabouts.ts", "why.ts", "alert-words.ts"]);

  it("stands nowhere else in core", () => {
    const found = filesIn(CORE)
      .filter((file) => !OPERATORS.has(file))
      .flatMap((file) => sentencesIn(file, readFileSync(join(CORE, file), "utf8")).map((words) => `${file}: ${words}`));
    expect(found).toEqual([]);
  });

  it("would be found if it did", () => {
    expect(sentencesIn("x.ts", 'const a = "It has a place."; const b = `Not ${a} so.`; const c = "id";')).toEqual([
      "It has a place.",
      "Not … so.",
    ]);
  });
});

/** A capital, a gap, and an end. */
const SENTENCE = /^[A-Z].*\s.*[.:?!]$/s;

const sentencesIn = (file: string, source: string): string[] => {
  const { program } = parseSync(file, source);
  const found: string[] = [];
  const look = (text: string): void => void (SENTENCE.test(text) && found.push(text));
  new Visitor({
    Literal: ({ value }) => (typeof value === "string" ? look(value) : undefined),
    TemplateLiteral: ({ quasis }) => look(quasis.map((one) => one.value.raw).join("…")),
  }).visit(program);
  return found;
};
