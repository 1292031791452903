// Consent at the GP door: to whom, for what, and what is taken back. What is unclear permits nobody.
import { describe, expect, test } from "vitest";
import { readMessage } from "../../adapters/gp/read-message.ts";
import type { Consent } from "../../schemas/consent.ts";
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

  test("an exception takes out whom it names, and is kept as a refusal", () => {
    expect(said([{ classes: ["charity", "company"], except: { classes: ["company"] } }])).toEqual([
      { decision: "given", to: ["charity"] },
      { decision: "refused", to: ["company"] },
    ]);
  });

  test("a base of no with exceptions permits only the exceptions", () => {
    const nested = { ...DENY_CHARITY, type: "permit" };
    expect(
      said([{}], (consent) => {
        consent["provision"] = { type: "deny", provision: [nested] };
      }),
    ).toEqual([{ decision: "given", to: ["charity"] }]);
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
