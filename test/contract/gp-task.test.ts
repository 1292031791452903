// Tasks at the FHIR door: a referrer sees whom its referrals were offered to; a service reads its offers and answers them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gpDoor } from "../../adapters/gp/index.ts";
import { readServiceRequest } from "../../adapters/gp/read-rest.ts";
import { DisclosureField } from "../../schemas/disclosure.ts";
import { reason } from "../../schemas/reason.ts";
import type { Facts } from "../../schemas/referral.ts";
import { disclose, fieldsFor } from "../../src/core/disclose.ts";
import type { AskedView, OfferView } from "../../src/ports/views.ts";
import { serviceRequest } from "../fixtures/gp/index.ts";
import { aContent } from "../builders/content.ts";
import { aProgramme } from "../builders/rules.ts";
import {
  call,
  CONSENTS,
  mountDoor,
  NOW,
  REFERENCE,
  REFERRAL,
  SECRET,
  type Mounted,
  type Reply,
} from "../fixtures/door.ts";

const OFFER = "0192f000-0000-7000-8000-0000000000f1";
const OTHER = "0192f000-0000-7000-8000-0000000000f2";
const LOGIN = { Authorization: `Bearer ${SECRET}` };

// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any;
const json = (reply: Reply): Loose => JSON.parse(reply.text);
const codes = (reply: Reply): string[] =>
  json(reply).issue.map((one: Loose) => one.details.coding.at(-1).code as string);

const opened = (content: Parameters<typeof disclose>[0]) =>
  disclose(content, fieldsFor(aProgramme().disclosures, "charity")).detail;

const offered = (more: Partial<OfferView> = {}): OfferView => ({
  id: OFFER,
  reference: REFERENCE,
  status: "sent",
  service: "coaching-upper-street",
  madeAt: NOW.toISOString(),
  changedAt: NOW.toISOString(),
  preview: {
    need: "employment",
    urgency: "routine",
    area: "E09000019",
    ageBand: "25-49",
    language: "bn",
    interpreter: true,
    accessNeeds: [{ code: "step-free" }],
    risk: [{ code: "dog-at-home" }],
    safeguarding: false,
    participation: "voluntary",
  },
  ...more,
});
const asked = (more: Partial<AskedView> = {}): AskedView => ({
  id: OFFER,
  referral: REFERRAL,
  reference: REFERENCE,
  provider: "sample-coaching",
  service: "coaching-upper-street",
  status: "sent",
  madeAt: NOW.toISOString(),
  changedAt: NOW.toISOString(),
  reasons: [],
  ...more,
});
const PERSON = aContent({
  need: "employment",
  detail: "Would like to work again.",
  handover: "warm",
  person: {
    name: { title: "Ms", given: ["Imogen", "Ada"], family: "Fairweather-Test", preferred: "Immy" },
    home: { kind: "address", lines: ["1 Upper Street"], postcode: "N1 2UD", uprn: "5300000001" },
    authority: "E09000019",
    email: "imogen@example.org",
    phones: ["07700 900123", "07700 900124"],
    safeContact: { phone: true, voicemail: false, notes: "After four" },
    language: { spoken: "bn", interpreter: true },
    accessNeeds: [{ code: "step-free", words: "No stairs" }],
    representative: { name: "Sam Sample", relationship: "brother", phone: "07700 900125" },
  },
  flags: { safeguarding: [{ code: "concern" }], risk: [{ code: "dog-at-home", words: "A large dog" }] },
  referrer: {
    organisation: "F83999",
    name: "The Sample Surgery",
    worker: "Dr A. Sample",
    role: "GP",
    contact: "020 7946 0000",
  },
});

