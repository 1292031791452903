import { describe, expect, it } from "vitest";
import { Person } from "../../../schemas/person.ts";
import { DisclosureField } from "../../../schemas/disclosure.ts";
import { Content, Facts, Flags } from "../../../schemas/referral.ts";
import { disclose, fieldsFor, INCIDENT_MARKER, previewOf } from "../../../src/core/disclose.ts";
import { aContent, ISLINGTON, NHS_NUMBER, NINO } from "../../builders/content.ts";
import { aProgramme, NOW } from "../../builders/rules.ts";

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

/** Every field there is, so that none can be forgotten. */
const everything: Content = Content.parse({
  ...content,
  person: { ...content.person, practice: "F83999" },
  work: { jobPreferences: ["Bakery"] },
  facts: {
    employment: "out-of-work",
    unemployedSince: "2025-01-01",
    inWorkSince: "2024-01-01",
    benefit: "uc",
    claimStart: "2025-02-01",
    regime: "light-touch",
    regimeSince: "2025-03-01",
    assessmentPeriods: [{ from: "2026-01-01", regime: "light-touch" }],
    longTermCondition: true,
    disability: false,
    groups: ["carer"],
    rightToWork: true,
    housing: "settled",
    releasedOn: "2020-01-01",
    childcareNeeded: true,
    basicSkills: ["esol"],
    sex: "female",
    ethnicGroup: "other",
    belief: "none",
    programmes: [{ code: "restart" }],
  },
});

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
  const programme = aProgramme();
  const fields = fieldsFor(programme.disclosures, "charity");
  const { detail, withheld } = disclose(content, fields);

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

  it("says which fields were sent and are not given", () => {
    expect(withheld).toEqual(["nhs-number", "nino", "sex", "practice", "benefit", "health"]);
  });

  it("gives a kind of body, and a purpose, that no disclosure names nothing but what keeps people safe", () => {
    expect(fieldsFor(programme.disclosures, "jobcentre")).toEqual([]);
    expect(fieldsFor(programme.disclosures, "charity", ["follow-up"])).toEqual([]);
    expect(Object.keys(disclose(content, []).detail.person).sort()).toEqual(["accessNeeds", "language", "safeContact"]);
    expect(disclose(content, []).detail.flags).toEqual(content.flags);
  });

  it.each(DisclosureField.options)("gives %s alone where it alone is disclosed", (field) => {
    const none = JSON.stringify(disclose(everything, []).detail);
    const one = disclose(everything, [field]);
    expect(JSON.stringify(one.detail).length).toBeGreaterThan(none.length);
    expect([field, ...one.withheld].sort()).toEqual([...DisclosureField.options].sort());
  });

  it("reaches every field of a person and of the facts by some disclosure: a new one must be opened by name", () => {
    const all = disclose(everything, DisclosureField.options).detail;
    expect(Object.keys(all.person).sort()).toEqual(Object.keys(Person.shape).sort());
    expect(Object.keys(all.facts ?? {}).sort()).toEqual(
      Object.keys(Facts.shape)
        .filter((name) => !["ethnicGroup", "belief"].includes(name))
        .sort(),
    );
    expect(Object.keys(detail.flags).sort()).toEqual(Object.keys(Flags.shape).sort());
  });
});
