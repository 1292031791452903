// From FHIR to our own words: what keeps people safe survives, and what is unclear permits nothing.
import { describe, expect, test } from "vitest";
import { readMessage } from "../../adapters/gp/read-message.ts";
import { readServiceRequest, readTransaction } from "../../adapters/gp/read-rest.ts";
import type { Content } from "../../schemas/referral.ts";
import {
  barsMessage,
  inBundle,
  serviceRequest,
  SOURCE_ENDPOINT,
  transactionBundle,
  type GpOptions,
  type Loose,
  type Sample,
} from "../fixtures/gp/index.ts";

const client = {
  id: "0192f000-0000-7000-8000-0000000000c1",
  kind: "gp" as const,
  organisation: "F83999",
  name: "Example",
  scopes: [],
  test: false,
  webhookSecrets: [],
};
const asking = { client, now: new Date("2026-11-02T10:00:00Z") };
const asSent = (value: Sample): unknown => JSON.parse(JSON.stringify(value));

const read = (sample: Sample, from: Partial<typeof client> = {}) =>
  readMessage(asSent(sample), { ...asking, client: { ...client, ...from } });

const content = (options: GpOptions, change?: (bundle: Sample) => void): Content => {
  const bundle = barsMessage(options);
  change?.(bundle);
  const result = read(bundle);
  if (!result.ok) throw new Error(JSON.stringify(result.reasons));
  return result.value.content;
};
const faults = (change: (bundle: Sample) => void, options: GpOptions = {}): string[] => {
  const bundle = barsMessage(options);
  change(bundle);
  const result = read(bundle);
  return result.ok ? [] : result.reasons.map((one) => `${one.code} ${one.path}`);
};
const at = (bundle: Sample, type: string): string =>
  `Bundle.entry[${bundle["entry"].findIndex((one: Loose) => one.resource.resourceType === type)}].resource`;
const pathOf = (type: string): string => at(barsMessage(), type);

describe("flags", () => {
  const flags = [
    { category: "SG", code: "domestic-abuse", display: "Domestic abuse" },
    { category: "RA", code: "large-print", display: "Large print" },
    { category: "SS", code: "dog", display: "A dog at the home" },
    { category: "CW", code: "warn", display: "Call warning" },
    { category: "API", code: "other" },
  ];

  test("every flag in force goes somewhere", () => {
    const { flags: found, person } = content({ flags });
    expect(found.safeguarding).toEqual([{ code: "domestic-abuse", words: "Domestic abuse" }]);
    expect(person.accessNeeds).toEqual([{ code: "large-print", words: "Large print" }]);
    expect(found.risk.map((one) => one.code)).toEqual(["dog", "warn", "other"]);
    expect(found.emergency).toBe(false);
  });

  test("the three ways in keep the same flags", () => {
    const message = content({ flags });
    const single = readServiceRequest(asSent(serviceRequest({ flags })), asking);
    const whole = readTransaction(asSent(transactionBundle({ flags })), asking);
    expect(single.ok && single.value.content.flags).toEqual(message.flags);
    expect(whole.ok && whole.value.content.flags).toEqual(message.flags);
  });

  test("a flag that no longer holds is not carried", () => {
    const { flags: found } = content({ flags: [{ category: "SS", code: "dog", status: "inactive" }] });
    expect(found.risk).toEqual([]);
  });

  test("more flags than we can carry are refused, never cut", () => {
    const many = Array.from({ length: 21 }, (_, count) => ({ category: "SS", code: `risk-${count}` }));
    expect(faults(() => undefined, { flags: many })).toHaveLength(1);
    expect(content({ flags: many.slice(1) }).flags.risk).toHaveLength(20);
  });

  test.each([
    [{ priority: "stat", flags: [flags[0]!] }, true],
    [{ priority: "stat" }, false],
    [{ priority: "urgent", flags: [flags[0]!] }, false],
    [{ flags: [{ category: "SG", code: "emergency", system: "https://waymark.example/fhir/CodeSystem/flag" }] }, true],
  ])("emergency: %j is %s", (options, expected) => {
    expect(content(options).flags.emergency).toBe(expected);
  });
});