describe("a service", () => {
  let door: Mounted;
  beforeAll(async () => {
    door = await mountDoor(gpDoor, "provider", "sample-coaching", "/fhir/R4");
  });
  afterAll(() => door.close());
  beforeEach(() => {
    door.offers.splice(0, door.offers.length, offered());
    door.answered.length = 0;
    door.reported.length = 0;
    door.filters.length = 0;
    door.result.value = "changed";
  });
  const get = (path: string): Promise<Reply> => call(`${door.url}${path}`, { headers: LOGIN });
  const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    call(`${door.url}${path}`, {
      method,
      headers: { ...LOGIN, "Content-Type": "application/fhir+json", ...headers },
      body: JSON.stringify(body),
    });
  const put = (more: object, headers: Record<string, string> = {}): Promise<Reply> =>
    send("PUT", `/Task/${OFFER}`, { resourceType: "Task", id: OFFER, intent: "order", ...more }, headers);
  const patch = (body: unknown): Promise<Reply> =>
    send("PATCH", `/Task/${OFFER}`, body, { "Content-Type": "application/json-patch+json" });

  test("reads its offer as a Task with the preview, and nothing of the person", async () => {
    const reply = await get(`/Task/${OFFER}`);
    expect([reply.status, reply.headers["etag"]]).toEqual([200, 'W/"1"']);
    const task = json(reply);
    expect(task).toMatchObject({
      resourceType: "Task",
      id: OFFER,
      status: "requested",
      intent: "order",
      focus: { reference: `ServiceRequest/${OFFER}` },
      owner: { identifier: { value: "sample-coaching" } },
    });
    const input = Object.fromEntries(
      task.input.map((one: Loose) => [
        one.type.coding[0].code,
        Object.entries(one).find(([name]) => name.startsWith("value"))?.[1],
      ]),
    );
    expect(input).toEqual({
      area: "E09000019",
      "age-band": "25-49",
      language: "bn",
      interpreter: true,
      "access-need": "step-free",
      risk: "dog-at-home",
      safeguarding: false,
      participation: "voluntary",
    });
  });

  test("before acceptance its ServiceRequest has no person", async () => {
    const request = json(await get(`/ServiceRequest/${OFFER}`));
    expect(request).toMatchObject({ status: "active", intent: "filler-order", priority: "routine" });
    expect(request.subject.reference).toBeUndefined();
    expect(request.contained).toBeUndefined();
  });

  test("after acceptance the person stands in it, whole, as any FHIR reader of ours finds them", async () => {
    const detail = opened(PERSON);
    door.offers.splice(0, 1, offered({ status: "accepted", detail }));
    const reply = await get(`/ServiceRequest/${OFFER}`);
    for (const hidden of [PERSON.person.nhsNumber ?? "9990000018", "longTermCondition"])
      expect(reply.text).not.toContain(hidden);
    const client = { ...door.client, kind: "gp" as const, organisation: "F83999" };
    const again = readServiceRequest(json(reply), { client, now: NOW });
    if (!again.ok) throw new Error(JSON.stringify(again.reasons));
    const shown = opened(again.value.content);
    const flags = { safeguarding: detail.flags.safeguarding, risk: detail.flags.risk };
    const known = { ...shown, person: { ...shown.person, accessNeeds: detail.person.accessNeeds } };
    expect(JSON.parse(JSON.stringify(known))).toEqual(
      JSON.parse(JSON.stringify({ ...detail, handover: undefined, flags: { ...shown.flags, ...flags } })),
    );
    expect(shown.person.accessNeeds[0]?.code).toBe("step-free");
    const contained = json(reply).contained as { id: string }[];
    // dom-3: what is contained is referred to.
    for (const { id } of contained) expect(reply.text).toContain(`"#${id}"`);
    expect(reply.text).toContain('"valueCode":"warm"');
  });

  test("what else a programme discloses stands in it too, fact by fact", async () => {
    const facts: Facts = {
      employment: "out-of-work",
      unemployedSince: "2026-01-05",
      benefit: "uc",
      regime: "light-touch",
      assessmentPeriods: [
        { from: "2026-08-01", regime: "light-touch" },
        { from: "2026-09-01", regime: "light-touch" },
      ],
      longTermCondition: true,
      disability: false,
      groups: ["carer", "refugee"],
      basicSkills: [],
      rightToWork: true,
      programmes: [{ code: "work and health", startedOn: "2026-02-02", completed: false }],
    };
    const work = { aims: "A garden", jobPreferences: ["gardener", "groundskeeper"], childcare: "After three" };
    const content = aContent({
      facts,
      work,
      person: {
        nhsNumber: "9990000018",
        nhsNumberVerified: true,
        nino: "AB123456C",
        sex: "female",
        practice: "F83999",
      },
    });
    content.flags.handling = "minimised";
    const { detail, withheld } = disclose(content, DisclosureField.options);
    expect(withheld).toEqual([]);
    door.offers.splice(0, 1, offered({ status: "accepted", detail }));
    const reply = await get(`/ServiceRequest/${OFFER}`);
    const client = { ...door.client, kind: "gp" as const, organisation: "F83999" };
    const again = readServiceRequest(json(reply), { client, now: NOW });
    if (!again.ok) throw new Error(JSON.stringify(again.reasons));
    expect(again.value.content.facts).toEqual(facts);
    expect(again.value.content.flags.handling).toBe("minimised");
    expect(again.value.content.person).toMatchObject({
      nhsNumber: "9990000018",
      nhsNumberVerified: true,
      sex: "female",
      practice: "F83999",
    });
    expect(reply.text).toContain('{"system":"https://waymark.example/fhir/Id/nino","value":"AB123456C"}');
    for (const word of ["A garden", "groundskeeper", "After three"])
      expect(reply.text).toContain(`"valueString":"${word}"`);
  });

  test("finds its offers by status, a page at a time", async () => {
    const reply = await get("/Task?status=requested&_count=1");
    expect(door.filters).toEqual([{ limit: 1, status: "sent" }]);
    expect(json(reply).entry[0]).toMatchObject({ resource: { id: OFFER }, search: { mode: "match" } });
    expect(json(reply).link[1].url).toBe(
      `https://broker.example/fhir/R4/Task?status=requested&_count=1&_page=${OFFER}`,
    );
    expect(json(await get("/Task?status=draft")).entry).toEqual([]);
    expect(json(await get(`/ServiceRequest?_id=${OFFER}`)).entry).toHaveLength(1);
    expect(json(await get(`/Task?identifier=https://waymark.example/fhir/Id/offer|${OFFER}`)).entry).toHaveLength(1);
    expect(json(await get(`/Task?_id=${OTHER}`)).entry).toEqual([]);
  });

  test.each<[string, object, object]>([
    ["received", {}, { verb: "acknowledge" }],
    ["accepted", {}, { verb: "accept" }],
    [
      "rejected",
      { statusReason: { coding: [{ system: "https://waymark.example/fhir/CodeSystem/reason", code: "full" }] } },
      { verb: "decline", reason: "full" },
    ],
    [
      "rejected",
      {
        statusReason: { coding: [{ system: "https://fhir.nhs.uk/CodeSystem/dos-rejected-reasons-bars", code: "42" }] },
      },
      { verb: "decline", reason: "out-of-area" },
    ],
    [
      "rejected",
      { statusReason: { text: "Closed in May" } },
      { verb: "decline", reason: "other", text: "Closed in May" },
    ],
  ])("answers by PUT with status %s", async (status, more, answer) => {
    const reply = await put({ status, ...more });
    expect(reply.status).toBe(200);
    expect(json(reply).resourceType).toBe("Task");
    expect(door.answered).toEqual([{ offer: OFFER, answer }]);
  });

  test("starts and ends with their days", async () => {
    door.offers.splice(0, 1, offered({ status: "accepted" }));
    await put({ status: "in-progress", executionPeriod: { start: "2026-11-02T09:00:00Z" } });
    door.offers.splice(0, 1, offered({ status: "started" }));
    await put({ status: "completed", executionPeriod: { end: "2026-12-02" } });
    expect(door.answered.map((one) => one.answer)).toEqual([
      { verb: "start", on: "2026-11-02" },
      { verb: "end", reason: "completed", on: "2026-12-02" },
    ]);
  });

  test("the same status again changes nothing and is told where it stands", async () => {
    door.offers.splice(0, 1, offered({ status: "accepted" }));
    const reply = await put({ status: "accepted" });
    expect([reply.status, json(reply).status, door.answered]).toEqual([200, "accepted", []]);
  });

  test.each<[OfferView["status"], string, string]>([
    ["accepted", "received", "not-your-turn"],
    ["started", "accepted", "not-your-turn"],
    ["sent", "in-progress", "not-your-turn"],
    ["sent", "completed", "not-your-turn"],
    ["recalled", "accepted", "offer-closed"],
    ["declined", "accepted", "offer-closed"],
    ["ended", "in-progress", "offer-closed"],
  ])("an offer that is %s is not moved to %s: %s", async (status, to, code) => {
    door.offers.splice(0, 1, offered({ status }));
    const reply = await put({ status: to });
    expect([reply.status, codes(reply), door.answered]).toEqual([409, [code], []]);
    expect(json(reply).issue[0].expression).toEqual(["Task.status"]);
  });

  test.each<[string, object, number, string]>([
    ["without a reason", { status: "rejected" }, 400, "required"],
    ["on hold", { status: "on-hold" }, 422, "not-supported"],
    ["in a status that FHIR has not", { status: "asleep" }, 400, "not-one-of"],
    ["under another id", { id: OTHER, status: "accepted" }, 400, "invariant"],
  ])("a Task %s is refused", async (_name, more, status, code) => {
    const reply = await put(more);
    expect([reply.status, codes(reply)[0], door.answered]).toEqual([status, code, []]);
  });

  test("a version read too long ago is refused; the right one is taken", async () => {
    const old = await put({ status: "accepted" }, { "If-Match": 'W/"7"' });
    expect([old.status, codes(old)]).toEqual([412, ["version-old"]]);
    expect((await put({ status: "accepted" }, { "If-Match": 'W/"1"' })).status).toBe(200);
  });

  describe("tells beside the status", () => {
    const PROGRESS = "https://waymark.example/fhir/CodeSystem/progress";
    const WAY = "https://waymark.example/fhir/CodeSystem/contact-way";
    const TOLD_ON = "https://waymark.example/fhir/StructureDefinition/told-on";
    const coded = (code: string, more: object[] = []) => ({ coding: [{ system: PROGRESS, code }, ...more] });
    const answers = () => door.answered.map(({ answer }) => answer);
    beforeEach(() => void door.offers.splice(0, 1, offered({ status: "accepted" })));

    test("an attempt to reach the person, by phone and today unless it says otherwise", async () => {
      expect((await put({ status: "accepted", businessStatus: coded("no-answer") })).status).toBe(200);
      const visit = coded("reached", [{ system: WAY, code: "visit" }]);
      const on = [{ url: TOLD_ON, valueDate: "2026-10-30" }];
      await put({ status: "accepted", businessStatus: { ...visit, extension: on, text: "At the door" } });
      expect(answers()).toEqual([
        { verb: "contact", outcome: "no-answer", way: "phone", on: "2026-11-02" },
        { verb: "contact", outcome: "reached", way: "visit", on: "2026-10-30", text: "At the door" },
      ]);
    });

    test("a step of the action plan, and a status in the same update", async () => {
      await put({ status: "in-progress", businessStatus: coded("plan-agreed") });
      expect(answers()).toEqual([{ verb: "milestone", milestone: "plan-agreed", on: "2026-11-02" }, { verb: "start" }]);
    });

    test("a rest, its last day, and that it goes on", async () => {
      const until = { url: "https://waymark.example/fhir/StructureDefinition/hold-until", valueDate: "2026-12-01" };
      await put({ status: "on-hold", extension: [until], statusReason: { text: "Ill" } });
      const rests = offered({ status: "accepted", onHold: { since: NOW.toISOString(), until: "2026-12-01" } });
      door.offers.splice(0, 1, rests);
      expect(json(await get(`/Task/${OFFER}`))).toMatchObject({ status: "on-hold", extension: [until] });
      expect((await put({ status: "on-hold", extension: [until] })).status).toBe(200);
      await put({ status: "accepted" });
      expect(answers()).toEqual([{ verb: "hold", until: "2026-12-01", text: "Ill" }, { verb: "resume" }]);
    });

    test("reads what it told, and a copy sent back says nothing new", async () => {
      const progress = { kind: "contact", outcome: "reached", way: "visit", on: "2026-10-30" } as const;
      door.offers.splice(0, 1, offered({ status: "accepted", progress }));
      const task = json(await get(`/Task/${OFFER}`));
      expect(task.businessStatus).toMatchObject({
        extension: [{ url: TOLD_ON, valueDate: "2026-10-30" }],
        coding: [
          { system: PROGRESS, code: "reached" },
          { system: WAY, code: "visit" },
        ],
      });
      expect((await send("PUT", `/Task/${OFFER}`, task)).status).toBe(200);
      expect((await patch([{ op: "replace", path: "/status", value: "in-progress" }])).status).toBe(200);
      expect(answers()).toEqual([{ verb: "start" }]);
    });

    test("has another version by then", async () => {
      const later = offered({ status: "accepted", changedAt: "2026-11-02T11:00:00.000Z" });
      const before = (await get(`/Task/${OFFER}`)).headers["etag"];
      door.offers.splice(0, 1, later);
      expect((await get(`/Task/${OFFER}`)).headers["etag"]).not.toBe(before);
      const old = await put({ status: "in-progress" }, { "If-Match": before ?? "" });
      expect([old.status, codes(old)]).toEqual([412, ["version-old"]]);
    });

    test.each<[string, OfferView["status"], object, number, string]>([
      [
        "before it has taken it",
        "sent",
        { status: "received", businessStatus: coded("reached") },
        409,
        "not-your-turn",
      ],
      [
        "in a code of ours that there is not",
        "accepted",
        { status: "accepted", businessStatus: coded("asleep") },
        400,
        "not-one-of",
      ],
      [
        "with a way that there is not",
        "accepted",
        { status: "accepted", businessStatus: coded("reached", [{ system: WAY, code: "pigeon" }]) },
        400,
        "not-one-of",
      ],
      [
        "on no day",
        "accepted",
        {
          status: "accepted",
          businessStatus: { ...coded("reached"), extension: [{ url: TOLD_ON, valueDate: "2026" }] },
        },
        400,
        "date-impossible",
      ],
      [
        "with a status that goes back",
        "started",
        { status: "accepted", businessStatus: coded("reached") },
        409,
        "not-your-turn",
      ],
    ])("%s it is refused", async (_name, status, more, code, why) => {
      door.offers.splice(0, 1, offered({ status }));
      const reply = await put(more);
      expect([reply.status, codes(reply)[0], door.answered]).toEqual([code, why, []]);
    });

    test("a code of somebody else's is their own affair", async () => {
      const theirs = { coding: [{ system: "https://provider.example/stages", code: "triage" }], text: "Triage" };
      expect((await put({ status: "accepted", businessStatus: theirs })).status).toBe(200);
      expect(answers()).toEqual([]);
    });

    test("help that rests is found as on-hold, and not as what it was before", async () => {
      door.offers.splice(0, 1, offered({ status: "started", onHold: { since: NOW.toISOString() } }));
      const total = async (status: string) => json(await get(`/Task?status=${status}`)).entry?.length ?? 0;
      expect([await total("on-hold"), await total("in-progress")]).toEqual([1, 0]);
    });
  });

  describe("says whether a job lasts", () => {
    const OURS = "https://waymark.example/fhir";
    const output = (week: string, answer: string, more: object[] = []) => ({
      type: { coding: [{ system: `${OURS}/CodeSystem/checkpoint`, code: week }] },
      valueCodeableConcept: { coding: [{ system: `${OURS}/CodeSystem/checkpoint-answer`, code: answer }] },
      extension: more,
    });
    const on = { url: `${OURS}/StructureDefinition/told-on`, valueDate: "2026-10-30" };
    const evidence = { url: `${OURS}/StructureDefinition/evidence`, valueCode: "payslip" };
    const report = { what: "checkpoint", week: 13, answer: "in-work", on: "2026-10-30", evidence: "payslip" } as const;
    const asked = { week: 26, due: "2026-11-01" } as const;
    const outcomes = { reports: [report], checkpoints: [], asks: asked };
    beforeEach(() => void door.offers.splice(0, 1, offered({ status: "ended", outcomes })));

    test("reads the week that is asked about, and what it said before", async () => {
      const task = json(await get(`/Task/${OFFER}`));
      expect(task.input.at(-1)).toMatchObject({ type: { coding: [{ code: "week-26" }] }, valueDate: "2026-11-01" });
      expect(task.output).toMatchObject([output("week-13", "in-work", [on, evidence])]);
    });

    test("answers it, today and as seen by itself unless it says more", async () => {
      const reply = await put({ status: "completed", output: [output("week-26", "could-not-contact")] });
      expect([reply.status, door.answered]).toEqual([200, []]);
      await put({ status: "completed", output: [output("week-26", "in-work", [on, evidence])] });
      expect(door.reported.map(({ report }) => report)).toEqual([
        { what: "checkpoint", week: 26, answer: "could-not-contact", on: "2026-11-02", evidence: "provider" },
        { what: "checkpoint", week: 26, answer: "in-work", on: "2026-10-30", evidence: "payslip" },
      ]);
    });

    test.each<[string, object, string]>([
      ["a week that nobody asks about", output("week-9", "in-work"), "not-one-of"],
      ["an answer that is none", output("week-26", "perhaps"), "not-one-of"],
      ["evidence that is none", output("week-26", "in-work", [{ ...evidence, valueCode: "gossip" }]), "not-one-of"],
    ])("not with %s", async (_name, one, code) => {
      const reply = await put({ status: "completed", output: [one] });
      expect([reply.status, codes(reply)[0], door.reported]).toEqual([400, code, []]);
    });

    test("what does not hold is told as FHIR, at the output that says it", async () => {
      door.result.value = [reason("checkpoint-answered", "week")];
      const reply = await put({ status: "completed", output: [output("week-13", "not-in-work")] });
      expect([reply.status, codes(reply), json(reply).issue[0].expression]).toEqual([
        409,
        ["checkpoint-answered"],
        ["Task.output[0]"],
      ]);
    });
  });

  test("what is lost between reading and writing is told as FHIR", async () => {
    door.result.value = [reason("offer-closed")];
    const reply = await put({ status: "accepted" });
    expect([reply.status, codes(reply), json(reply).issue[0].expression]).toEqual([
      409,
      ["offer-closed"],
      ["Task.status"],
    ]);
  });

  test("another's offer is not there", async () => {
    for (const reply of [
      await get(`/Task/${OTHER}`),
      await get(`/ServiceRequest/${OTHER}`),
      await send("PUT", `/Task/${OTHER}`, { resourceType: "Task", id: OTHER, status: "accepted" }),
      await get("/Task/9990000018"),
    ])
      expect([reply.status, codes(reply)]).toEqual([404, ["not-found"]]);
    expect(door.answered).toEqual([]);
  });

  test("answers by JSON Patch", async () => {
    const reply = await patch([
      { op: "test", path: "/status", value: "requested" },
      { op: "replace", path: "/status", value: "rejected" },
      { op: "add", path: "/statusReason", value: { text: "No room" } },
    ]);
    expect(reply.status).toBe(200);
    expect(door.answered[0]?.answer).toEqual({ verb: "decline", reason: "other", text: "No room" });
  });

  test.each<[string, unknown, number, string]>([
    ["finds another status", [{ op: "test", path: "/status", value: "accepted" }], 412, "version-old"],
    ["reaches inside", [{ op: "replace", path: "/statusReason/text", value: "x" }], 422, "not-supported"],
    ["removes what is not there", [{ op: "remove", path: "/statusReason" }], 400, "invalid"],
    ["moves", [{ op: "move", path: "/status", from: "/x" }], 400, "not-one-of"],
    ["takes the id", [{ op: "replace", path: "/id", value: OTHER }], 400, "invariant"],
    ["is none", { status: "accepted" }, 400, "wrong-type"],
    ["has no value", [{ op: "replace", path: "/status" }], 400, "required"],
  ])("a patch that %s is refused", async (_name, body, status, code) => {
    const reply = await patch(body);
    expect([reply.status, codes(reply)[0], door.answered]).toEqual([status, code, []]);
  });

  test("may ask whether a Task would be read", async () => {
    const ask = async (more: object) =>
      json(await send("POST", "/Task/$validate", { resourceType: "Task", id: OFFER, ...more })).issue.map(
        (one: Loose) => one.details?.coding.at(-1).code ?? one.code,
      );
    expect(await ask({ status: "accepted" })).toEqual(["informational"]);
    expect(await ask({ status: "rejected" })).toEqual(["required"]);
    expect(door.answered).toEqual([]);
  });

  test("sends no referral", async () => {
    const reply = await send("POST", "/ServiceRequest", { resourceType: "ServiceRequest" });
    expect([reply.status, codes(reply)]).toEqual([403, ["forbidden"]]);
  });
});

