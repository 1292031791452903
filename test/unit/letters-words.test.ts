// Every letter: all its values stand in it, nothing is left open, and a text message is short.
import { describe, expect, it } from "vitest";
import { write } from "../../adapters/letters/words.ts";
import type { Letter, LetterTemplate, LetterValues } from "../../schemas/letter.ts";

const EXAMPLES: { [T in LetterTemplate]: LetterValues[T] } = {
  "offer-recalled": { reference: "WM-7K3P-9QXR", link: `https://waymark.example.org/open/${"x".repeat(43)}`, days: 7 },
  "offer-changed": { reference: "WM-7K3P-9QXR", link: `https://waymark.example.org/open/${"x".repeat(43)}`, days: 7 },
  "offer-question": { reference: "WM-7K3P-9QXR", link: `https://waymark.example.org/open/${"x".repeat(43)}`, days: 7 },
  "offer-link": { reference: "WM-7K3P-9QXR", link: `https://waymark.example.org/open/${"x".repeat(43)}`, days: 7 },
  "offer-code": { code: "123456", minutes: 10 },
  "number-check": { code: "123456", minutes: 10 },
  "consent-link": { link: `https://waymark.example.org/consent/${"x".repeat(43)}`, days: 7 },
  "offer-word": { reference: "WM-7K3P-9QXR", wanted: "nobody has said yes or no" },
  "offer-overdue": { reference: "WM-7K3P-9QXR", wanted: "nobody has said yes or no" },
  trial: {},
  alert: { subject: "The queue does not answer", text: "The queue does not answer, since 2026-11-20 09:00 UTC." },
};

const written = (Object.keys(EXAMPLES) as LetterTemplate[]).flatMap((template) =>
  (["email", "text"] as const).flatMap((by) => {
    const form = write({ template, values: EXAMPLES[template] } as Letter, by);
    return form === undefined ? [] : [{ template, by, ...form, values: Object.values(EXAMPLES[template]) }];
  }),
);

describe.each(written)("$template by $by", ({ by, subject, body, values }) => {
  it("holds all its values, and leaves none open", () => {
    for (const value of values) expect(`${subject}\n${body}`).toContain(String(value));
    expect(`${subject}\n${body}`).not.toMatch(/\(\(|\)\)|undefined/);
  });
  it.runIf(by === "text")("fits into one text message in the GSM alphabet", () => {
    expect(body.length).toBeLessThanOrEqual(160);
    expect(body).toMatch(/^[\w\s.,:;!?'"()+/-]+$/);
  });
});

it("every template is written for at least one way", () => {
  expect(new Set(written.map(({ template }) => template))).toEqual(new Set(Object.keys(EXAMPLES)));
});
