// Nothing that keeps people safe or lets them be understood is lost between a hand-off and our words.
import { describe, expect, it } from "vitest";
import { contentOf } from "../../adapters/jobcentre/map.ts";
import { read } from "../../schemas/faults.ts";
import type { Client } from "../../schemas/client.ts";
import { HandOff } from "../../schemas/foreign/jobcentre.ts";
import { Content } from "../../schemas/referral.ts";
import { exampleNhsNumber, handoff, type Changes } from "../fixtures/jobcentre/handoff.ts";

const client: Client = {
  id: "0192f000-0000-7000-8000-0000000000c1",
  kind: "jobcentre",
  organisation: "DWP-410",
  name: "Example Jobcentre",
  scopes: [],
  test: true,
  webhookSecrets: [],
};

const mapped = (changes: Changes = {}): Content => contentOf(HandOff.parse(handoff({ changes })), client);

const faults = (changes: Changes): string[] => {
  const parsed = read(HandOff, handoff({ changes }));
  return parsed.ok ? [] : parsed.reasons.map((one) => `${one.code} ${one.path ?? ""}`);
};

describe("a hand-off in our words", () => {
  it("is content that the store takes as it is", () => {
    const content = mapped({ "person.nhsNumber": exampleNhsNumber(7) });
    expect(Content.parse(content)).toEqual(JSON.parse(JSON.stringify(content)));
    expect(content.person.nhsNumber).toBe(exampleNhsNumber(7));
    expect(content.person.nino).toBe("AB000001C");
  });

  it.each([
    [
      { "flags.safeguarding": "concern", "flags.safeguardingWords": "A neighbour." },
      { safeguarding: [{ code: "concern", words: "A neighbour." }] },
    ],
    [{ "flags.safeguardingWords": "A neighbour." }, { safeguarding: [{ code: "concern", words: "A neighbour." }] }],
    [{ "flags.safeguarding": "emergency" }, { emergency: true, safeguarding: [{ code: "emergency" }] }],
    [
      { "flags.risk": [{ code: "dog", words: "Large." }, { code: "weapon" }] },
      { risk: [{ code: "dog", words: "Large." }, { code: "weapon" }] },
    ],
    [{ "flags.incidentMarker": true }, { incidentMarker: true }],
    [{ "flags.controlMeasuresRef": "CM-77" }, { controlMeasuresRef: "CM-77" }],
    [{ "flags.handling": "out-of-band" }, { handling: "out-of-band" }],
  ])("keeps the flag %j", (changes, flags) => {
    expect(mapped(changes).flags).toMatchObject(flags);
  });

  it("raises no flag that was not sent", () => {
    expect(mapped().flags).toEqual({
      emergency: false,
      safeguarding: [],
      risk: [],
      incidentMarker: false,
      controlMeasuresRef: undefined,
      handling: "standard",
    });
  });

  it.each([
    ["phoneOk", "phone"],
    ["textOk", "text"],
    ["voicemailOk", "voicemail"],
    ["emailOk", "email"],
    ["letterOk", "letter"],
  ] as const)("keeps the safe-contact rule %s", (sent, ours) => {
    for (const said of [true, false])
      expect(mapped({ "person.safeContact": { [sent]: said } }).person.safeContact[ours]).toBe(said);
    expect(mapped({ "person.safeContact": {} }).person.safeContact[ours]).toBeUndefined();
  });

  it("keeps when and how it is safe", () => {
    expect(mapped({ "person.safeContact": { notes: "Mornings only." } }).person.safeContact.notes).toBe(
      "Mornings only.",
    );
  });

  it("keeps language, interpreter and both kinds of Welsh", () => {
    const language = { spoken: "bfi", interpreter: true, welshSpoken: true, welshWritten: false };
    expect(mapped({ "person.language": language }).person.language).toEqual(language);
  });

  it("keeps access needs and the representative", () => {
    const accessibility = [{ code: "large-print" }, { code: "other", words: "A room with a door." }];
    const representative = {
      name: "Rue Example",
      relationship: "sister",
      phone: "07700 900999",
      email: "rue@example.org",
    };
    const { person } = mapped({ "person.accessibility": accessibility, "person.representative": representative });
    expect(person.accessNeeds).toEqual(accessibility);
    expect(person.representative).toEqual(representative);
  });

  it.each([
    [{}, { kind: "address", lines: ["2 Example Street", "London"], postcode: "E15 4BQ" }],
    [{ "person.address": undefined, "person.postcode": undefined }, { kind: "not-said" }],
    [{ "person.address": undefined, "person.postcode": undefined, "person.noFixedAbode": true }, { kind: "none" }],
    [
      { "person.address": undefined, "person.postcode": undefined, "person.addressWithheld": true },
      { kind: "withheld" },
    ],
  ])("tells the ways to live apart: %j", (changes, home) => {
    expect(mapped(changes).person.home).toEqual(
      { uprn: undefined, ...home }.kind === "address" ? { uprn: undefined, ...home } : home,
    );
  });

  it("puts facts where rules read them, and leaves out what was not said", () => {
    const { facts } = mapped({
      circumstances: { longTermCondition: true, housing: "homeless" },
      programme: { groupAttested: true, earlyEntryCategory: "care-leaver", earlier: [{ code: "restart" }] },
    });
    expect(facts).toEqual({
      benefit: "uc",
      regime: "intensive-work-search",
      unemployedSince: "2024-06-01",
      employment: "out-of-work",
      longTermCondition: true,
      housing: "homeless",
      groups: ["care-leaver"],
      programmes: [{ code: "restart" }],
      rightToWork: true,
    });
    expect(mapped({ work: undefined }).facts.rightToWork).toBeUndefined();
  });

  it("carries aims, preferences and restrictions in the detail", () => {
    const { detail } = mapped({
      work: {
        aims: "Cook.",
        jobPreferences: ["kitchen", "bakery"],
        preferredHours: "Mornings",
        restrictions: ["no nights"],
        childcare: "School runs",
      },
      "handover.agreedMeetingAt": "2026-11-05T10:00:00Z",
      "programme.code": "connect-to-work",
    });
    for (const words of [
      "Cook.",
      "kitchen; bakery",
      "Mornings",
      "no nights",
      "School runs",
      "2026-11-05",
      "connect-to-work",
    ])
      expect(detail).toContain(words);
  });

  it("stays within the detail's limit when every text is as long as it may be", () => {
    const long = (limit: number) => "x".repeat(limit);
    const content = mapped({
      reason: long(1000),
      work: {
        aims: long(800),
        jobPreferences: Array.from({ length: 5 }, () => long(100)),
        preferredHours: long(100),
        restrictions: Array.from({ length: 5 }, () => long(100)),
        childcare: long(300),
      },
      "programme.code": long(64),
    });
    expect(Content.safeParse(content).success).toBe(true);
  });

  it("keeps each consent as its own record, and the chosen authority before our area rule", () => {
    const consent = [
      { kind: "share", decision: "refused", recipientClasses: ["company"] },
      { kind: "duty-to-refer", decision: "given", chosenAuthority: "E09000012" },
    ];
    const content = mapped({ consent });
    expect(content.consents).toEqual(consent);
    expect(content.choice).toEqual({ authority: "E09000012" });
  });

  it("keeps another system's code as sent instead of guessing", () => {
    const content = mapped({ need: { system: "http://snomed.info/sct", code: "employment" } });
    expect(content.need).toBeUndefined();
    expect(content.needAsSent).toEqual({ system: "http://snomed.info/sct", code: "employment" });
  });
});

