// The FHIR door as a practice's own FHIR client meets it: the npm package fhir-kit-client against a whole broker over HTTP.
import { randomUUID } from "node:crypto";
import { Client } from "fhir-kit-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { barsMessage, inBundle, serviceRequest, transactionBundle, type Sample } from "../fixtures/gp/index.ts";
import { openTrialBroker, type TrialBroker } from "../fixtures/trial-broker.ts";

const REFERENCE = /^WM-[2-9A-Z]{4}-[2-9A-Z]{4}$/;

let broker: TrialBroker;
let token: string;

const clientWith = (bearerToken: string, customHeaders: Record<string, string> = {}): Client =>
  new Client({ baseUrl: `${broker.origin}/fhir/R4`, bearerToken, customHeaders });

/** Each message has ids of its own. */
const sender = (): Client => clientWith(token, { "X-Request-Id": randomUUID(), "X-Correlation-Id": randomUUID() });

const registered = async (organisation: string): Promise<string> => {
  await broker.verb(["keys", "client", "--out", organisation]);
  const who = ["--kind", "gp", "--organisation", organisation, "--name", "Sample Surgery", "--test"];
  const added = await broker.verb(["clients", "add", ...who, "--jwks", `${organisation}.public.json`, "--json"]);
  const { clientId } = JSON.parse(added.out) as { clientId: string };
  const key = `${organisation}.private.json`;
  return (await broker.verb(["token", "--client", clientId, "--key", key, "--url", broker.origin])).out.trim();
};

/** What the library throws: the status and the body of the answer. */
type Thrown = { response: { status: number; data: Sample } };
const refusal = async (asked: Promise<unknown>): Promise<Thrown["response"]> => {
  const thrown = (await asked.then(
    () => expect.unreachable("it was taken"),
    (error: unknown) => error,
  )) as Thrown;
  return thrown.response;
};
const codesOf = (outcome: Sample): string[] =>
  outcome["issue"].flatMap((one: Sample) => one["details"].coding.map((coding: Sample) => coding["code"]));

beforeAll(async () => {
  broker = await openTrialBroker();
  token = await registered("F83999");
});
afterAll(() => broker.close());

test("reads what the door can do", async () => {
  const statement = await clientWith("").capabilityStatement();
  expect(statement).toMatchObject({ resourceType: "CapabilityStatement", fhirVersion: "4.0.1" });
  const [rest] = (statement as unknown as Sample)["rest"];
  expect(rest.interaction).toContainEqual({ code: "transaction" });
  expect(rest.operation.map((one: Sample) => one["name"])).toContain("process-message");
  expect(rest.resource[0]).toMatchObject({
    type: "ServiceRequest",
    interaction: [{ code: "create" }, { code: "read" }, { code: "search-type" }],
  });
});

test("finds the token endpoint below the FHIR base, as SMART asks", async () => {
  const reply = await fetch(`${broker.origin}/fhir/R4/.well-known/smart-configuration`);
  expect(await reply.json()).toMatchObject({ token_endpoint: `${broker.origin}/oauth2/token` });
});

describe("create and read", () => {
  test("creates a ServiceRequest and reads it back with our reference, without the person", async () => {
    const body = serviceRequest({ seed: "create", callerReference: "SUR-1" });
    const created = (await sender().create({ resourceType: "ServiceRequest", body })) as unknown as Sample;
    expect(created["identifier"][0].value).toMatch(REFERENCE);

    const read = await clientWith(token).read({ resourceType: "ServiceRequest", id: created["id"] });
    expect(read).toMatchObject({
      resourceType: "ServiceRequest",
      id: created["id"],
      identifier: created["identifier"],
    });
    expect(JSON.stringify(read)).not.toMatch(/Fairweather|Imogen|N1 2UD/);
  });

  test("creates once on a condition: the same identifier again finds the first", async () => {
    const body = serviceRequest({ seed: "condition", callerReference: "SUR-2" });
    const options = { headers: { "If-None-Exist": "identifier=https://surgery.example/Id/referral|SUR-2" } };
    const create = () => clientWith(token).create({ resourceType: "ServiceRequest", body, options });
    expect(await create()).toEqual(await create());
  });

  test("throws with an OperationOutcome that names each fault", async () => {
    const body = { ...serviceRequest({ seed: "broken" }), status: "sleeping", authoredOn: "2026-02-30" };
    const { status, data } = await refusal(sender().create({ resourceType: "ServiceRequest", body }));
    expect(status).toBe(400);
    expect(data["resourceType"]).toBe("OperationOutcome");
    expect(data["issue"].map((one: Sample) => one["expression"][0])).toEqual(
      expect.arrayContaining(["ServiceRequest.status", "ServiceRequest.authoredOn"]),
    );
  });

  test("another practice's referral is not there, and without a token there is no answer about it", async () => {
    const body = serviceRequest({ seed: "private" });
    const { id } = (await sender().create({ resourceType: "ServiceRequest", body })) as unknown as Sample & {
      id: string;
    };
    const ask = (bearer: string) => refusal(clientWith(bearer).read({ resourceType: "ServiceRequest", id }));
    expect((await ask(await registered("F83998"))).status).toBe(404);
    expect((await ask("no-token")).status).toBe(401);
  });
});

describe("$process-message", () => {
  const send = (client: Client, input: Sample) =>
    client.operation({ name: "process-message", method: "POST", input }) as unknown as Promise<Sample>;

  test("takes a BaRS message and answers with one, which names our reference", async () => {
    const message = barsMessage({ seed: "message" });
    const answer = await send(sender(), message);
    expect(inBundle(answer, "MessageHeader")["response"]).toMatchObject({ identifier: message["id"], code: "ok" });
    const { id } = inBundle(answer, "ServiceRequest");
    expect(await clientWith(token).read({ resourceType: "ServiceRequest", id })).toMatchObject({ id });
  });

  test("the same message twice is a duplicate, told as BaRS tells it", async () => {
    const client = sender();
    await send(client, barsMessage({ seed: "twice" }));
    const { status, data } = await refusal(send(client, barsMessage({ seed: "twice" })));
    expect(status).toBe(409);
    expect(data["issue"][0].code).toBe("duplicate");
    expect(codesOf(data)).toEqual(["REC_CONFLICT", "duplicate"]);
  });

  test("without the two ids it is refused, and both are named", async () => {
    const { status, data } = await refusal(send(clientWith(token), barsMessage({ seed: "no-ids" })));
    expect(status).toBe(400);
    expect(data["issue"].flatMap((one: Sample) => one["expression"])).toEqual([
      "http.X-Request-Id",
      "http.X-Correlation-Id",
    ]);
  });
});

test("a transaction answers each entry in its order, and its ServiceRequest can be read", async () => {
  const body = transactionBundle({ seed: "transaction" });
  const answer = (await sender().transaction({ body: body as never })) as unknown as Sample;
  expect(answer["type"]).toBe("transaction-response");
  expect(answer["entry"]).toHaveLength(body["entry"].length);
  const at = body["entry"].findIndex((one: Sample) => one["resource"].resourceType === "ServiceRequest");
  const id = answer["entry"][at].response.location.replace("ServiceRequest/", "");
  expect(await clientWith(token).read({ resourceType: "ServiceRequest", id })).toMatchObject({ id, status: "active" });
});

test("$validate says what is wrong and stores nothing", async () => {
  const input = { ...serviceRequest({ seed: "validate" }), status: "draft" };
  const outcome = await clientWith(token).operation({
    name: "validate",
    resourceType: "ServiceRequest",
    method: "POST",
    input,
  });
  expect(codesOf(outcome as unknown as Sample)).toContain("not-supported");
});
