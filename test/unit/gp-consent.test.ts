// Consent at the GP door: to whom, for what, and what is taken back. What is unclear permits nobody.
import { describe, expect, test } from "vitest";
import { readMessage } from "../../adapters/gp/read-message.ts";
import { shownConsent } from "../../adapters/gp/shown-consent.ts";
import type { Consent } from "../../schemas/consent.ts";
import { leavesOut, mayShare } from "../../src/core/consent.ts";
import { barsMessage, inBundle, type ConsentOptions, type Sample } from "../fixtures/gp/index.ts";

const client = {
  id: "0192f000-0000-7000-8000-0000000000c1",
  kind: "gp" as const,
  organisation: "F83999",
  name: "Example",
  scopes: [],
  test: false,
  webhookSecrets: [],
};

const read = (consents: ConsentOptions[], change?: (consent: Sample, bundle: Sample) => void) => {
  const bundle = barsMessage({ consents });
  change?.(inBundle(bundle, "Consent"), bundle);
  return readMessage(JSON.parse(JSON.stringify(bundle)), { client, now: new Date("2026-11-02T10:00:00Z") });
};
type Short = Pick<Consent, "decision"> & { to: string[]; purpose?: Consent["purpose"] };
const said = (...given: Parameters<typeof read>): Short[] => {
  const result = read(...given);
  if (!result.ok) throw new Error(JSON.stringify(result.reasons));
  return result.value.content.consents.map(({ decision, recipients = [], recipientClasses = [], purpose }) => {
    const to = [...recipients, ...recipientClasses];
    return purpose === undefined ? { decision, to } : { decision, to, purpose };
  });
};
const DENY_CHARITY = {
  type: "deny",
  actor: [
    {
      role: { text: "recipient" },
      reference: {
        identifier: { system: "https://waymark.example/fhir/CodeSystem/recipient-class", value: "charity" },
      },
    },
  ],
};

describe("what BaRS itself says", () => {
  test("direct care is for the NHS, and stretches no further", () => {
    expect(said([{ directCare: true }])).toEqual([{ decision: "given", to: ["nhs"], purpose: "direct-care" }]);
  });

  test("direct care taken back is withdrawn", () => {
    expect(said([{ directCare: true, status: "inactive" }])).toEqual([
      { decision: "withdrawn", to: ["nhs"], purpose: "direct-care" },
    ]);
  });
});

describe("rules and exceptions", () => {
  test("organisations and classes that are named are permitted, for the purpose named", () => {
    expect(said([{ classes: ["charity"], organisations: ["ABC12"], purpose: "referral" }])).toEqual([
      { decision: "given", to: ["ABC12", "charity"], purpose: "referral" },
    ]);
  });

  test("an exception is kept within what it is taken from", () => {
    const result = read([{ classes: ["charity", "company"], except: { classes: ["company"] } }]);
    expect(result.ok && result.value.content.consents).toMatchObject([
      {
        decision: "given",
        recipientClasses: ["charity", "company"],
        except: [{ decision: "refused", recipientClasses: ["company"] }],
      },
    ]);
  });

  test("a base of no is a refusal", () => {
    expect(said([{}], (consent) => void (consent["provision"] = { type: "deny" }))).toEqual([
      { decision: "refused", to: [] },
    ]);
  });

  test.each([
    ["a limit to part of the record", { class: [{ code: "any" }] }],
    ["a period yet to come", { period: { start: "2027-01-01" } }],
    ["a purpose that we do not know", { purpose: [{ system: "https://other.example", code: "marketing" }] }],
    ["an action other than sharing", { action: [{ coding: [{ code: "collect" }] }] }],
    ["an end that is no day", { period: { end: "2027" } }],
  ])("%s permits nobody", (_name, limit) => {
    const result = said([{ classes: ["charity"] }], (consent) => Object.assign(consent["provision"], limit));
    expect(result).toEqual([]);
  });

  test("a nested rule without a type is a fault", () => {
    const result = read([{ classes: ["charity"] }], (consent) => {
      consent["provision"].provision = [{ actor: DENY_CHARITY.actor }];
    });
    expect(result.ok ? [] : result.reasons.map((one) => one.code)).toEqual(["required"]);
  });

  test("a refusal to somebody whom we cannot tell is a fault, for it may not be ignored", () => {
    const result = read([{ classes: ["charity"] }], (consent) => {
      consent["provision"].provision = [{ type: "deny", actor: [{ reference: { display: "My former employer" } }] }];
    });
    expect(result.ok ? [] : result.reasons.map((one) => one.code)).toEqual(["reference-unresolved"]);
  });

  test("a class that we do not know is a fault", () => {
    const result = read([{ classes: ["press" as never] }]);
    expect(result.ok ? [] : result.reasons.map((one) => one.code)).toEqual(["not-one-of"]);
  });
});