describe("a hand-off at fault", () => {
  it.each([
    [{ "person.nino": "BG123456A" }, "nino-malformed person.nino"],
    [{ "person.nino": "QQ123456C" }, "nino-malformed person.nino"],
    [{ "person.nino": "PY123456C" }, "nino-malformed person.nino"],
    [{ "person.nino": "CR123456C" }, "nino-malformed person.nino"],
    [{ "person.nhsNumber": "12345" }, "nhs-number-malformed person.nhsNumber"],
    [{ "person.postcode": "E15 4B" }, "postcode-malformed person.postcode"],
    [{ "person.dob": "2001-02-29" }, "date-impossible person.dob"],
    [{ "claim.unemployedSince": "2024-13-01" }, "date-impossible claim.unemployedSince"],
    [{ "person.noFixedAbode": true }, "invariant person.noFixedAbode"],
    [{ "person.addressWithheld": true }, "invariant person.addressWithheld"],
    [{ "flags.handling": "minimised" }, "invariant flags.handling"],
    [{ "programme.earlyEntryCategory": "carer" }, "required programme.groupAttested"],
    [{ consent: [{ kind: "duty-to-refer", decision: "given" }] }, "required consent[0].chosenAuthority"],
    [
      { consent: [{ kind: "duty-to-refer", decision: "given", chosenAuthority: "W06000015" }] },
      "authority-not-england consent[0].chosenAuthority",
    ],
    [{ "flags.safeguarding": undefined }, "required flags.safeguarding"],
    [{ "flags.incidentMarker": undefined }, "required flags.incidentMarker"],
    [{ "person.shoeSize": 9 }, "unknown person.shoeSize"],
    [{ "person.familyName": "nul\u0000" }, "invalid person.familyName"],
    [{ "person.phones": Array.from({ length: 7 }, () => "07700 900000") }, "too-many person.phones"],
    [{ reason: "x".repeat(1001) }, "too-long reason"],
    [{ "flags.handling": 7 }, "not-one-of flags.handling"],
  ])("names %j", (changes, fault) => {
    expect(faults(changes)).toEqual([fault]);
  });

  it("names faults across fields together with faults within them", () => {
    expect(
      faults({ "person.noFixedAbode": true, "person.nino": "nonsense", participation: "perhaps", more: 1 }).sort(),
    ).toEqual([
      "invariant person.noFixedAbode",
      "nino-malformed person.nino",
      "not-one-of participation",
      "unknown more",
    ]);
  });

  it.each([null, 5, "text", [], true])("survives %j", (value) => {
    expect(read(HandOff, value).ok).toBe(false);
  });
});
