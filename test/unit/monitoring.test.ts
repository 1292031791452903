// Whatever a person answers for monitoring, every door hands over the same referral, the same decision follows, and a provider
// gets the same bytes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monitoringOf } from "../../adapters/council/monitoring.ts";
import { readForm } from "../../adapters/council/form.ts";
import { readRequest } from "../../adapters/council/read.ts";
import { readMessage } from "../../adapters/gp/read-message.ts";
import { contentOf } from "../../adapters/jobcentre/map.ts";
import type { Client, ClientKind } from "../../schemas/client.ts";
import { HandOff } from "../../schemas/foreign/jobcentre.ts";
import { MONITORING, UK_ETHNIC_CATEGORIES, UK_ETHNIC_CATEGORY } from "../../schemas/foreign/fhir/systems.ts";
import { Monitoring, MONITORED } from "../../schemas/monitoring.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Content } from "../../schemas/referral.ts";
import { disclose, previewOf } from "../../src/core/disclose.ts";
import { judge } from "../../src/core/judge.ts";
import { offerMade } from "../../src/core/made.ts";
import { countMonitoring } from "../../src/jobs/monitoring.ts";
import { aDecision, aProgramme, NOW } from "../builders/rules.ts";
import { councilRequest } from "../fixtures/council/request.ts";
import { barsMessage, type Loose } from "../fixtures/gp/index.ts";
import { handoff } from "../fixtures/jobcentre/handoff.ts";

