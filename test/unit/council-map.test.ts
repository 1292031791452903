// Nothing that keeps people safe or lets them be understood is lost between a council's form and our words.
import { describe, expect, it } from "vitest";
import { readForm } from "../../adapters/council/form.ts";
import { readRequest } from "../../adapters/council/read.ts";
import type { Client } from "../../schemas/client.ts";
import type { Content } from "../../schemas/referral.ts";
import { councilRequest, type CouncilRequestOptions } from "../fixtures/council/request.ts";

const client: Client = {
  id: "0192f000-0000-7000-8000-0000000000c2",
  kind: "council",
  organisation: "E09000007",
  name: "Example Council",
  scopes: [],
  test: false,
  webhookSecrets: [],
};
const NOW = new Date("2026-11-02T10:00:00Z");

const reading = (options: CouncilRequestOptions) => {
  const form = readForm(Buffer.from(councilRequest(options).toString()));
  if (!form.ok) throw new Error("the fixture is no form");
  return readRequest(form.form, client, NOW);
};
const mapped = (attributes: CouncilRequestOptions["attributes"] = {}, parameters = {}): Content => {
  const read = reading({ attributes, parameters });
  if (!read.ok) throw new Error(JSON.stringify(read.reasons));
  return read.content;
};
const faults = (attributes: CouncilRequestOptions["attributes"], parameters = {}): string[] => {
  const read = reading({ attributes, parameters });
  return read.ok ? [] : read.reasons.map((one) => `${one.code} ${one.path ?? ""}`.trim());
};

describe("a council's request in our words", () => {
  it.each([
    [
      { safeguarding: "concern", safeguarding_notes: "A neighbour." },
      { safeguarding: [{ code: "concern", words: "A neighbour." }] },
    ],
    [{ safeguarding_notes: "A neighbour." }, { safeguarding: [{ code: "concern", words: "A neighbour." }] }],
    [{ safeguarding: "emergency" }, { emergency: true, safeguarding: [{ code: "emergency" }] }],
    [{ risk: "Large dog." }, { risk: [{ code: "as-described", words: "Large dog." }] }],
    [{ incident: "yes" }, { incidentMarker: true }],
    [{ control_measures: "CM-8" }, { controlMeasuresRef: "CM-8" }],
    [{ handling: "out-of-band" }, { handling: "out-of-band" }],
  ])("keeps the flag %j", (attributes, flags) => {
    expect(mapped(attributes).flags).toMatchObject(flags);
  });

  it("raises no flag that was not sent", () => {
    expect(mapped().flags).toEqual({
      emergency: false,
      safeguarding: [],
      risk: [],
      incidentMarker: false,
      handling: "standard",
    });
  });

  it.each(["phone", "text", "voicemail", "email", "letter"] as const)("keeps the safe-contact rule %s", (way) => {
    expect(mapped({ [`safe_${way}`]: "yes" }).person.safeContact[way]).toBe(true);
    expect(mapped({ [`safe_${way}`]: "no" }).person.safeContact[way]).toBe(false);
    expect(mapped().person.safeContact[way]).toBeUndefined();
  });

  it("keeps when and how it is safe", () => {
    expect(mapped({ safe_notes: "After six." }).person.safeContact.notes).toBe("After six.");
  });

  it("keeps language and interpreter", () => {
    expect(mapped({ language: "bfi", interpreter: "yes" }).person.language).toEqual({
      spoken: "bfi",
      interpreter: true,
    });
  });

  it("keeps access needs, in the list and in words, and the representative", () => {
    const { person } = mapped({
      access_needs: ["large-print", "step-free"],
      access_needs_text: "A room with a door.",
      representative: "Rue Example",
      representative_phone: "07700 900999",
    });
    expect(person.accessNeeds).toEqual([
      { code: "large-print" },
      { code: "step-free" },
      { code: "other", words: "A room with a door." },
    ]);
    expect(person.representative).toEqual({ name: "Rue Example", phone: "07700 900999" });
  });

  it.each([
    [
      "12 Example Road, London, NW1 0AA",
      { kind: "address", lines: ["12 Example Road", "London"], postcode: "NW1 0AA" },
    ],
    ["nw10aa", { kind: "address", lines: [], postcode: "NW1 0AA" }],
    ["The Old Mill\nLondon", { kind: "address", lines: ["The Old Mill", "London"] }],
  ])("reads an address: %j", (sent, home) => {
    expect(mapped({}, { address_string: sent }).person.home).toEqual(home);
  });

  it.each([
    [{ no_fixed_abode: "yes" }, {}, { kind: "none" }],
    [{ address_withheld: "yes" }, {}, { kind: "withheld" }],
    [{ authority: "E09000007" }, {}, { kind: "not-said" }],
    [{ authority: undefined }, { lat: "51.5", long: "-0.1" }, { kind: "not-said" }],
    [{ authority: undefined }, { address_id: "#NOTPINPOINTED#" }, { kind: "not-said" }],
    [{ uprn: "5000123" }, {}, { kind: "address", lines: [], uprn: "5000123" }],
    [{ postcode: "NW1 0AA" }, {}, { kind: "address", lines: [], postcode: "NW1 0AA" }],
  ])("takes %j %j as a place", (attributes, parameters, home) => {
    expect(mapped(attributes, { address_string: undefined, ...parameters }).person.home).toEqual(home);
  });

  it("makes one record of each consent that was asked for, and none of what was not", () => {
    expect(mapped({ consent_share: ["nhs"], consent_take_part: "no", consent_taken_by: "A. Worker" }).consents).toEqual(
      [
        { kind: "share", decision: "given", purpose: "referral", recipientClasses: ["nhs"], takenBy: "A. Worker" },
        { kind: "take-part", decision: "refused", takenBy: "A. Worker" },
      ],
    );
    expect(mapped({ consent_share: ["nobody"], consent_take_part: undefined }).consents).toEqual([
      { kind: "share", decision: "refused", purpose: "referral" },
    ]);
    expect(mapped({ consent_share: undefined, consent_take_part: undefined }).consents).toEqual([]);
  });

  it("carries the authority that the person chose for the duty to refer", () => {
    const content = mapped({
      consent_duty_to_refer: "yes",
      consent_contact_details: "yes",
      chosen_authority: "E09000012",
    });
    expect(content.choice).toEqual({ authority: "E09000012" });
    expect(content.consents).toContainEqual({
      kind: "duty-to-refer",
      decision: "given",
      purpose: "duty-to-refer",
      chosenAuthority: "E09000012",
    });
  });

  it("puts facts where rules read them, and leaves out what was not said", () => {
    expect(
      mapped({
        employment: "at-risk",
        benefit: "none",
        long_term_condition: "no",
        groups: ["carer"],
        right_to_work: "yes",
      }).facts,
    ).toEqual({
      employment: "at-risk",
      benefit: "none",
      longTermCondition: false,
      groups: ["carer"],
      rightToWork: true,
    });
    expect(mapped().facts).toEqual({});
  });
});