describe("what nested rules come to (R4, Consent.provision)", () => {
  const CLASS = "https://waymark.example/fhir/CodeSystem/recipient-class";
  const ORGANISATION = "https://waymark.example/fhir/Id/organisation";
  const whom = (...names: string[]) =>
    names.map((value) => ({
      role: { text: "recipient" },
      reference: { identifier: { system: value === value.toUpperCase() ? ORGANISATION : CLASS, value } },
    }));
  type Rule = Record<string, unknown>;
  const rule = (type: "permit" | "deny", names: string[], more: Rule = {}): Rule => ({
    type,
    ...(names.length === 0 ? {} : { actor: whom(...names) }),
    ...more,
  });
  const within = (...rules: Rule[]): Rule => ({ provision: rules });
  const forPurpose = (...codes: string[]): Rule => ({
    purpose: codes.map((code) => ({ system: "https://waymark.example/fhir/CodeSystem/purpose", code })),
  });
  const ABC = { class: "charity", organisation: "ABC1" } as const;
  const DEF = { class: "charity", organisation: "DEF2" } as const;
  const TOWN = { class: "council", organisation: "TOWN3" } as const;
  const may = (provision: Rule, purpose: "referral" | "follow-up" = "referral", change: Rule = {}) => {
    const result = read([{}], (consent) => Object.assign(consent, { provision }, change));
    if (!result.ok) throw new Error(JSON.stringify(result.reasons));
    const { consents } = result.value.content;
    const now = new Date("2026-11-02T12:00:00Z");
    return [ABC, DEF, TOWN]
      .map((one) => (mayShare(consents, one, purpose, now).holds ? one.organisation : "-"))
      .join(" ");
  };

  test.each<[string, Rule, string]>([
    ["yes to a class", rule("permit", ["charity"]), "ABC1 DEF2 -"],
    ["yes to one of a class", rule("permit", ["ABC1"]), "ABC1 - -"],
    ["yes to a class, but not to one of it", rule("permit", ["charity"], within(rule("deny", ["ABC1"]))), "- DEF2 -"],
    ["no to all, but for a class", rule("deny", [], within(rule("permit", ["charity"]))), "ABC1 DEF2 -"],
    [
      "no to all, but for a class, and in it not to one",
      rule("deny", [], within(rule("permit", ["charity"], within(rule("deny", ["ABC1"]))))),
      "- DEF2 -",
    ],
    [
      "yes to all of a class but to one, and to that one after all, for this purpose",
      rule(
        "permit",
        ["charity"],
        within(rule("deny", ["ABC1"], within(rule("permit", ["ABC1"], forPurpose("referral"))))),
      ),
      "ABC1 DEF2 -",
    ],
    ["no to a class, but for one of it", rule("deny", ["charity"], within(rule("permit", ["ABC1"]))), "ABC1 - -"],
    [
      "no to two, and within it a yes to a third, whom it is not about",
      rule("deny", ["ABC1", "DEF2"], within(rule("permit", ["TOWN3"]))),
      "- - -",
    ],
    [
      "two exceptions that disagree: the no",
      rule("permit", ["charity"], within(rule("permit", ["ABC1"]), rule("deny", ["ABC1"]))),
      "- DEF2 -",
    ],
    [
      "an exception without a name is for all that its rule is about",
      rule("permit", ["charity"], within(rule("deny", []))),
      "- - -",
    ],
    [
      "an exception for another purpose takes nothing from this one",
      rule("permit", ["charity"], within(rule("deny", ["ABC1"], forPurpose("follow-up")))),
      "ABC1 DEF2 -",
    ],
    [
      "an exception that has ended",
      rule("permit", ["charity"], within(rule("deny", ["ABC1"], { period: { end: "2026-11-01" } }))),
      "ABC1 DEF2 -",
    ],
    [
      "an exception that ends on no day that we can tell",
      rule("permit", ["charity"], within(rule("deny", ["ABC1"], { period: { end: "2026" } }))),
      "- DEF2 -",
    ],
    [
      "a yes within a no that has ended already",
      rule("deny", [], within(rule("permit", ["charity"], { period: { end: "2026-11-01" } }))),
      "- - -",
    ],
    [
      "a no to part of the record that we cannot tell",
      rule("permit", ["charity"], within(rule("deny", ["ABC1"], { code: [{ text: "a condition" }] }))),
      "- DEF2 -",
    ],
    [
      "a no about health: the rest may go",
      rule(
        "permit",
        ["charity"],
        within(rule("deny", [], { class: [{ system: "http://hl7.org/fhir/resource-types", code: "Condition" }] })),
      ),
      "ABC1 DEF2 -",
    ],
    [
      "a yes about health alone",
      rule("permit", ["charity"], { class: [{ system: "http://hl7.org/fhir/resource-types", code: "Condition" }] }),
      "- - -",
    ],
    [
      "the refusals in a yes that is unclear count all the same",
      rule("permit", ["charity", "TOWN3"], { period: { start: "2027-01-01" }, ...within(rule("deny", ["ABC1"])) }),
      "- - -",
    ],
  ])("%s", (_name, provision, expected) => expect(may(provision)).toBe(expected));

  test("each purpose stands for itself", () => {
    const both = rule("permit", ["charity"], forPurpose("referral", "follow-up"));
    expect([may(both), may(both, "follow-up")]).toEqual(["ABC1 DEF2 -", "ABC1 DEF2 -"]);
    const one = rule("permit", ["charity"], {
      ...forPurpose("referral", "follow-up"),
      ...within(rule("deny", ["ABC1"], forPurpose("follow-up"))),
    });
    expect([may(one), may(one, "follow-up")]).toEqual(["ABC1 DEF2 -", "- DEF2 -"]);
  });

  test("a whole referral is no part of the record; anything else is", () => {
    const about = (type: string) => (consent: Sample, bundle: Sample) => {
      const { fullUrl } = bundle["entry"].find((one: Sample) => one["resource"].resourceType === type) as Sample;
      consent["provision"] = rule("permit", ["charity"], {
        data: [{ meaning: "instance", reference: { reference: fullUrl } }],
      });
    };
    expect(said([{}], about("ServiceRequest"))).toEqual([{ decision: "given", to: ["charity"] }]);
    expect(said([{}], about("Patient"))).toEqual([]);
  });

  test("health may be left out, by the words of FHIR or by ours, and nothing else goes with it", () => {
    for (const [system, code] of [
      ["http://hl7.org/fhir/resource-types", "Condition"],
      ["https://waymark.example/fhir/CodeSystem/data-class", "health"],
    ]) {
      const result = read([{}], (consent) => {
        consent["provision"] = rule("permit", ["charity"], within(rule("deny", [], { class: [{ system, code }] })));
      });
      if (!result.ok) throw new Error(JSON.stringify(result.reasons));
      expect(leavesOut(result.value.content.consents, ABC, "referral", new Date("2026-11-02T12:00:00Z"))).toEqual([
        "health",
      ]);
    }
  });

  test("an opt-out of all with exceptions takes back what was given to others before", () => {
    const result = read([{ classes: ["council"] }, {}], (_consent, bundle) => {
      const [first, second] = bundle["entry"].filter(
        (one: Sample) => one["resource"].resourceType === "Consent",
      ) as Sample[];
      Object.assign(first?.["resource"] ?? {}, { dateTime: "2026-01-01T10:00:00Z" });
      Object.assign(second?.["resource"] ?? {}, {
        dateTime: "2026-02-01T10:00:00Z",
        provision: rule("deny", [], within(rule("permit", ["charity"]))),
      });
    });
    if (!result.ok) throw new Error(JSON.stringify(result.reasons));
    const { consents } = result.value.content;
    const now = new Date("2026-11-02T12:00:00Z");
    expect(mayShare(consents, TOWN, "referral", now)).toMatchObject({ reason: { code: "consent-refused" } });
    expect(mayShare(consents, ABC, "referral", now)).toEqual({ holds: true });
  });

  test("direct care stays direct care, whoever is named in it", () => {
    const result = said([{ directCare: true }], (consent) => {
      consent["provision"] = rule("permit", ["charity"]);
    });
    expect(result).toEqual([{ decision: "given", to: ["charity"], purpose: "direct-care" }]);
    expect(may(rule("permit", ["charity"]), "referral", { category: DRC })).toBe("- - -");
    expect(may(rule("permit", []), "referral", { category: DRC })).toBe("- - -");
  });
  const DRC = [{ coding: [{ system: "https://fhir.nhs.uk/CodeSystem/consent-categories-bars", code: "DRC" }] }];

  test.each(["inactive", "rejected"])("%s, it gives nobody anything, and takes back what its rules gave", (status) => {
    const nested = rule("deny", [], within(rule("permit", ["charity"], within(rule("deny", ["ABC1"])))));
    expect(may(nested, "referral", { status })).toBe("- - -");
    expect(said([{}], (consent) => Object.assign(consent, { provision: nested, status }))).toEqual([
      { decision: status === "inactive" ? "withdrawn" : "refused", to: ["charity"] },
    ]);
  });

  test("what is on record reads back as it was understood", () => {
    const result = read([{}], (consent) => {
      consent["provision"] = rule(
        "deny",
        [],
        within(
          rule("permit", ["charity"], within(rule("deny", ["ABC1"], { class: [{ system: DATA, code: "health" }] }))),
        ),
      );
    });
    if (!result.ok) throw new Error(JSON.stringify(result.reasons));
    const [kept] = result.value.content.consents;
    if (kept === undefined) throw new Error("nothing was read");
    const shown = shownConsent(kept, "0192f000-0000-7000-8000-000000000001", 0, "2026-11-02T10:00:00Z");
    const again = read([{}], (consent) => {
      const { status, provision } = JSON.parse(JSON.stringify(shown)) as Sample;
      Object.assign(consent, { status, provision: { ...provision, data: undefined } });
    });
    expect(again.ok && again.value.content.consents[0]).toMatchObject({ decision: "refused", except: kept.except });
  });
  const DATA = "https://waymark.example/fhir/CodeSystem/data-class";

  test("rules nested more deeply than four levels are a fault, for one of them could be a refusal", () => {
    const deep = (levels: number): Rule =>
      levels === 1 ? rule("deny", ["ABC1"]) : rule("permit", ["charity"], within(deep(levels - 1)));
    expect(may(deep(4))).toBe("- DEF2 -");
    const result = read([{}], (consent) => void (consent["provision"] = deep(5)));
    expect(result.ok ? [] : result.reasons).toMatchObject([
      { code: "too-deep", path: expect.stringMatching(/Consent|entry/) },
    ]);
  });
});

