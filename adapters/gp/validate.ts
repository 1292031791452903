// POST {type}/$validate: reads and maps as if it were sent, answers what it found, and stores nothing.
import type { RequestHandler } from "express";
import { read, type Read } from "../../schemas/faults.ts";
import { AnyResource, Bundle, Parameters } from "../../schemas/foreign/fhir/bundle.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { refuse } from "../http/speak.ts";
import type { Asking, Letter } from "./content.ts";
import { FHIR_JSON, outcome } from "./outcome.ts";
import { readMessage } from "./read-message.ts";
import { readServiceRequest, readTransaction } from "./read-rest.ts";
import { callerOf } from "./submit.ts";

const unwrapped = (input: unknown): unknown => {
  const parameters = Parameters.safeParse(input);
  return parameters.success ? parameters.data.parameter.find((one) => one.name === "resource")?.resource : input;
};

const readAs = (type: string, input: unknown, asking: Asking): Read<Letter> => {
  const any = read(AnyResource, input);
  if (!any.ok) return any;
  if (any.value.resourceType !== type) return { ok: false, reasons: [reason("invariant", "resourceType")] };
  if (type === "ServiceRequest") return readServiceRequest(input, asking);
  const bundle = Bundle.safeParse(input);
  return bundle.success && bundle.data.type === "transaction"
    ? readTransaction(input, asking)
    : readMessage(input, asking);
};

const ALL_WELL = {
  resourceType: "OperationOutcome",
  issue: [{ severity: "information", code: "informational", diagnostics: "Nothing is wrong with this." }],
};

export const validate =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/ServiceRequest.c");
    if (client === undefined) return;
    const type = req.params["type"];
    if (type !== "ServiceRequest" && type !== "Bundle") return refuse(res, [reason("not-supported")]);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const result = readAs(type, unwrapped(json.value), { client, now: tools.clock.now() });
    const found: readonly Reason[] = result.ok ? result.value.warnings : result.reasons;
    // The validation went well even when the resource did not (FHIR R4, resource-operation-validate).
    const body = found.length === 0 ? ALL_WELL : outcome(found);
    res.status(200).set("Content-Type", FHIR_JSON).send(JSON.stringify(body));
  };
