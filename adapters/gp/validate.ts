// POST {type}/$validate: reads and maps as if it were sent, answers what it found, and stores nothing.
import type { RequestHandler } from "express";
import type { ClientKind } from "../../schemas/client.ts";
import { read, type Read } from "../../schemas/faults.ts";
import { AnyResource, Bundle, Parameters } from "../../schemas/foreign/fhir/bundle.ts";
import { Task } from "../../schemas/foreign/fhir/task.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { refuse } from "../http/speak.ts";
import { lacksReason } from "./change-task.ts";
import type { Asking } from "./content.ts";
import { FHIR_JSON, outcome } from "./outcome.ts";
import { readMessage } from "./read-message.ts";
import { readServiceRequest, readTransaction } from "./read-rest.ts";
import { callerOf } from "./submit.ts";

const unwrapped = (input: unknown): unknown => {
  const parameters = Parameters.safeParse(input);
  return parameters.success ? parameters.data.parameter.find((one) => one.name === "resource")?.resource : input;
};

type Found = Read<{ warnings: readonly Reason[] }>;

const readBundle = (input: unknown, asking: Asking): Found => {
  const bundle = Bundle.safeParse(input);
  return bundle.success && bundle.data.type === "transaction"
    ? readTransaction(input, asking)
    : readMessage(input, asking);
};

const readTask = (input: unknown): Found => {
  const task = read(Task, input, "Task");
  if (!task.ok) return task;
  const reasons = lacksReason(task.value);
  return reasons.length > 0 ? { ok: false, reasons } : { ok: true, value: { warnings: [] } };
};

/** Who may ask about each type: whoever may send it. */
const KINDS: Record<
  string,
  { kinds: readonly ClientKind[]; scope: string; read: (input: unknown, asking: Asking) => Found }
> = {
  ServiceRequest: { kinds: ["gp"], scope: "system/ServiceRequest.c", read: readServiceRequest },
  Bundle: { kinds: ["gp"], scope: "system/ServiceRequest.c", read: readBundle },
  Task: { kinds: ["provider"], scope: "system/Task.u", read: readTask },
};

/** A type that we do not take: whoever may send anything learns that, and nobody else. */
const SENDER = { kinds: ["gp", "provider"], scope: "system/ServiceRequest.r" } as const;

const readAs = (type: string, input: unknown, reads: (input: unknown) => Found): Found => {
  const any = read(AnyResource, input);
  if (!any.ok) return any;
  return any.value.resourceType === type ? reads(input) : { ok: false, reasons: [reason("invariant", "resourceType")] };
};

const ALL_WELL = {
  resourceType: "OperationOutcome",
  issue: [{ severity: "information", code: "informational", diagnostics: "Nothing is wrong with this." }],
};

export const validate =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const type = String(req.params["type"]);
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    const { kinds, scope } = kind ?? SENDER;
    const client = await callerOf(tools, req, res, scope, kinds);
    if (client === undefined) return;
    if (kind === undefined) return refuse(res, [reason("not-supported")]);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const asking = { client, now: tools.clock.now() };
    const result = readAs(type, unwrapped(json.value), (input) => kind.read(input, asking));
    const found: readonly Reason[] = result.ok ? result.value.warnings : result.reasons;
    // The validation went well even when the resource did not (FHIR R4, resource-operation-validate).
    const body = found.length === 0 ? ALL_WELL : outcome(found);
    res.status(200).set("Content-Type", FHIR_JSON).send(JSON.stringify(body));
  };