describe("status, kind and owner", () => {
  test.each([
    ["active", "given"],
    ["inactive", "withdrawn"],
    ["rejected", "refused"],
  ] as const)("%s is %s", (status, decision) => {
    expect(said([{ classes: ["charity"], status }])[0]?.decision).toBe(decision);
    expect(said([{ kind: "take-part", status }])[0]?.decision).toBe(decision);
  });

  test.each(["draft", "proposed", "entered-in-error"])("%s says nothing", (status) => {
    expect(said([{ classes: ["charity"] }], (consent) => void (consent["status"] = status))).toEqual([]);
  });

  test("the end of a permission is kept", () => {
    const result = read([{ classes: ["charity"], until: "2026-12-31" }]);
    expect(result.ok && result.value.content.consents[0]?.until).toBe("2026-12-31");
  });

  test("the housing authority that the person chose is kept for the duty to refer alone", () => {
    const actor = [
      { reference: { identifier: { system: "https://waymark.example/fhir/Id/organisation", value: "E09000025" } } },
    ];
    const chosen = (kind: "duty-to-refer" | "take-part") => {
      const result = read([{ kind }], (consent) => void (consent["provision"] = { actor }));
      return result.ok ? result.value.content.consents[0]?.chosenAuthority : result.reasons;
    };
    expect(chosen("duty-to-refer")).toBe("E09000025");
    expect(chosen("take-part")).toBeUndefined();
  });

  test("an authority outside England is refused, with the right route: the duty to refer holds in England alone", () => {
    const actor = [
      { reference: { identifier: { system: "https://waymark.example/fhir/Id/organisation", value: "W06000015" } } },
    ];
    const result = read([{ kind: "duty-to-refer" }], (consent) => void (consent["provision"] = { actor }));
    expect(result.ok ? [] : result.reasons.map((one) => one.code)).toEqual(["authority-not-england"]);
  });

  test("another person's consent permits nothing", () => {
    const other = "urn:uuid:0192f000-0000-7000-8000-00000000aaaa";
    const result = said([{ classes: ["charity"] }], (consent, bundle) => {
      bundle["entry"].push({ fullUrl: other, resource: { resourceType: "Patient" } });
      consent["patient"] = { reference: other };
    });
    expect(result).toEqual([]);
  });

  test("a scope that is not about sharing is no permission to share", () => {
    const result = said([{}], (consent) => {
      consent["scope"].coding[0].code = "research";
      consent["category"] = [{ coding: [{ code: "INFA" }] }];
    });
    expect(result).toEqual([]);
  });
});
