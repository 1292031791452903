// PUT and PATCH Task/{id} by its owner: a service answers its offer by moving its Task one step on, never back.
import type { Request, RequestHandler, Response } from "express";
import type { Client } from "../../schemas/client.ts";
import { read, type Read } from "../../schemas/faults.ts";
import { JsonPatch, Task } from "../../schemas/foreign/fhir/task.ts";
import { Uuid } from "../../schemas/ids.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { isClosed } from "../../src/core/lifecycle.ts";
import { movesOf } from "../../src/core/task.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { annotate, refuse } from "../http/speak.ts";
import { offeredTask, versionOf } from "./offered.ts";
import { patched } from "./patch.ts";
import { tell, wantsLittle } from "./reply.ts";
import { saidBy } from "./said.ts";
import { callerOf } from "./submit.ts";

type Before = { offer: OfferView; task: ReturnType<typeof offeredTask> };
/** What the Task is to become, from the bytes that came and what it is now. */
type Wanted = (input: unknown, before: Before) => Read<unknown>;

const whole: Wanted = (input) => ({ ok: true, value: input });
const byPatch: Wanted = (input, { task }) => {
  const patch = read(JsonPatch, input);
  return patch.ok ? patched(task, patch.value) : patch;
};

/** A no has a reason, and so has an end that is not simply the end. */
const NEEDS_REASON = new Set(["rejected", "failed", "cancelled"]);
export const lacksReason = ({ status, statusReason }: Task): Reason[] =>
  NEEDS_REASON.has(status) && statusReason === undefined ? [reason("required", "Task.statusReason")] : [];

/** The one step that the new Task asks for; undefined where it says what already is. */
const stepOf = (input: unknown, { offer }: Before) => {
  const task = read(Task, input, "Task");
  if (!task.ok) return task;
  if (task.value.id?.toLowerCase() !== offer.id) return refused(reason("invariant", "Task.id"));
  const moves = movesOf(offer.status, saidBy(task.value), offer.onHold !== undefined);
  if (moves.kind === "same") return { ok: true, value: undefined } as const;
  if (moves.kind === "silent") return refused(reason("not-supported", "Task.status"));
  const closed = isClosed(offer.status);
  // Here its owner tells us each step; only where we look on, now and then, may we have missed one.
  const [answer, ...more] = moves.kind === "steps" ? moves.answers : [];
  if (answer === undefined || more.length > 0)
    return refused(reason(closed ? "offer-closed" : "not-your-turn", "Task.status"));
  const lacks = lacksReason(task.value);
  return lacks.length > 0 ? refused(...lacks) : ({ ok: true, value: answer } as const);
};

const refused = (...reasons: Reason[]): Read<never> => ({ ok: false, reasons });

/** R4, http, 3.1.0.5: whoever says which version it read, changes that one or none. */
const isOld = (req: Request, { offer }: Before): boolean => {
  const read = req.get("If-Match");
  return read !== undefined && read.replace(/^W\//, "") !== `"${versionOf(offer.status)}"`;
};

const apply = async (
  tools: DoorTools,
  req: Request,
  res: Response,
  client: Client,
  before: Before,
  wanted: Wanted,
): Promise<void> => {
  if (isOld(req, before)) return refuse(res, [reason("version-old", "If-Match")]);
  const json = readJson(bytesOf(req));
  if (!json.ok) return refuse(res, json.reasons);
  const becomes = wanted(json.value, before);
  if (!becomes.ok) return refuse(res, becomes.reasons);
  const step = stepOf(becomes.value, before);
  if (!step.ok) return refuse(res, step.reasons);
  const { id } = before.offer;
  if (step.value !== undefined) {
    const result = await tools.steps.answer(client, id, step.value);
    annotate(res, { offer: id, verb: step.value.verb, outcome: result.outcome });
    if (result.outcome === "refused")
      return refuse(
        res,
        result.reasons.map((one) => ({ ...one, path: one.path ?? "Task.status" })),
      );
  }
  const offer = await tools.views.offer(client, id);
  if (offer === undefined) return refuse(res, [reason("not-found")]);
  const task = offeredTask(offer, client.organisation);
  if (wantsLittle(req)) res.status(200).set("ETag", `W/"${task.meta.versionId}"`).end();
  else tell(res, task);
};

const changes =
  (tools: DoorTools, wanted: Wanted): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/Task.u", ["provider"]);
    if (client === undefined) return;
    const id = Uuid.safeParse(req.params["id"]).data;
    const offer = id === undefined ? undefined : await tools.views.offer(client, id);
    // Another's offer is not there, whatever is said of it.
    if (offer === undefined) return refuse(res, [reason("not-found")]);
    await apply(tools, req, res, client, { offer, task: offeredTask(offer, client.organisation) }, wanted);
  };

export const updateTask = (tools: DoorTools): RequestHandler => changes(tools, whole);
export const patchTask = (tools: DoorTools): RequestHandler => changes(tools, byPatch);