describe("safe contact, language and home", () => {
  test("every rule of safe contact survives, and no is stronger than yes", () => {
    const safeContact = {
      phone: false,
      text: true,
      voicemail: false,
      email: false,
      letter: false,
      notes: "Not before ten",
    };
    const { person } = content({ person: { safeContact, preferredContact: ["3"] } });
    expect(person.safeContact).toEqual(safeContact);
  });

  test("no telephone contact forbids voicemail too; a preferred way permits itself", () => {
    expect(content({ person: { preferredContact: ["8", "9"] } }).person.safeContact).toEqual({
      phone: false,
      voicemail: false,
      text: true,
    });
  });

  test("no is stronger than yes in whichever order they come", () => {
    for (const preferredContact of [
      ["3", "8"],
      ["8", "3"],
    ]) {
      expect(content({ person: { preferredContact } }).person.safeContact.phone).toBe(false);
    }
  });

  test("a way of contact that we have no field for becomes an access need", () => {
    expect(content({ person: { preferredContact: ["7"] } }).person.accessNeeds).toEqual([{ code: "contact-method-7" }]);
  });

  test("a safe-contact rule that we cannot read is a fault, not silence", () => {
    const bad = content.bind(undefined, { person: { safeContact: { telephone: false } } });
    expect(bad).toThrow("unknown");
  });

  test("language and interpreter", () => {
    const person = { language: { code: "bn", display: "Bengali" }, interpreter: true };
    expect(content({ person }).person.language).toEqual({ spoken: "bn", interpreter: true });
  });

  test("a means of communication beside the language reaches the worker", () => {
    const { person } = content({}, (bundle) => {
      inBundle(bundle, "Patient")["communication"][0].language.coding.push({
        system: "http://snomed.info/sct",
        code: "703963007",
        display: "Makaton vocabulary",
      });
    });
    expect(person.accessNeeds).toEqual([{ code: "communication-703963007", words: "Makaton vocabulary" }]);
  });

  test.each([
    [{ postcode: "ZZ99 3VZ" }, "none"],
    [{ postcode: "ZZ99 3WZ", lines: [] }, "address"],
    [{ lines: ["No fixed abode"] }, "none"],
    [{ postcode: null }, "not-said"],
    [{ confidentiality: "R" }, "withheld"],
  ])("home of %j is %s", (person, kind) => {
    expect(content({ person }).person.home.kind).toBe(kind);
  });

  test("a withheld address leaves no trace in what providers may see", () => {
    const told = JSON.stringify(content({ person: { confidentiality: "V", postcode: "N1 2UD" } }));
    expect(told).not.toContain("N1 2UD");
    expect(told).toContain("out-of-band");
  });

  test("a representative speaks; a contact person of the record does not", () => {
    const representative = { name: "Rowan Example", relationship: "sister", phone: "07700 900456" };
    expect(content({ person: { representative } }).person.representative).toEqual(representative);
    expect(content({}).person.representative).toBeUndefined();
  });
});

