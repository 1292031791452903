// FHIR as a transport: Tasks in a provider's own server, put there once, read there, and taken back there.
import type { JSONWebKeySet } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { createFhir } from "../../adapters/outbound/fhir.ts";
import { createLoginKey } from "../../adapters/outbound/login-key.ts";
import { createTokens } from "../../adapters/outbound/tokens.ts";
import { newSecret } from "../../adapters/callbacks/sign.ts";
import { taskForm } from "../../adapters/gp/task-form.ts";
import { createFhirTransport } from "../../adapters/providers/fhir.ts";
import { createSubscriptions } from "../../adapters/providers/fhir-subscription.ts";
import { SCOPES, type Client, type Reach } from "../../schemas/client.ts";
import type { OfferStatus } from "../../schemas/offer.ts";
import type { OutcomeReport } from "../../schemas/outcome-report.ts";
import { reason, REASONS, type ReasonCode } from "../../schemas/reason.ts";
import type { Said } from "../../schemas/recall.ts";
import { nextOffer } from "../../src/core/lifecycle.ts";
import type { AnswerResult, Steps } from "../../src/ports/steps.ts";
import { openFhirServer, type FhirServer } from "../world/fhir-server.ts";
import { answers, startReceiver, type Receiver } from "./receiver.ts";
import { offerMessage, SUITE_TIMEOUT_MS, transportSuite } from "./transport-suite.ts";

const clock = { now: () => new Date() };
const key = createLoginKey(Buffer.alloc(32, 9).toString("base64"));
const keys: JSONWebKeySet = { keys: [key.jwk as never] };
const secret = newSecret(Buffer.alloc(32, 7));
const PUBLIC_URL = "https://broker.example";

type FhirReach = Extract<Reach, { by: "fhir" }>;
const provider = (reach: Partial<FhirReach> & { base: string }): Client => ({
  id: "01980000-0000-7000-8000-000000000001",
  kind: "provider",
  organisation: "north-advice",
  name: "North Advice",
  reach: { by: "fhir", clientId: "waymark", answers: "poll", ...reach },
  scopes: SCOPES.provider,
  test: true,
  webhookSecrets: [secret],
});

let uuid = 0;
const ids = { uuid: () => `01980000-0000-7000-8000-${String((uuid += 1)).padStart(12, "0")}` };

const transportWith = (outbound: Outbound, answer: Steps["answer"], report = nobodyReports) => {
  const fhir = createFhir({ outbound, tokens: createTokens({ outbound, key, clock, ids }) });
  const subscriptions = createSubscriptions({ fhir, form: taskForm, clock, publicUrl: PUBLIC_URL });
  return createFhirTransport({ fhir, form: taskForm, subscriptions, answer, report, clock, publicUrl: PUBLIC_URL });
};
const nobodyAnswers: Steps["answer"] = () => Promise.reject(new Error("nothing was to be answered"));
const nobodyReports: Steps["reportOutcome"] = () => Promise.reject(new Error("nothing was to be reported"));
const open = (): Outbound => createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: SUITE_TIMEOUT_MS });

let logins: Receiver;
beforeAll(async () => {
  logins = await startReceiver();
  const token = JSON.stringify({ access_token: "t", token_type: "bearer", expires_in: 300 });
  logins.behave(answers(200, {}, token));
});
afterAll(() => logins.close());

transportSuite("fhir", () => {
  const outbound = open();
  return {
    transport: transportWith(outbound, nobodyAnswers),
    provider: (url) => provider({ base: `${url}/r4`, tokenUrl: `${logins.url}/token` }),
    keyOf: (request) => request.headers["if-none-exist"]?.toString(),
    close: () => outbound.close(),
  };
});

