// What is told later, end to end on every set-up: it lifts a hold, corrects a fact, or takes a consent back; once, whole, and
// only from whoever sent the referral.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRIVATE_WORDS } from "../../src/core/firewall.ts";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { type House, PATIENCE_MS, setups } from "./house.ts";
import { get, handOffLetter, message, post, requestLetter, type Letter, type Reply } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { postcode: "N1 2UD", birthDate: "1984-04-09", family: "Quillfeather" },
};
const NHS_ONLY = { ...PATIENT, consents: [{ directCare: true }] };
const YES = [
  { kind: "share", decision: "given", purpose: "referral", recipientClasses: ["charity", "council"], how: "spoken" },
  { kind: "take-part", decision: "given", how: "spoken" },
];

const json = (path: string, body: object, headers: Record<string, string> = {}): Letter => ({
  path,
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(body),
});
const ids = () => ({ "gov-uk-originator-id": "SAMPLE-JCP-01", correlationId: randomUUID() });
const bodyOf = (reply: Reply): Loose => JSON.parse(reply.text) as Loose;
const codesOf = (reply: Reply): string[] => bodyOf(reply)["errors"].map((one: Loose) => one.code);

describe.each(setups())("what is told later on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  const sends = async (key: ReferrerKey, letter: Letter): Promise<string> => {
    const reply = await post(house.sender(key), letter);
    if (reply.status >= 300 || reply.reference === undefined) throw new Error(`not taken: ${reply.text}`);
    return reply.reference;
  };
  const statusOf = async (key: ReferrerKey, reference: string): Promise<string> =>
    bodyOf(await get(house.sender(key), `/referrals/${reference}`))["status"];
  const stands = async (key: ReferrerKey, reference: string, status: string): Promise<void> => {
    await expect.poll(() => statusOf(key, reference), { timeout: PATIENCE_MS, interval: 20 }).toBe(status);
  };
  const held = async (key: ReferrerKey, letter: Letter): Promise<string> => {
    const reference = await sends(key, letter);
    await stands(key, reference, "held");
    return reference;
  };
  const idOf = async (reference: string): Promise<string> =>
    (await house.sql<{ id: string }>("SELECT id FROM waymark.referral WHERE reference = $1", [reference]))[0]?.id ?? "";
  const typesOf = async (reference: string): Promise<string[]> =>
    (
      await house.sql<{ type: string }>(
        "SELECT e.type FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE r.reference = $1 ORDER BY e.sequence",
        [reference],
      )
    ).map(({ type }) => type);
  const tells = (key: ReferrerKey, reference: string, what: "consents" | "facts", body: object, headers = {}) =>
    post(house.sender(key), json(`/referrals/${reference}/${what}`, body, headers));
  const patient = (options: GpOptions = NHS_ONLY): Letter => message(house.sender("islington-surgery"), options);

  it("does not let a practice's direct care reach a charity; a second consent in the message does", async () => {
    const reference = await held("islington-surgery", patient());
    expect(await typesOf(reference)).toEqual(["received", "held"]);
    const both = [
      { directCare: true },
      { classes: ["charity" as const], purpose: "referral" as const },
      { kind: "take-part" as const },
    ];
    const other = await sends("islington-surgery", patient({ ...PATIENT, consents: both }));
    await stands("islington-surgery", other, "offered");
  });

  it("shows a need that was named later, to its referrer and to what else the case holds", async () => {
    const reference = await held(
      "islington-surgery",
      patient({ ...PATIENT, need: { system: "https://example.org/other", code: "x" } }),
    );
    expect(bodyOf(await get(house.sender("islington-surgery"), `/referrals/${reference}`))["need"]).toBeUndefined();
    expect((await tells("islington-surgery", reference, "facts", { need: "employment" })).status).toBe(200);
    expect(bodyOf(await get(house.sender("islington-surgery"), `/referrals/${reference}`))["need"]).toBe("employment");
    const rows = await house.sql<{ fields: string[]; need: string }>(
      `SELECT e.body -> 'fields' AS fields, e.body ->> 'need' AS need
       FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE r.reference = $1 AND e.type = 'amended'`,
      [reference],
    );
    expect(rows).toEqual([{ fields: ["need"], need: "employment" }]);
  });

  it("takes more from a council that has no more than its key, in a header, and from no other key", async () => {
    const hackney = house.sender("hackney");
    const letter = requestLetter(hackney, { seed: 61, service: "employment", attributes: { consent_to_share: [] } });
    const reference = await sends("hackney", letter);
    const asks = async (key: string | undefined, path: string, body?: object) =>
      fetch(`${hackney.broker}/referrals/${reference}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { "Content-Type": "application/json", ...(key === undefined ? {} : { "X-Api-Key": key }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const key = hackney.identity.apiKey;
    expect((await asks(key, "")).status).toBe(200);
    expect((await asks(key, "/receipt")).status).toBe(200);
    expect((await asks(key, "/facts", { facts: { rightToWork: true } })).status).toBe(200);
    const wrong = await asks(`${key}x`, "/facts", { facts: { rightToWork: true } });
    expect({ status: wrong.status, body: await wrong.json() }).toMatchObject({
      status: 403,
      body: { errors: [{ code: "api-key-invalid", path: "X-Api-Key" }] },
    });
    expect((await asks(undefined, "/receipt")).status).toBe(401);
    expect(house.log.join("\n")).not.toContain(key);
  });

  it("lifts a hold by a consent that comes later, and offers it at once", async () => {
    const reference = await held("islington-surgery", patient());
    const reply = await tells("islington-surgery", reference, "consents", { consents: YES });
    expect(reply.status).toBe(200);
    expect(bodyOf(reply)).toMatchObject({ reference, outcome: "amended" });
    await stands("islington-surgery", reference, "offered");
    await expect
      .poll(() => house.provider(COACHING).received.some((one) => one.reference === reference), {
        timeout: PATIENCE_MS,
      })
      .toBe(true);
    expect((await typesOf(reference)).filter((type) => type !== "delivered")).toEqual([
      "received",
      "held",
      "amended",
      "offered",
    ]);
    expect(house.log.join("\n")).not.toContain("Quillfeather");
  });

  const consentOf = (reference: string, more: object = {}, kind?: "take-part") => ({
    resourceType: "Consent",
    status: "active",
    scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy" }] },
    category: [{ coding: [{ system: "https://waymark.example/fhir/CodeSystem/consent-kind", code: kind ?? "share" }] }],
    patient: { reference: "Patient/their-own-id" },
    dateTime: new Date().toISOString(),
    policyRule: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "OPTIN" }] },
    provision: {
      type: "permit",
      ...(kind === undefined
        ? {
            actor: [
              {
                role: { text: "recipient" },
                reference: {
                  identifier: { system: "https://waymark.example/fhir/CodeSystem/recipient-class", value: "charity" },
                },
              },
            ],
          }
        : {}),
      data: [{ meaning: "instance", reference: cites(reference) }],
    },
    ...more,
  });
  const cites = (named: string): object =>
    named.startsWith("WM-")
      ? { identifier: { system: "https://waymark.example/fhir/Id/reference", value: named } }
      : { reference: named };
  const fhir = (body: object, headers: Record<string, string> = {}): Letter => ({
    path: "/fhir/R4/Consent",
    headers: { "Content-Type": "application/fhir+json", ...headers },
    body: JSON.stringify(body),
  });
  const issues = (reply: Reply): string[] =>
    bodyOf(reply)["issue"].map((one: Loose) => one["details"].coding.at(-1).code as string);

  it("lifts a hold by a FHIR Consent that cites the referral, by its address or by its reference", async () => {
    const by = house.sender("islington-surgery");
    const reference = await held("islington-surgery", patient());
    const id = await idOf(reference);
    const takesPart = await post(by, fhir(consentOf(reference, {}, "take-part")));
    expect(takesPart.status).toBe(201);
    const sent = fhir(consentOf(`${house.broker.origin}/fhir/R4/ServiceRequest/${id}`), {
      "X-Request-Id": randomUUID(),
    });
    const reply = await post(by, sent);
    expect([reply.status, reply.text]).toEqual([201, ""]);
    await stands("islington-surgery", reference, "offered");

    const location = new URL(reply.headers.get("location") ?? "");
    const shown = await get(by, location.pathname);
    expect(bodyOf(shown)).toMatchObject({ resourceType: "Consent", patient: { reference: "Patient/their-own-id" } });
    expect((await get(house.sender("camden-surgery"), location.pathname)).status).toBe(404);
    const again = await post(by, sent);
    expect([again.status, again.headers.get("location")]).toEqual([200, reply.headers.get("location")]);
    expect((await typesOf(reference)).filter((type) => type === "amended")).toHaveLength(2);
  });

  it("takes a consent back by FHIR: inactive, and the offer is recalled", async () => {
    const reference = await sends("islington-surgery", patient(PATIENT));
    await stands("islington-surgery", reference, "offered");
    const back = consentOf(`ServiceRequest/${await idOf(reference)}`, { status: "inactive" });
    expect((await post(house.sender("islington-surgery"), fhir(back))).status).toBe(201);
    await expect.poll(() => typesOf(reference), { timeout: PATIENCE_MS }).toContain("recalled");
  });

  it("refuses a FHIR Consent that cites nothing of ours, speaks of another person, or says nothing", async () => {
    const by = house.sender("islington-surgery");
    const reference = await held("islington-surgery", patient());
    const other = { identifier: { system: "https://fhir.nhs.uk/Id/nhs-number", value: "9990000026" } };
    for (const [body, status, code] of [
      [consentOf("Patient/1"), 400, "required"],
      [consentOf(`ServiceRequest/${randomUUID()}`), 404, "not-found"],
      [consentOf(reference, { patient: other }), 422, "other-person"],
      [consentOf(reference, { status: "draft" }), 422, "consent-unread"],
      [{ resourceType: "Patient" }, 400, "invariant"],
    ] as const) {
      const reply = await post(by, fhir(body));
      expect([reply.status, issues(reply)[0]]).toEqual([status, code]);
    }
    expect((await post(house.sender("camden-surgery"), fhir(consentOf(reference)))).status).toBe(404);
    expect(await typesOf(reference)).toEqual(["received", "held"]);
  });

  it("gives a service what the person left in, and says on the receipt what stayed behind", async () => {
    const but = [{ ...YES[0], except: [{ decision: "refused", data: ["health"] }] }, YES[1]];
    const reference = await held("islington-surgery", patient());
    await tells("islington-surgery", reference, "consents", { consents: but });
    await stands("islington-surgery", reference, "offered");
    const { receipts } = bodyOf(await get(house.sender("islington-surgery"), `/referrals/${reference}/receipt`));
    expect(receipts.at(-1)["withheld"]).toContain("detail");
    const provider = house.provider(COACHING);
    const sent = () => provider.received.find((one) => one.reference === reference);
    await expect.poll(sent, { timeout: PATIENCE_MS, interval: 20 }).toBeDefined();
    await provider.asks(`/offers/${sent()?.offer}/accept`, {});
    const opened = (await (await provider.asks(`/offers/${sent()?.offer}`)).json()) as Loose;
    expect(opened["detail"].person.name.family).toBe("Quillfeather");
    expect(opened["detail"].detail).toBeUndefined();
    // And what is taken back after that is open to it no longer.
    await tells("islington-surgery", reference, "consents", { consents: [{ kind: "share", decision: "withdrawn" }] });
    const closed = (await (await provider.asks(`/offers/${sent()?.offer}`)).json()) as Loose;
    expect([closed["status"], closed["detail"]]).toEqual(["recalled", undefined]);
  });

  it("keeps a hold when the person says no", async () => {
    const reference = await held("islington-surgery", patient());
    const no = YES.map((one) => ({ ...one, decision: "refused" }));
    await tells("islington-surgery", reference, "consents", { consents: no });
    await expect
      .poll(() => typesOf(reference), { timeout: PATIENCE_MS })
      .toEqual(["received", "held", "amended", "held"]);
    const { reasons } = bodyOf(await get(house.sender("islington-surgery"), `/referrals/${reference}`));
    expect(reasons.map((one: Loose) => one.code)).toContain("consent-refused");
  });

  it("lifts a Jobcentre's hold by an amendment of its hand-off, and tells it nothing of permission", async () => {
    const changes = {
      "person.postcode": "E6 2RP",
      "claim.unemployedSince": "2024-03-01",
      "programme.earlier": [],
      consent: [],
    };
    const reference = await held("jobcentre", handOffLetter({ seed: 71, changes }));
    const amendmentId = randomUUID();
    const body = { amendmentId, consent: YES.map((one) => ({ ...one, at: "2026-11-10T09:00:00Z" })) };
    const letter = json(`/jobcentre/v1/handoffs/${await idOf(reference)}/amendments`, body, ids());
    const reply = await post(house.sender("jobcentre"), letter);
    expect([reply.status, bodyOf(reply)["amendmentId"]]).toEqual([202, amendmentId]);
    await stands("jobcentre", reference, "offered");
    expect(reply.text).not.toMatch(PRIVATE_WORDS);
    const again = await post(house.sender("jobcentre"), letter);
    expect([again.status, bodyOf(again)["outcome"]]).toEqual([202, "repeated"]);
    const other = { ...letter, body: JSON.stringify({ ...body, circumstances: { housing: "settled" } }) };
    const reused = await post(house.sender("jobcentre"), other);
    expect([reused.status, codesOf(reused)]).toEqual([409, ["key-reused"]]);
  });

  it("lifts a council's hold by JSON, with a token", async () => {
    const letter = requestLetter(house.sender("camden"), {
      seed: 72,
      service: "debt-advice",
      parameters: { address_string: "9 Invented Mews, WC1H 9JE" },
      attributes: { consent_share: undefined },
    });
    const reference = await held("camden", letter);
    await tells("camden", reference, "consents", { consents: YES });
    await expect.poll(() => statusOf("camden", reference), { timeout: PATIENCE_MS }).not.toBe("held");
    expect(await typesOf(reference)).toContain("offered");
  });

  it("asks for the fact that is missing by its name, and goes on when it comes under that name", async () => {
    const reference = await held("islington-surgery", patient({ ...PATIENT, facts: { longTermCondition: true } }));
    const asks = bodyOf(await get(house.sender("islington-surgery"), `/referrals/${reference}`))["reasons"];
    expect(asks).toContainEqual(expect.objectContaining({ code: "fact-unknown", path: "facts.employment" }));
    const body = { facts: { employment: "out-of-work" }, effective: "2026-11-01" };
    const reply = await tells("islington-surgery", reference, "facts", body);
    expect(bodyOf(reply)).toMatchObject({ outcome: "amended" });
    await stands("islington-surgery", reference, "offered");
    const [{ body: event } = { body: {} }] = await house.sql<{ body: Loose }>(
      "SELECT e.body FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE r.reference = $1 AND e.type = 'amended'",
      [reference],
    );
    expect(event).toEqual({ type: "amended", by: "referrer", fields: ["facts.employment"], effective: "2026-11-01" });
  });

  it("takes a fact once, answers a second time the same, and refuses another body under the same key", async () => {
    const reference = await held("islington-surgery", patient({ ...PATIENT, facts: { longTermCondition: true } }));
    const body = { facts: { rightToWork: true } };
    const key = { "Idempotency-Key": "fact-1" };
    const [one, two] = await Promise.all([
      tells("islington-surgery", reference, "facts", body, key),
      tells("islington-surgery", reference, "facts", body, key),
    ]);
    expect([bodyOf(one)["outcome"], bodyOf(two)["outcome"]].toSorted()).toEqual(["amended", "repeated"]);
    expect((await typesOf(reference)).filter((type) => type === "amended")).toHaveLength(1);
    expect(
      bodyOf(await tells("islington-surgery", reference, "facts", body, { "Idempotency-Key": "fact-2" }))["outcome"],
    ).toBe("unchanged");
    const other = await tells("islington-surgery", reference, "facts", { facts: { rightToWork: false } }, key);
    expect([other.status, codesOf(other)]).toEqual([409, ["key-reused"]]);
  });

  it("answers a version that is old, a day that is old, and every fault at once", async () => {
    const reference = await held("islington-surgery", patient({ ...PATIENT, facts: { longTermCondition: true } }));
    const seen = await get(house.sender("islington-surgery"), `/referrals/${reference}`);
    const etag = seen.headers.get("etag") ?? "";
    expect(etag).toBe(`W/"${bodyOf(seen)["sequence"]}"`);
    const old = await tells(
      "islington-surgery",
      reference,
      "facts",
      { facts: { rightToWork: true } },
      { "If-Match": 'W/"1"' },
    );
    expect([old.status, codesOf(old)]).toEqual([412, ["version-old"]]);
    expect(
      (await tells("islington-surgery", reference, "facts", { facts: { rightToWork: true } }, { "If-Match": etag }))
        .status,
    ).toBe(200);
    const stale = await tells("islington-surgery", reference, "facts", {
      facts: { longTermCondition: false },
      effective: "2020-01-01",
    });
    expect([stale.status, codesOf(stale)]).toEqual([409, ["amendment-old"]]);
    const wrong = await tells(
      "islington-surgery",
      reference,
      "facts",
      { facts: { employment: "perhaps", shoeSize: 9 }, person: { birthDate: "1984-02-31" }, effective: "soon" },
      { "Idempotency-Key": "no spaces here", "If-Match": "latest" },
    );
    expect([wrong.status, codesOf(wrong).toSorted()]).toEqual([
      400,
      ["date-impossible", "date-impossible", "header-invalid", "header-invalid", "not-one-of", "unknown"],
    ]);
    expect(wrong.text).not.toMatch(/perhaps|soon/);
  });

  it("recalls an offer that is out when the consent behind it is taken back", async () => {
    const reference = await sends("islington-surgery", patient(PATIENT));
    const provider = house.provider(COACHING);
    const sent = () => provider.received.find((one) => one.reference === reference);
    await expect.poll(sent, { timeout: PATIENCE_MS, interval: 20 }).toBeDefined();
    const offer = sent()?.offer ?? "";
    await provider.asks(`/offers/${offer}/acknowledge`, {});
    const back = [{ kind: "share", decision: "withdrawn" }];
    expect((await tells("islington-surgery", reference, "consents", { consents: back })).status).toBe(200);
    await stands("islington-surgery", reference, "held");
    expect((await typesOf(reference)).filter((type) => !/^(delivered|recall-told)$/.test(type))).toEqual([
      "received",
      "offered",
      "acknowledged",
      "amended",
      "recalled",
      "held",
    ]);
    const accepts = await provider.asks(`/offers/${offer}/accept`, {});
    expect(accepts.status).toBe(410);
    expect(((await (await provider.asks(`/offers/${offer}`)).json()) as Loose)["status"]).toBe("recalled");
  });

  it("is not there for another organisation, and nothing is changed of what has ended", async () => {
    const reference = await held("islington-surgery", patient());
    const other = await tells("camden-surgery", reference, "consents", { consents: YES });
    expect([other.status, codesOf(other)]).toEqual([404, ["not-found"]]);
    const strange = await tells("islington-surgery", "9990000018", "consents", { consents: YES });
    expect(strange.status).toBe(404);
    await house.sql(
      "UPDATE waymark.work SET due = made_at WHERE kind = 'expire' AND referral = (SELECT id FROM waymark.referral WHERE reference = $1)",
      [reference],
    );
    await stands("islington-surgery", reference, "expired");
    const late = await tells("islington-surgery", reference, "consents", { consents: YES });
    expect([late.status, codesOf(late)]).toEqual([422, ["hold-expired"]]);
    expect(await typesOf(reference)).not.toContain("amended");
  });

  it("never lets a hold run out that was lifted in time", async () => {
    const reference = await held("islington-surgery", patient());
    await tells("islington-surgery", reference, "consents", { consents: YES });
    await stands("islington-surgery", reference, "offered");
    const clock = "kind IN ('expire', 'remind') AND referral = (SELECT id FROM waymark.referral WHERE reference = $1)";
    await house.sql(`UPDATE waymark.work SET due = made_at WHERE ${clock}`, [reference]);
    const left = async () => (await house.sql(`SELECT FROM waymark.work WHERE ${clock}`, [reference])).length;
    await expect.poll(left, { timeout: PATIENCE_MS }).toBe(0);
    expect(await statusOf("islington-surgery", reference)).toBe("offered");
  });
});
