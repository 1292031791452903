// POST ServiceRequest and POST / (transaction): the same referral by REST. Sent twice, it is taken once.
import type { Request, RequestHandler } from "express";
import type { Read } from "../../schemas/faults.ts";
import { reason } from "../../schemas/reason.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { refuse } from "../http/speak.ts";
import { etag, serviceRequest } from "./answers.ts";
import type { Asking, Letter } from "./content.ts";
import { callerIds, conditionKey, type CallerIds } from "./headers.ts";
import { FHIR_JSON, outcome } from "./outcome.ts";
import { readServiceRequest, readTransaction, type Transaction } from "./read-rest.ts";
import { callerOf, submit, type Submitted } from "./submit.ts";

/**
 * What makes it the same request when it comes again. A condition is the clearest word, then the request's own id, then
 * the ServiceRequest's identifier. FHIR lets a conditional create ignore the second body; here another body is an error.
 */
const keyOf = (condition: [string, string] | undefined, ids: CallerIds, letter: Letter): Read<string> => {
  if (condition !== undefined) return conditionKey(...condition);
  const key = ids.requestId ?? letter.identifier;
  return key === undefined
    ? { ok: false, reasons: [reason("header-missing", "X-Request-Id")] }
    : { ok: true, value: key };
};

const conditionOf = (req: Request, letter: Letter & { ifNoneExist?: string }): [string, string] | undefined => {
  const header = req.get("If-None-Exist");
  if (header !== undefined) return [header, "If-None-Exist"];
  return letter.ifNoneExist === undefined ? undefined : [letter.ifNoneExist, "Bundle.entry.request.ifNoneExist"];
};

const standing = ({ taken }: Submitted, letter: Letter) => ({
  id: taken.referral,
  reference: taken.reference,
  callerReference: letter.callerReference,
  status: "received" as const,
  at: taken.at.toISOString(),
  sequence: 1,
  reasons: [],
});

type Answer = { status: number; headers: Record<string, string>; body: object };

/** Reads, hands over, and answers in the form that `answer` gives. */
const creates =
  <L extends Letter>(
    tools: DoorTools,
    read: (input: unknown, asking: Asking) => Read<L>,
    answer: (done: Submitted, letter: L, prefer: string | undefined) => Answer,
  ): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/ServiceRequest.c");
    if (client === undefined) return;
    const ids = callerIds(req, false);
    if (!ids.ok) return refuse(res, ids.reasons);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const letter = read(json.value, { client, now: tools.clock.now() });
    if (!letter.ok) return refuse(res, letter.reasons);
    const key = keyOf(conditionOf(req, letter.value), ids.value, letter.value);
    if (!key.ok) return refuse(res, key.reasons);

    const done = await submit(tools, req, res, { client, key: key.value, ids: ids.value, letter: letter.value });
    if (done === undefined) return;
    if (!done.sameBody) return refuse(res, [reason("key-reused")]);
    const { status, headers, body } = answer(done, letter.value, req.get("Prefer"));
    res.status(status).set(headers).set("Content-Type", FHIR_JSON).send(JSON.stringify(body));
  };

export const createServiceRequest = (tools: DoorTools): RequestHandler =>
  creates(tools, readServiceRequest, (done, letter, prefer) => ({
    status: done.first ? 201 : 200,
    headers: { Location: `${tools.publicUrl}/fhir/R4/ServiceRequest/${done.taken.referral}`, ETag: etag(1) },
    body:
      prefer?.includes("return=OperationOutcome") === true
        ? outcome(letter.warnings)
        : serviceRequest(standing(done, letter)),
  }));

/**
 * One response entry for each request, in its order. Only the ServiceRequest becomes something that can be read here;
 * the others are taken as parts of it and say 201 without an address, for an invented id would lead nowhere.
 */
const transactionResponse = (done: Submitted, letter: Transaction) => ({
  resourceType: "Bundle",
  type: "transaction-response",
  entry: letter.types.map((type) => {
    const status = done.first ? "201 Created" : "200 OK";
    if (type !== "ServiceRequest") return { response: { status } };
    const warnings = letter.warnings.length === 0 ? {} : { outcome: outcome(letter.warnings) };
    return {
      resource: serviceRequest(standing(done, letter)),
      response: {
        status,
        location: `ServiceRequest/${done.taken.referral}`,
        etag: etag(1),
        lastModified: done.taken.at.toISOString(),
        ...warnings,
      },
    };
  }),
});

export const transaction = (tools: DoorTools): RequestHandler =>
  creates(tools, readTransaction, (done, letter) => ({
    status: 200,
    headers: {},
    body: transactionResponse(done, letter),
  }));