const client = (kind: ClientKind): Client => ({
  id: "0192f000-0000-7000-8000-0000000000c1",
  kind,
  organisation: "F83999",
  name: "A sample system",
  scopes: [],
  test: true,
  webhookSecrets: [],
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyMonitoring: fc.Arbitrary<Monitoring> = fc
  .record({
    ethnicity: maybe(fc.constantFrom(...MONITORED.ethnicity.unwrap().options)),
    religion: maybe(fc.constantFrom(...MONITORED.religion.unwrap().options)),
    sexualOrientation: maybe(fc.constantFrom(...MONITORED.sexualOrientation.unwrap().options)),
    genderIdentity: maybe(fc.constantFrom(...MONITORED.genderIdentity.unwrap().options)),
    disabled: maybe(fc.constantFrom(...MONITORED.disabled.unwrap().options)),
    impairments: maybe(
      fc.uniqueArray(fc.constantFrom(...MONITORED.impairments.unwrap().element.options), { minLength: 1 }),
    ),
  })
  .filter((one) => Object.values(one).some((answer) => answer !== undefined));

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

type Came = { content: Content; monitoring?: Monitoring | undefined };
const throughJobcentre = (monitoring?: Monitoring): Came => {
  const sent = HandOff.parse(handoff({ changes: monitoring === undefined ? {} : { monitoring } }));
  return { content: contentOf(sent, client("jobcentre")), monitoring: sent.monitoring };
};

const partsOf = (monitoring: Monitoring) =>
  Object.entries(monitoring).flatMap(([url, answer]) =>
    [answer ?? []].flat().map((valueCode) => ({ url, valueCode: String(valueCode) })),
  );
const withPatient = (more: object[]): Came => {
  const bundle = barsMessage({ seed: "monitoring" }) as Loose;
  const patient = bundle["entry"].find((one: Loose) => one["resource"].resourceType === "Patient").resource;
  patient.extension = [...(patient.extension ?? []), ...more];
  const read = readMessage(bundle, { client: client("gp"), now: NOW });
  if (!read.ok) throw new Error(JSON.stringify(read.reasons));
  return read.value;
};
const throughPractice = (monitoring?: Monitoring): Came =>
  withPatient(monitoring === undefined ? [] : [{ url: MONITORING, extension: partsOf(monitoring) }]);

const NAMES: Record<string, string> = { sexualOrientation: "sexual_orientation", genderIdentity: "gender_identity" };
const throughCouncil = (monitoring: Monitoring = {}): Came => {
  const attributes = Object.fromEntries(
    Object.entries(monitoring).map(([name, answer]) => [`monitoring_${NAMES[name] ?? name}`, answer]),
  );
  const form = readForm(Buffer.from(councilRequest({ attributes }).toString()));
  if (!form.ok) throw new Error("no form");
  const read = readRequest(form.form, client("council"), NOW);
  if (!read.ok) throw new Error(JSON.stringify(read.reasons));
  return read;
};

const DOORS = [
  ["jobcentre", throughJobcentre],
  ["gp", throughPractice],
  ["council", throughCouncil],
] as const;

/** All that leaves the broker and all that it keeps of a decision, as bytes. */
const follows = (content: Content, door: "jobcentre" | "gp" | "council"): string => {
  const base = aDecision({ content, programmes: [aProgramme({ needs: ["employment", "debt-advice"] })] });
  const question = { ...base, referral: { ...base.referral, door } };
  const { decision, written } = judge(question, (purpose, value) => `${purpose}:${value.length}`);
  const offer: Offer = {
    id: "0192f000-0000-7000-8000-0000000000d1",
    referral: question.referral.id,
    programme: "coaching",
    service: "coaching-upper-street",
    places: [],
    provider: "sample-coaching",
    status: "sent",
    test: true,
    madeAt: NOW,
    changedAt: NOW,
  };
  const preview = previewOf(content, question.area, NOW);
  const bytes = offerMade({ offer, reference: "WM-7K3P-9QXR", preview }, "https://waymark.example");
  const { detail } = disclose(content, aProgramme().disclosures[0]?.fields ?? []);
  return JSON.stringify([decision, written, bytes, detail]);
};

describe.each(DOORS)("answers for monitoring through the door %s", (door, through) => {
  it("change no referral, no decision and no byte of what a provider gets, and come out whole beside it", () => {
    const without = through();
    const before = follows(without.content, door);
    fc.assert(
      fc.property(anyMonitoring, (said) => {
        const { content, monitoring } = through(said);
        expect(plain(monitoring)).toEqual(plain(said));
        expect(plain(content)).toEqual(plain(without.content));
        expect(follows(content, door)).toBe(before);
      }),
    );
    expect(without.monitoring).toBeUndefined();
  });
});

describe("what a practice holds of ethnic category", () => {
  const ethnic = (code: string) => [
    { url: UK_ETHNIC_CATEGORY, valueCodeableConcept: { coding: [{ system: UK_ETHNIC_CATEGORIES, code }] } },
  ];
  it.each([
    ["A", "white-british"],
    ["m", "black-caribbean"],
    ["R", "asian-chinese"],
    ["Z", "prefer-not-to-say"],
  ])("is taken for an answer: %s is %s", (code, ethnicity) => {
    expect(withPatient(ethnic(code)).monitoring).toEqual({ ethnicity });
  });
  it("is left alone where the code is none that we know, and gives way to what the person says now", () => {
    expect(withPatient(ethnic("99")).monitoring).toBeUndefined();
    const own = { url: MONITORING, extension: [{ url: "ethnicity", valueCode: "arab" }] };
    expect(withPatient([own, ...ethnic("S")]).monitoring).toEqual({ ethnicity: "arab" });
  });
});

it("names a wrong answer by its path, and never repeats it", () => {
  const bundle = barsMessage({ seed: "wrong" }) as Loose;
  const at = bundle["entry"].findIndex((one: Loose) => one["resource"].resourceType === "Patient");
  const patient = bundle["entry"][at].resource;
  patient.extension = [{ url: MONITORING, extension: [{ url: "religion", valueCode: "pastafarian" }] }];
  const read = readMessage(bundle, { client: client("gp"), now: NOW });
  const path = `Bundle.entry[${at}].resource.extension[0].extension[0].valueCode`;
  expect(read).toMatchObject({ ok: false, reasons: [{ code: "not-one-of", path }] });
});

it("takes nothing for an answer where no question was answered", () => {
  expect(monitoringOf({ one: () => undefined, many: () => [], yes: () => undefined })).toEqual({
    ok: true,
    value: undefined,
  });
  expect(Monitoring.safeParse({}).success).toBe(false);
  expect(Monitoring.safeParse({ impairments: [] }).success).toBe(false);
});

describe("the count", () => {
  const book = (all: Monitoring[]) => ({
    page: async ({ after, limit }: { after?: string; limit: number }) => {
      const rows = all.map((answers, at) => ({ case: String(at).padStart(6, "0"), answers }));
      return rows.filter((row) => after === undefined || row.case > after).slice(0, limit);
    },
  });
  it("rounds, counts nobody out who is one of few, and reads every page", async () => {
    const many = Array.from({ length: 433 }, (): Monitoring => ({
      religion: "none",
      impairments: ["vision", "other"],
    }));
    const few = Array.from({ length: 4 }, (): Monitoring => ({ religion: "sikh" }));
    const five = Array.from({ length: 5 }, (): Monitoring => ({ disabled: "yes" }));
    expect(await countMonitoring(book([...few, ...many, ...five]), { test: true })).toEqual([
      { question: "disabled", answer: "yes", people: 5 },
      { question: "impairments", answer: "other", people: 435 },
      { question: "impairments", answer: "vision", people: 435 },
      { question: "religion", answer: "none", people: 435 },
      { question: "religion", answer: "sikh", people: undefined },
    ]);
  });
});