describe("need, facts and referrer", () => {
  test.each([
    [{ system: "http://snomed.info/sct", code: "1082621000000104" }, "supported-employment"],
    [{ system: "HTTPS://snomed.info/SCT/", code: "1098051000000103" }, "employment"],
    [{ system: "http://terminology.hl7.org/CodeSystem/service-type", code: "127" }, "homelessness"],
    [{ system: "https://other.example", code: "127", display: "Something" }, undefined],
  ])("%j means %s", (need, expected) => {
    const found = content({ need });
    expect(found.need).toBe(expected);
    expect(found.needAsSent?.code).toBe(need.code);
  });

  test("facts come from our extension, checked one by one", () => {
    const facts = { employment: "off-sick", unemployedSince: "2025-02-01", groups: ["carer", "lone-parent"] };
    expect(content({ facts }).facts).toEqual(facts);
    expect(faults(() => undefined, { facts: { employment: "resting" } })).toEqual([
      `not-one-of ${pathOf("ServiceRequest")}.extension[0].extension[0].valueCode`,
    ]);
  });

  test("no group and no programme are said outright, for an empty list cannot be sent", () => {
    expect(content({ facts: { noProgrammes: true, noGroups: true } }).facts).toEqual({ programmes: [], groups: [] });
    const path = `${pathOf("ServiceRequest")}.extension[0].extension[0]`;
    expect(faults(() => undefined, { facts: { noProgrammes: false } })).toEqual([`not-one-of ${path}.valueBoolean`]);
    expect(faults(() => undefined, { facts: { noGroups: true, groups: ["carer"] } })).toEqual([`invariant ${path}`]);
  });

  test("an active condition says long-term condition, unless the fact was said", () => {
    expect(content({}).facts.longTermCondition).toBeUndefined();
    expect(content({ condition: true }).facts.longTermCondition).toBe(true);
    expect(content({ condition: true, facts: { longTermCondition: false } }).facts.longTermCondition).toBe(false);
    const over = (bundle: Sample) => {
      inBundle(bundle, "Condition")["clinicalStatus"].coding[0].code = "resolved";
    };
    expect(content({ condition: true }, over).facts.longTermCondition).toBeUndefined();
  });

  test("who refers, and from which surgery", () => {
    expect(content({}).referrer).toEqual({
      organisation: "F83999",
      name: "The Sample Surgery",
      worker: "Dr Ada Sample",
      role: "General practitioner",
      contact: "020 7946 0101",
      site: "F83999",
    });
  });

  test("the sender is the client's own organisation, also where the system's address drifts", () => {
    const drift = (bundle: Sample) => {
      const system = "http://fhir.nhs.uk/id/ods-organization-code";
      inBundle(bundle, "Organization")["identifier"][0].system = system;
    };
    expect(content({}, drift).person.practice).toBe("F83999");
    const other = read(barsMessage(), { organisation: "F84000" });
    expect(other.ok ? [] : other.reasons.map((one) => one.code)).toContain("sender-not-you");
  });

  test("nothing of the source's address reaches the referral", () => {
    const result = read(barsMessage());
    expect(result.ok).toBe(true);
    expect(JSON.stringify(result)).not.toContain(new URL(SOURCE_ENDPOINT).host);
  });
});

