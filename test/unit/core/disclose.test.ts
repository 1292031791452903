import { describe, expect, it } from "vitest";
import { Person } from "../../../schemas/person.ts";
import { Content, Flags } from "../../../schemas/referral.ts";
import { detailOf, INCIDENT_MARKER, previewOf } from "../../../src/core/disclose.ts";
import { aContent, ISLINGTON, NHS_NUMBER, NINO } from "../../builders/content.ts";
import { NOW } from "../../builders/rules.ts";

/** Everything that keeps this person and the staff safe, and everything that says who it is. */
const content: Content = Content.parse(
  aContent({
    urgency: "urgent",
    detail: "Mentions Hesper Quill, a sister.",
    facts: { benefit: "uc", longTermCondition: true, disability: true, regime: "light-touch" },
    person: {
      nhsNumber: NHS_NUMBER,
      nhsNumberVerified: true,
      nino: NINO,
      sex: "female",
      authority: ISLINGTON,
      email: "imogen@example.org",
      safeContact: { phone: false, text: true, voicemail: false, email: true, letter: false, notes: "Only after six." },
      language: { spoken: "bfi", interpreter: true, welshSpoken: false, welshWritten: false },
      accessNeeds: [{ code: "step-free", words: "Lift near Hesper's flat" }],
      representative: { name: "Hesper Quill", phone: "07700 900456" },
    },
    flags: {
      safeguarding: [{ code: "adult-at-risk", words: "Hesper Quill knows more." }],
      risk: [{ code: "lone-working" }],
      incidentMarker: true,
      controlMeasuresRef: "CM-1",
    },
    handover: "warm",
  }),
);
const area = { home: { authority: ISLINGTON, lsoa: "E01002704" }, homeFrom: "postcode" as const };

describe("before acceptance", () => {
  const preview = previewOf(content, area, NOW);

  it("tells need, area, age band, language, access needs and every concern", () => {
    expect(preview).toEqual({
      need: "employment",
      urgency: "urgent",
      area: ISLINGTON,
      ageBand: "25-49",
      language: "bfi",
      interpreter: true,
      accessNeeds: [{ code: "step-free" }],
      risk: [{ code: "adult-at-risk" }, { code: "lone-working" }, { code: INCIDENT_MARKER }],
      safeguarding: true,
      participation: "voluntary",
    });
  });

  it("tells nothing that says who it is", () => {
    const text = JSON.stringify(preview);
    for (const secret of [
      "Imogen",
      "Fairweather",
      "Hesper",
      "1984",
      "N1 2UD",
      "07700",
      NHS_NUMBER,
      NINO,
      "E01002704",
      "CM-1",
      "uc",
    ])
      expect(text).not.toContain(secret);
  });

  it.each([
    ["2008-11-17", "under-18"],
    ["2008-11-16", "18-24"],
    ["2001-11-17", "18-24"],
    ["2001-11-16", "25-49"],
    ["1976-11-17", "25-49"],
    ["1976-11-16", "50-64"],
    ["1961-11-17", "50-64"],
    ["1961-11-16", "65-and-over"],
    [undefined, "unknown"],
  ])("puts who was born on %s into %s", (birthDate, ageBand) => {
    expect(previewOf(aContent({ person: { birthDate } }), area, NOW).ageBand).toBe(ageBand);
  });

  it("says nothing of an area that nobody knows, and Welsh when only that was said", () => {
    const welsh = aContent({ person: { language: { welshSpoken: true } } });
    expect(previewOf(welsh, { homeFrom: "nothing" }, NOW)).not.toHaveProperty("area");
    expect(previewOf(welsh, area, NOW)).toMatchObject({ language: "cy", interpreter: false, safeguarding: false });
  });
});

describe("on acceptance", () => {
  const detail = detailOf(content);

  it("opens who the person is and everything that keeps them safe, word for word", () => {
    const { person, flags } = content;
    expect(detail.flags).toEqual(flags);
    for (const key of [
      "name",
      "birthDate",
      "home",
      "phones",
      "email",
      "safeContact",
      "language",
      "accessNeeds",
      "representative",
    ] as const)
      expect(detail.person[key]).toEqual(person[key]);
    expect(detail).toMatchObject({ detail: content.detail, handover: "warm", referrer: { worker: "Dr A. Sample" } });
  });

  it("keeps national numbers, benefits and health facts back", () => {
    const text = JSON.stringify(detail);
    for (const secret of [NHS_NUMBER, NINO, "nhsNumberVerified", "uc", "light-touch", "longTermCondition", "consents"])
      expect(text).not.toContain(secret);
  });

  it("has decided on every field of a person: a new one must be opened or closed by name", () => {
    const closed = ["nhsNumber", "nhsNumberVerified", "nino", "sex", "practice"];
    expect([...Object.keys(detail.person), ...closed].sort()).toEqual(Object.keys(Person.shape).sort());
    expect(Object.keys(detail.flags).sort()).toEqual(Object.keys(Flags.shape).sort());
  });
});