describe("at a provider's own server", () => {
  let server: FhirServer;
  let outbound: Outbound;
  let given: Said[];
  let standing: OfferStatus;
  const { offer, reference, preview } = offerMessage();
  /** Steps the offer as the store would. */
  const answer: Steps["answer"] = async (client, id, one): Promise<AnswerResult> => {
    if (id !== offer.id || client.organisation !== offer.provider) return { outcome: "not-found" };
    const next = nextOffer(standing, one.verb);
    if (next === undefined) return { outcome: "refused", reasons: [] };
    given.push(one);
    standing = next;
    return { outcome: "changed", offer: { ...offer, status: next } };
  };
  const transport = () => transportWith(outbound, answer);
  const to = (more: Partial<FhirReach> = {}) => provider({ base: server.url, ...more });
  const now = () => ({ ...offer, status: standing });
  const task = () => {
    const [one] = server.tasks();
    if (one === undefined) throw new Error("no task");
    return one;
  };

  beforeEach(async () => {
    server = await openFhirServer({ keys: () => keys, clientId: "waymark" });
    outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: 3_000 });
    given = [];
    standing = "sent";
  });
  afterEach(async () => {
    await outbound.close();
    await server.close();
  });

  it("puts the offer there once, however often it is sent, and tells their id of it", async () => {
    const one = transport();
    expect(await one.send({ offer, reference, preview }, to())).toEqual({ kind: "accepted", status: 201, theirs: "1" });
    expect(await one.send({ offer, reference, preview }, to())).toEqual({ kind: "accepted", status: 200, theirs: "1" });
    expect(server.tasks()).toHaveLength(1);
    expect(server.logins).toEqual({ given: 1, refused: 0 });
  });

  it("puts there what the webhook's preview says, whole in itself, and nothing that names the person", async () => {
    await transport().send({ offer, reference, preview }, to());
    expect(task()).toMatchObject({
      status: "requested",
      intent: "order",
      priority: "routine",
      focus: { reference: "#request" },
      identifier: [
        { system: "https://waymark.example/fhir/Id/offer", value: offer.id },
        { system: "https://waymark.example/fhir/Id/reference", value: reference },
      ],
      contained: [
        {
          resourceType: "ServiceRequest",
          id: "request",
          intent: "filler-order",
          code: { coding: [{ code: "debt-advice" }] },
        },
      ],
    });
    const input = task()["input"] as Record<string, unknown>[];
    const said = Object.fromEntries(
      input.map(({ type, ...value }) => [
        (type as { coding: { code: string }[] }).coding[0]?.code,
        Object.values(value)[0],
      ]),
    );
    expect(said).toEqual({
      area: preview.area,
      "age-band": preview.ageBand,
      interpreter: false,
      "access-need": "step-free",
      risk: "dog-at-home",
      safeguarding: false,
      participation: "voluntary",
      detail: `${PUBLIC_URL}/fhir/R4/ServiceRequest/${offer.id}`,
    });
    const [request] = task()["contained"] as { subject: object }[];
    expect(request?.subject).toEqual({
      extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "masked" }],
    });
  });

  it("sent again it sets back nothing that they have done with it", async () => {
    await transport().send({ offer, reference, preview }, to());
    server.move(task(), { status: "accepted" });
    await transport().send({ offer, reference, preview }, to());
    expect(task()["status"]).toBe("accepted");
  });

  it("is a person's task where several of theirs claim to be it", async () => {
    const one = transport();
    await one.send({ offer, reference, preview }, to());
    server.resources.set("Task/99", { ...task(), id: "99" });
    expect(await one.send({ offer, reference, preview }, to())).toEqual({
      kind: "refused",
      cause: "several-tasks",
      status: 412,
    });
    expect(await one.follow?.(now(), to())).toMatchObject({ kind: "refused", cause: "several-tasks" });
    expect(given).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ["as it was put", {}, []],
    ["received", { status: "received" }, ["acknowledge"]],
    ["accepted", { status: "accepted" }, ["accept"]],
    ["in progress, with steps between that we did not see", { status: "in-progress" }, ["accept", "start"]],
    ["rejected", { status: "rejected", statusReason: { text: "Full in May" } }, ["decline"]],
    ["on hold", { status: "on-hold" }, []],
  ])("reads a Task %s", async (_name, fields, verbs) => {
    await transport().send({ offer, reference, preview }, to());
    server.move(task(), fields);
    expect(await transport().follow?.(now(), to())).toEqual({ kind: "accepted", status: 200 });
    expect(given.map((one) => one.verb)).toEqual(verbs);
  });

  it("reads an attempt to reach the person once, though its Task goes on saying so", async () => {
    await transport().send({ offer, reference, preview }, to());
    standing = "accepted";
    const coding = [{ system: "https://waymark.example/fhir/CodeSystem/progress", code: "reached" }];
    server.move(task(), { status: "accepted", businessStatus: { coding } });
    await transport().follow?.(now(), to());
    expect(given).toEqual([{ verb: "contact", outcome: "reached", way: "phone" }]);
    const progress = { kind: "contact", outcome: "reached", way: "phone", on: "2026-11-02" } as const;
    await transport().follow?.({ ...now(), progress }, to());
    expect(given).toHaveLength(1);
  });

  describe("is written to in its Task", () => {
    const notes = () => (task()["note"] as { text: string }[] | undefined)?.map(({ text }) => text);
    const word = { type: "offer.reminder", clock: "acknowledge", at: new Date("2026-11-23T09:00:00Z") } as const;
    const says = (more: object = {}) =>
      transport().say?.({ id: offer.id, offer, reference, word: { ...word, ...more } }, to());

    it("when time is running out, once, and beside what its staff wrote", async () => {
      await transport().send({ offer, reference, preview }, to());
      server.move(task(), { note: [{ text: "theirs" }] });
      expect(await says()).toEqual({ kind: "accepted", status: 200 });
      expect(notes()).toEqual(["theirs", "Waymark: please look at this: nobody has said that the referral was seen."]);
      await says({ type: "offer.overdue", clock: "answer" });
      expect(notes()).toEqual(["theirs", "Waymark: this is overdue: nobody has said yes or no."]);
      expect(task()["status"]).toBe("requested");
    });

    it("not where it has closed it there, and a person hears where it is gone", async () => {
      await transport().send({ offer, reference, preview }, to());
      server.move(task(), { status: "rejected" });
      expect(await says()).toEqual({ kind: "accepted", status: 200 });
      expect(notes()).toBeUndefined();
      server.resources.clear();
      expect(await says()).toMatchObject({ kind: "unavailable", cause: "task-missing" });
    });

    it("where what it says does not hold, once, and not where it only came too late", async () => {
      await transport().send({ offer, reference, preview }, to());
      server.move(task(), { status: "rejected", statusReason: { text: "No" } });
      const refuses = (code: ReasonCode) =>
        transportWith(outbound, async () => ({ outcome: "refused", reasons: [reason(code)] })).follow?.(now(), to());
      await refuses("not-your-turn");
      expect(notes()).toBeUndefined();
      await refuses("not-one-of");
      expect(notes()).toEqual([`Waymark: this was not taken: ${REASONS["not-one-of"].words}`]);
      const { versionId } = task().meta;
      await refuses("not-one-of");
      expect(task().meta.versionId).toBe(versionId);
    });

    const CHECKPOINT = "https://waymark.example/fhir/CodeSystem/checkpoint";
    const output = (week: string, on?: string) => ({
      type: { coding: [{ system: CHECKPOINT, code: week }] },
      valueCodeableConcept: { coding: [{ system: `${CHECKPOINT}-answer`, code: "in-work" }] },
      ...(on === undefined
        ? {}
        : { extension: [{ url: "https://waymark.example/fhir/StructureDefinition/told-on", valueDate: on }] }),
    });
    const asks = (week: 13 | 26, reported: OutcomeReport[]) =>
      transportWith(outbound, nobodyAnswers, async (_client, _offer, one) => {
        reported.push(one);
        return { outcome: "changed", offer };
      }).tell({ id: offer.id, at: new Date(), offer, reference, kind: "checkpoint", week, due: "2026-07-13" }, to());

    it("to ask whether a job lasts, with the newest question alone", async () => {
      await transport().send({ offer, reference, preview }, to());
      const before = (task()["input"] as object[]).length;
      server.move(task(), { status: "completed" });
      const reported: OutcomeReport[] = [];
      await asks(13, reported);
      expect(await asks(26, reported)).toEqual({ kind: "accepted", status: 200 });
      const input = task()["input"] as Record<string, unknown>[];
      expect(input).toHaveLength(before + 1);
      expect(input.at(-1)).toMatchObject({ type: { coding: [{ code: "week-26" }] }, valueDate: "2026-07-13" });
      expect(notes()).toEqual([expect.stringMatching(/^Waymark: .*whether the person is in work/)]);
      expect([task()["status"], reported]).toEqual(["completed", []]);
    });

    it("not where it has answered there, with a day: that is taken in", async () => {
      await transport().send({ offer, reference, preview }, to());
      const reported: OutcomeReport[] = [];
      server.move(task(), { output: [output("week-13"), output("week-26", "2026-07-14")] });
      const { versionId } = task().meta;
      await asks(26, reported);
      expect(reported).toEqual([
        { what: "checkpoint", week: 26, on: "2026-07-14", answer: "in-work", evidence: "provider" },
      ]);
      expect(task().meta.versionId).toBe(versionId);
      await asks(13, reported);
      expect(task().meta.versionId).not.toBe(versionId);
    });
  });

  it("an old update played again moves nothing back", async () => {
    await transport().send({ offer, reference, preview }, to());
    standing = "started";
    for (const status of ["accepted", "received", "requested"]) {
      server.move(task(), { status });
      expect(await transport().follow?.(now(), to())).toEqual({ kind: "accepted", status: 200 });
    }
    expect([given, standing]).toEqual([[], "started"]);
  });

  it("reads no Task that is another's, though the server hands it out for ours", async () => {
    await transport().send({ offer, reference, preview }, to());
    const other = [{ system: "https://waymark.example/fhir/Id/offer", value: "01980000-0000-7000-8000-0000000000ee" }];
    const asked = task()["identifier"];
    // It answers to our search by another system's identifier of the same value.
    server.move(task(), { status: "accepted", identifier: other });
    expect(await transport().follow?.(now(), to())).toMatchObject({ kind: "unavailable", cause: "task-missing" });
    const foreign = [{ system: "https://other.example/Id/offer", value: offer.id }];
    expect(
      taskForm.find({ resourceType: "Bundle", entry: [{ resource: { ...task(), identifier: foreign } }] }, offer.id),
    ).toEqual([]);
    expect(
      taskForm.find({ resourceType: "Bundle", entry: [{ resource: { ...task(), identifier: asked } }] }, offer.id),
    ).toHaveLength(1);
    expect(given).toEqual([]);
  });

  it("takes a recalled offer back there, and leaves theirs in it as it is", async () => {
    await transport().send({ offer, reference, preview }, to());
    server.move(task(), { status: "accepted", note: [{ text: "theirs" }] });
    standing = "recalled";
    expect(await transport().follow?.(now(), to())).toEqual({ kind: "accepted", status: 200 });
    expect(task()).toMatchObject({
      status: "cancelled",
      statusReason: { text: "Waymark took this offer back." },
      note: [{ text: "theirs" }],
    });
    const { versionId } = task().meta;
    expect(await transport().follow?.(now(), to())).toEqual({ kind: "accepted", status: 200 });
    expect(task().meta.versionId).toBe(versionId);
    expect(given).toEqual([]);
  });

  it("takes back nothing that was never put there", async () => {
    standing = "recalled";
    expect(await transport().follow?.(now(), to())).toEqual({ kind: "accepted", status: 200 });
    expect(server.tasks()).toEqual([]);
  });

  it("asks for another token when the server knows the first no more", async () => {
    const one = transport();
    await one.send({ offer, reference, preview }, to());
    const keep = server.logins.given;
    server.revokeTokens();
    expect(await one.send({ offer, reference, preview }, to())).toMatchObject({
      kind: "unavailable",
      cause: "answered-401",
    });
    expect(await one.send({ offer, reference, preview }, to())).toMatchObject({ kind: "accepted" });
    expect(server.logins.given).toBe(keep + 1);
  });

  it("is refused under a name that the server does not know", async () => {
    expect(await transport().send({ offer, reference, preview }, to({ clientId: "nobody" }))).toEqual({
      kind: "unavailable",
      cause: "token-refused",
    });
    expect(server.tasks()).toEqual([]);
  });

  it("reaches no private address", async () => {
    const guarded = createOutbound({ allow: [], clock, timeoutMs: 3_000 });
    const one = transportWith(guarded, nobodyAnswers);
    const tokenUrl = server.tokenUrl;
    expect(await one.send({ offer, reference, preview }, to({ tokenUrl }))).toEqual({
      kind: "unavailable",
      cause: "address-refused",
    });
    await guarded.close();
  });

  describe("with a subscription", () => {
    const rings = () => to({ answers: "subscription" });
    const subscriptions = () => [...server.resources.values()].filter((one) => one.resourceType === "Subscription");

    it("keeps one Subscription that rings our bell, with a secret of its own", async () => {
      await transport().send({ offer, reference, preview }, rings());
      await transport().follow?.(now(), rings());
      await transport().follow?.(now(), rings());
      expect(subscriptions()).toMatchObject([
        {
          status: "requested",
          criteria: "Task?identifier=https://waymark.example/fhir/Id/offer|",
          channel: { type: "rest-hook", endpoint: `${PUBLIC_URL}/provider/v1/bells/${rings().id}` },
        },
      ]);
      const [{ header, payload } = { header: [] }] = subscriptions().map(
        (one) => one["channel"] as { header: string[]; payload?: string },
      );
      expect(header).toEqual([expect.stringMatching(/^x-waymark-bell: [\w-]{43}$/)]);
      expect(payload).toBeUndefined();
      expect(JSON.stringify(subscriptions())).not.toContain(secret);
    });

    it("switches one on again that the server gave up", async () => {
      const one = transport();
      await one.send({ offer, reference, preview }, rings());
      await one.follow?.(now(), rings());
      const [made] = subscriptions();
      if (made === undefined) throw new Error("no subscription");
      server.resources.set("Subscription/2", { ...made, id: "2", status: "error" });
      server.resources.delete(`Subscription/${made.id}`);
      await transport().follow?.(now(), rings());
      expect(subscriptions().map((each) => each["status"])).toEqual(["requested"]);
    });

    it("looks all the same where the server takes no Subscription", async () => {
      await transport().send({ offer, reference, preview }, rings());
      server.move(task(), { status: "accepted" });
      server.refuses.add("Subscription");
      expect(await transport().follow?.(now(), rings())).toEqual({ kind: "accepted", status: 200 });
      expect(given.map((one) => one.verb)).toEqual(["accept"]);
    });
  });
});