describe("faults", () => {
  const patient = (change: (patient: Sample) => void) => (bundle: Sample) => change(inBundle(bundle, "Patient"));

  test.each([
    ["birthDate", "2026-02-30", "date-impossible"],
    ["birthDate", "2026-11-03", "birth-date-future"],
    ["birthDate", "1901-11-01", "birth-date-too-old"],
    ["birthDate", 1984, "wrong-type"],
    ["gender", "F", "not-one-of"],
  ])("Patient.%s of %j is %s", (field, value, code) => {
    const found = faults(
      patient((one) => {
        one[field] = value;
      }),
    );
    expect(found).toEqual([`${code} ${pathOf("Patient")}.${field}`]);
  });

  test("a year of birth alone is good FHIR: the day stays unknown", () => {
    expect(content({ person: { birthDate: "1984" } }).person.birthDate).toBeUndefined();
    expect(content({ person: { birthDate: "1901-11-02" } }).person.birthDate).toBe("1901-11-02");
  });

  test("NHS number: ten digits, and a check that only test clients may fail", () => {
    const numberAt = `${pathOf("Patient")}.identifier[0].value`;
    expect(faults(() => undefined, { person: { nhsNumber: "99912" } })).toEqual([`nhs-number-malformed ${numberAt}`]);
    for (const nhsNumber of ["9990000010", "9999999999"]) {
      expect(faults(() => undefined, { person: { nhsNumber } })).toEqual([`nhs-number-check ${numberAt}`]);
      const tolerated = read(barsMessage({ person: { nhsNumber } }), { test: true });
      expect(tolerated.ok && tolerated.value.warnings).toEqual([
        { code: "nhs-number-check-test", path: numberAt, severity: "warning" },
      ]);
    }
    expect(content({ person: { nhsNumber: null } }).person.nhsNumber).toBeUndefined();
  });

  test("the old and the new code for a verified number are both read", () => {
    const code = (value: string) => (bundle: Sample) => {
      inBundle(bundle, "Patient")["identifier"][0].extension[0].valueCodeableConcept.coding[0].code = value;
    };
    expect(content({}, code("number-present-and-verified")).person.nhsNumberVerified).toBe(true);
    expect(content({}, code("01")).person.nhsNumberVerified).toBe(true);
    expect(content({}, code("02")).person.nhsNumberVerified).toBe(false);
  });

  test("a malformed postcode is a fault, an unknown one is not", () => {
    expect(faults(() => undefined, { person: { postcode: "NOT A CODE" } })).toEqual([
      `postcode-malformed ${pathOf("Patient")}.address[0].postalCode`,
    ]);
    expect(content({ person: { postcode: "n1 9zz" } }).person.home).toMatchObject({ postcode: "N1 9ZZ" });
  });

  test("all faults at once", () => {
    const found = faults(
      (bundle) => {
        inBundle(bundle, "CarePlan")["status"] = "active";
        inBundle(bundle, "ServiceRequest")["authoredOn"] = "2027-01-01T00:00:00Z";
        inBundle(bundle, "ServiceRequest")["occurrencePeriod"] = { start: "2026-05-02", end: "2026-05-01" };
      },
      { person: { nhsNumber: "12345", postcode: "QQ", birthDate: "2030-01-01" }, facts: { employment: "no" } },
    );
    expect(found.map((one) => one.split(" ")[0]).sort()).toEqual(
      [
        "birth-date-future",
        "invariant",
        "invariant",
        "invariant",
        "nhs-number-malformed",
        "not-one-of",
        "postcode-malformed",
      ].sort(),
    );
  });

  test.each([
    ["subject", "Patient"],
    ["encounter", "Encounter"],
    ["requester", "PractitionerRole"],
  ])("ServiceRequest.%s must be in the message", (field) => {
    const found = faults((bundle) => {
      inBundle(bundle, "ServiceRequest")[field] = { reference: "urn:uuid:nowhere" };
    });
    expect(found).toContain(`reference-unresolved ${pathOf("ServiceRequest")}.${field}`);
  });

  test("one address stands for one resource", () => {
    expect(
      faults((bundle) => {
        bundle["entry"][3].fullUrl = bundle["entry"][2].fullUrl;
      }).join(),
    ).toContain("invariant Bundle.entry[3].resource");
  });

  test("201 entries are too many", () => {
    const found = faults((bundle) => {
      const extra = Array.from({ length: 201 - bundle["entry"].length }, () => ({
        resource: { resourceType: "Basic" },
      }));
      bundle["entry"].push(...extra);
    });
    expect(found).toEqual(["too-many Bundle.entry"]);
  });
});

describe("the workflow that BaRS names", () => {
  const header = (change: (header: Sample) => void) => (bundle: Sample) => change(inBundle(bundle, "MessageHeader"));
  const set = (type: string, field: string, value: unknown) => (bundle: Sample) => {
    inBundle(bundle, type)[field] = value;
  };

  test.each<[string, (bundle: Sample) => void, string]>([
    ["no version", (bundle) => delete bundle["meta"].versionId, "invariant"],
    ["a later major", (bundle) => void (bundle["meta"].versionId = "2.0.0"), "not-supported"],
    ["another event", header((one) => void (one["eventCoding"].code = "booking-request")), "not-supported"],
    ["update", header((one) => void (one["reason"].coding[0].code = "update")), "no-changes-here"],
    ["delete", header((one) => void (one["reason"].coding[0].code = "delete")), "no-changes-here"],
    ["no reason", header((one) => delete one["reason"]), "required"],
    ["a plan still open", set("CarePlan", "status", "active"), "invariant"],
    ["an encounter planned", set("Encounter", "status", "planned"), "invariant"],
    ["a request revoked", set("ServiceRequest", "status", "revoked"), "not-supported"],
    [
      "a validation",
      set("ServiceRequest", "category", [
        { coding: [{ system: "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest", code: "validation" }] },
      ]),
      "not-supported",
    ],
    ["no author's time", set("ServiceRequest", "authoredOn", undefined), "required"],
    ["a collection", (bundle) => void (bundle["type"] = "collection"), "not-supported"],
  ])("%s is refused", (_name, change, code) => {
    expect(faults(change).map((one) => one.split(" ")[0])).toEqual([code]);
  });

  test("an alpha of the major that we know is taken", () => {
    expect(content({ versionId: "1.1.0-alpha" }).need).toBe("employment");
  });
});