describe("a referrer", () => {
  let door: Mounted;
  beforeAll(async () => {
    door = await mountDoor(gpDoor, "gp", "F83999", "/fhir/R4");
  });
  afterAll(() => door.close());
  beforeEach(() => {
    door.tasks.splice(0, door.tasks.length, asked());
    door.filters.length = 0;
  });
  const get = (path: string): Promise<Reply> => call(`${door.url}${path}`, { headers: LOGIN });

  test("reads who was asked and why they said no", async () => {
    door.tasks.splice(0, 1, asked({ status: "declined", reasons: [reason("full")] }));
    expect(json(await get(`/Task/${OFFER}`))).toMatchObject({
      status: "rejected",
      statusReason: { coding: [{ code: "full" }], text: "The service is full." },
      focus: { reference: `ServiceRequest/${REFERRAL}` },
      owner: { identifier: { value: "sample-coaching" } },
    });
  });

  test("reads that the person was reached and that the help rests, and not how or when", async () => {
    door.tasks.splice(0, 1, asked({ status: "accepted", progress: "reached" }));
    const task = json(await get(`/Task/${OFFER}`));
    expect(task.businessStatus).toEqual({
      coding: [expect.objectContaining({ code: "reached", display: "The person was reached" })],
    });
    door.tasks.splice(0, 1, asked({ status: "started", onHold: true }));
    expect(json(await get(`/Task/${OFFER}`)).status).toBe("on-hold");
  });

  test("finds Tasks by their referral, by its reference and by status", async () => {
    door.tasks.push(asked({ id: OTHER, status: "declined" }));
    const ids = async (query: string) => json(await get(`/Task?${query}`)).entry.map((one: Loose) => one.resource.id);
    expect(await ids(`focus=ServiceRequest/${REFERRAL}`)).toEqual([OFFER, OTHER]);
    expect(await ids(`identifier=https://waymark.example/fhir/Id/reference|${REFERENCE}&status=rejected`)).toEqual([
      OTHER,
    ]);
    expect(await ids(`_id=${OFFER}`)).toEqual([OFFER]);
    expect(await ids("_lastUpdated=gt2026-11-02")).toEqual([]);
    expect(await ids("focus=ServiceRequest/none")).toEqual([]);
    expect(door.filters).toEqual([
      { id: REFERRAL, limit: 50 },
      { reference: REFERENCE, limit: 50 },
      { offer: OFFER, limit: 50 },
      { from: new Date("2026-11-03T00:00:00Z"), limit: 50 },
    ]);
  });

  test("finds referrals by reference, own reference, status and time", async () => {
    for (const query of [
      `identifier=https://waymark.example/fhir/Id/reference|${REFERENCE.toLowerCase()}`,
      "identifier=https://surgery.example/Id/referral|SUR-1",
      "status=revoked,completed",
      "_lastUpdated=ge2026-11-01T00:00:00Z&_lastUpdated=lt2026-11-02",
      `_page=${REFERRAL}&_count=500`,
    ])
      expect((await get(`/ServiceRequest?${query}`)).status).toBe(200);
    expect(door.filters).toEqual([
      { reference: REFERENCE, limit: 50 },
      { named: "SUR-1", limit: 50 },
      { statuses: ["unmet", "ended", "withdrawn", "expired"], limit: 50 },
      { from: new Date("2026-11-01T00:00:00Z"), to: new Date("2026-11-01T23:59:59.999Z"), limit: 50 },
      { after: REFERRAL, limit: 100 },
    ]);
  });

  test("searches by form as by address", async () => {
    const reply = await call(`${door.url}/ServiceRequest/_search`, {
      method: "POST",
      headers: { ...LOGIN, "Content-Type": "application/x-www-form-urlencoded" },
      body: "status=active",
    });
    expect(reply.status).toBe(200);
    expect(door.filters).toHaveLength(1);
    expect(json(reply).link[0].url).toBe("https://broker.example/fhir/R4/ServiceRequest?status=active");
  });

  test.each([
    ["patient:identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018", "person-in-address"],
    ["patient:birthdate=1984-03-09", "person-in-address"],
    ["identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018", "person-in-address"],
    ["identifier=9990000018", "person-in-address"],
    ["identifier=AB123456C", "person-in-address"],
    ["code=anything", "unknown"],
    ["_lastUpdated=2026", "invalid"],
    ["_count=0", "invalid"],
    ["_page=1", "invalid"],
    ["status=active&status=revoked", "too-many"],
  ])("a search by %s is refused: %s", async (query, code) => {
    const reply = await get(`/ServiceRequest?${query}`);
    expect([reply.status, codes(reply)]).toEqual([400, [code]]);
    expect(reply.text).not.toMatch(/9990000018|1984-03-09|AB123456C/);
    expect(door.filters).toEqual([]);
  });

  test("answers no offer", async () => {
    const reply = await call(`${door.url}/Task/${OFFER}`, {
      method: "PUT",
      headers: { ...LOGIN, "Content-Type": "application/fhir+json" },
      body: JSON.stringify({ resourceType: "Task", id: OFFER, status: "accepted" }),
    });
    expect([reply.status, codes(reply)]).toEqual([403, ["forbidden"]]);
  });

  test("finds the consents on record to a referral, as any FHIR reader of ours understands them", async () => {
    const found = json(await get(`/Consent?data=ServiceRequest/${REFERRAL}`)).entry.map((one: Loose) => one.resource);
    expect(found.map((one: Loose) => [one.id, one.status])).toEqual([
      [`${REFERRAL}.1`, "active"],
      [`${REFERRAL}.2`, "active"],
      [`${REFERRAL}.3`, "inactive"],
    ]);
    expect(found[2]).toMatchObject({
      dateTime: "2026-11-03T10:00:00Z",
      provision: { purpose: [{ code: "referral" }] },
    });
    expect(json(await get(`/Consent/${REFERRAL}.3`))).toEqual(found[2]);
    expect(json(await get(`/Consent?data=${REFERRAL}&status=inactive`)).entry).toHaveLength(1);
    expect(json(await get(`/Consent?_id=${REFERRAL}.1`)).entry).toHaveLength(1);
    expect(json(await get(`/Consent?data=ServiceRequest/${OTHER}`)).entry).toEqual([]);
    for (const id of [`${REFERRAL}.4`, `${OTHER}.1`, `${REFERRAL}.0`])
      expect((await get(`/Consent/${id}`)).status).toBe(404);
    const all = await get("/Consent");
    expect([all.status, codes(all), json(all).issue[0].expression]).toEqual([400, ["required"], ["data"]]);

    // Read back, what it says is what is on record; only where it came from is added.
    const records = found.map(({ provision, ...one }: Loose) => ({
      ...one,
      provision: { ...provision, data: undefined },
    }));
    const sent = serviceRequest({ seed: "consents" });
    const others = sent["contained"].filter((one: Loose) => one.resourceType !== "Consent");
    const patient = others.find((one: Loose) => one.resourceType === "Patient").id;
    const consents = records.map((one: Loose, at: number) => ({
      ...one,
      id: `c${at}`,
      patient: { reference: `#${patient}` },
    }));
    const client = { ...door.client, test: true };
    const again = readServiceRequest({ ...sent, contained: [...others, ...consents] }, { client, now: NOW });
    if (!again.ok) throw new Error(JSON.stringify(again.reasons));
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expect(plain(again.value.content.consents)).toEqual(plain(CONSENTS));
  });

  test("reads its own subscription where it registered for notifications, and how much news there was", async () => {
    const own = `/Subscription/${door.client.id}`;
    expect((await get(own)).status).toBe(404);
    Object.assign(door.client, { callbackForm: "notification", callbackUrl: "https://surgery.example/bell" });
    expect(json(await get(own))).toMatchObject({
      resourceType: "Subscription",
      id: door.client.id,
      status: "active",
      criteria: "https://waymark.example/fhir/SubscriptionTopic/referral",
      channel: { type: "rest-hook", endpoint: "https://surgery.example/bell" },
    });
    const [{ resource }] = json(await get(`${own}/$status`)).entry;
    const said = Object.fromEntries(resource.parameter.map((one: Loose) => [one.name, one]));
    expect(said.type.valueCode).toBe("query-status");
    expect(said["events-since-subscription-start"].valueString).toBe("7");
    expect((await get(`/Subscription/${OTHER}`)).status).toBe(404);
  });

  test("asks which messages are spoken here", async () => {
    const all = json(await get("/MessageDefinition")).entry.map((one: Loose) => one.resource);
    expect(all.map((one: Loose) => one.eventCoding.code)).toEqual([
      "servicerequest-request",
      "servicerequest-response",
    ]);
    expect(json(await get(`/MessageDefinition?url=${all[1].url}`)).entry).toHaveLength(1);
  });
});