describe("a council's request at fault", () => {
  it.each([
    [{ nino: "BG123456A" }, {}, "nino-malformed attribute[nino]"],
    [{ nhs_number: "9434765918" }, {}, "nhs-number-check attribute[nhs_number]"],
    [{ nhs_number: "1" }, {}, "nhs-number-malformed attribute[nhs_number]"],
    [{ birth_date: "1990-02-31" }, {}, "date-impossible attribute[birth_date]"],
    [{ birth_date: "2026-11-03" }, {}, "birth-date-future attribute[birth_date]"],
    [{ birth_date: "1901-11-01" }, {}, "birth-date-too-old attribute[birth_date]"],
    [{ postcode: "NW1" }, {}, "postcode-malformed attribute[postcode]"],
    [{}, { address_string: "NW1 0A" }, "postcode-malformed address_string"],
    [{ no_fixed_abode: "yes" }, {}, "invariant attribute[no_fixed_abode]"],
    [{ address_withheld: "yes" }, {}, "invariant attribute[address_withheld]"],
    [{ authority: undefined }, { address_string: undefined }, "required address_string"],
    [{ authority: undefined }, { address_string: undefined, lat: "51.5" }, "required address_string"],
    [{}, { lat: "91", long: "0" }, "invalid lat"],
    [{}, { email: "nobody" }, "invalid email"],
    [{}, { description: "x".repeat(4001) }, "too-long description"],
    [{ detail: "x".repeat(4000) }, {}, "too-long attribute[detail]"],
    [{}, { first_name: undefined, last_name: undefined }, "required last_name"],
    [{ consent_duty_to_refer: "yes" }, {}, "required attribute[chosen_authority]"],
    [
      { consent_duty_to_refer: "yes", chosen_authority: "W06000015" },
      {},
      "authority-not-england attribute[chosen_authority]",
    ],
    [{ consent_share: ["nobody", "nhs"] }, {}, "invariant attribute[consent_share]"],
    [{ safe_notes: "nul\u0000" }, {}, "invalid attribute[safe_notes]"],
  ])("names %j %j", (attributes, parameters, fault) => {
    expect(faults(attributes, parameters)).toEqual([fault]);
  });

  it("takes the longest description", () => {
    expect(mapped({}, { description: "x".repeat(4000) }).detail).toHaveLength(4000);
  });
});
