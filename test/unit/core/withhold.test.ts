import { describe, expect, it } from "vitest";
import type { Consent } from "../../../schemas/consent.ts";
import { fieldsOpenTo } from "../../../src/core/withhold.ts";
import { allConsents } from "../../builders/content.ts";
import { aProgramme, NOW } from "../../builders/rules.ts";

const TO = { class: "council", organisation: "sample-hackney" } as const;
const at = "2026-11-10T10:00:00Z";
const DUTY: Consent = { kind: "duty-to-refer", decision: "given", chosenAuthority: "E09000012", at };
const CONTACT: Consent = { kind: "contact-details", decision: "given", at };
const open = (need: "homelessness" | "employment", ...more: Consent[]) =>
  fieldsOpenTo(aProgramme(), TO, { need, consents: [...allConsents(), ...more] }, NOW);
const CONTACT_FIELDS = ["address", "phones", "email", "representative"];

describe("contact details of a homeless person who agreed to be referred (Housing Act 1996, s.213B)", () => {
  it("go where the person agreed to that too", () => {
    expect(open("homelessness", DUTY, CONTACT)).toEqual(expect.arrayContaining(CONTACT_FIELDS));
  });

  it.each<[string, Consent[]]>([
    ["nobody asked", []],
    ["the person said no", [{ ...CONTACT, decision: "refused" }]],
    ["the person took it back", [CONTACT, { ...CONTACT, decision: "withdrawn", at: "2026-11-12T10:00:00Z" }]],
  ])("stay behind where %s, and the rest goes", (_name, contact) => {
    const fields = open("homelessness", DUTY, ...contact);
    expect(fields.filter((one) => CONTACT_FIELDS.includes(one))).toEqual([]);
    expect(fields).toEqual(expect.arrayContaining(["name", "birth-date", "detail", "referrer"]));
  });

  it("are a question of that referral alone", () => {
    expect(open("employment", DUTY)).toEqual(expect.arrayContaining(CONTACT_FIELDS));
    expect(open("homelessness")).toEqual(expect.arrayContaining(CONTACT_FIELDS));
  });
});