test("the CapabilityStatement names what the door takes, and nothing that it does not", async () => {
  const door = await mountDoor(gpDoor, "gp", "F83999", "/fhir/R4");
  const statement = json(await call(`${door.url}/metadata`));
  const said: string[] = statement.rest[0].resource.flatMap((one: Loose) => [
    ...(one.interaction ?? []).map(({ code }: Loose) => `${one.type} ${code}`),
    ...(one.operation ?? []).map(({ name }: Loose) => `${one.type} $${name}`),
  ]);
  const layers = (gpDoor.routes({ publicUrl: "", clock: {} } as never) as Loose).stack;
  const routes: string[] = layers.flatMap((layer: Loose) =>
    layer.route === undefined
      ? []
      : [layer.route.path].flat().map((path) => `${Object.keys(layer.route.methods)} ${path}`),
  );
  const INTERACTIONS: Record<string, (type: string) => string> = {
    create: (type) => `post /${type}`,
    read: (type) => `get /${type}/:id`,
    "search-type": (type) => `get /${type}`,
    update: (type) => `put /${type}/:id`,
    patch: (type) => `patch /${type}/:id`,
    $status: (type) => `get /${type}/:id/$status`,
    $validate: () => "post /:type/$validate",
  };
  const promised = said.map((one) => {
    const [type = "", code = ""] = one.split(" ");
    return INTERACTIONS[code]?.(type) ?? one;
  });
  expect(promised.filter((one) => !routes.includes(one))).toEqual([]);
  const own = routes.filter((one) => /^\w+ \/[A-Z]\w+(\/:id)?$/.test(one));
  expect(own.filter((one) => !promised.includes(one))).toEqual([]);
  // Every search parameter that is promised is taken, and no other.
  for (const { type, searchParam } of statement.rest[0].resource)
    for (const { name } of searchParam ?? []) {
      const value = name === "_lastUpdated" ? "ge2026-11-02" : OFFER;
      // A consent is only ever looked for by what it is about.
      const about = type === "Consent" && name === "status" ? `&data=${REFERRAL}` : "";
      const reply = await call(`${door.url}/${type}?${name}=${value}${about}`, { headers: LOGIN });
      expect([type, name, reply.status]).toEqual([type, name, 200]);
    }
  await door.close();
});
