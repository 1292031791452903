// PUT and PATCH Task/{id} by its owner: a service answers its offer by moving its Task one step on, never back.
import type { Request, RequestHandler, Response } from "express";
import type { Client } from "../../schemas/client.ts";
import { read, type Read } from "../../schemas/faults.ts";
import { JsonPatch, Task } from "../../schemas/foreign/fhir/task.ts";
import { Uuid } from "../../schemas/ids.ts";
import type { Answer } from "../../schemas/offer.ts";
import type { OutcomeReport } from "../../schemas/outcome-report.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { isClosed, nextOffer } from "../../src/core/lifecycle.ts";
import { dayOf } from "../../src/core/calendar.ts";
import { movesOf, type Said } from "../../src/core/task.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { annotate, refuse } from "../http/speak.ts";
import { progressFaults } from "./business-status.ts";
import { checkpointsSaid } from "./checkpoints.ts";
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

type Asks = { answers: Answer[]; reports: { path: string; report: OutcomeReport }[] };

/** The step that the new Task asks for, and what it tells beside it; nothing where it says what already is. */
const asksOf = (input: unknown, { offer }: Before, now: Date): Read<Asks> => {
  const task = read(Task, input, "Task");
  if (!task.ok) return task;
  if (task.value.id?.toLowerCase() !== offer.id) return refused(reason("invariant", "Task.id"));
  const outputs = checkpointsSaid(task.value, dayOf(now));
  const reports = outputs.flatMap(({ path, report }) => (report.ok ? [{ path, report: report.value }] : []));
  const unreadable = [
    ...progressFaults(task.value),
    ...outputs.flatMap(({ report }) => (report.ok ? [] : report.reasons)),
  ];
  if (unreadable.length > 0) return refused(...unreadable);
  const said = asOfNow(saidBy(task.value), now);
  const { progress, ...status } = said;
  const byStatus = movesOf(offer, status);
  if (byStatus.kind === "silent") return refused(reason("not-supported", "Task.status"));
  const moves = movesOf(offer, said);
  const answers = moves.kind === "steps" ? moves.answers : [];
  const closed = isClosed(offer.status);
  // Here its owner tells us each step; only where we look on, now and then, may we have missed one.
  const steps = answers.filter(({ verb }) => !BESIDE.has(verb));
  if (byStatus.kind === "behind" || steps.length > 1)
    return refused(reason(closed ? "offer-closed" : "not-your-turn", "Task.status"));
  const taken = nextOffer(offer.status, "contact") !== undefined || steps[0]?.verb === "accept";
  if (progress !== undefined && !closed && !taken) return refused(reason("not-your-turn", "Task.businessStatus"));
  const lacks = steps.length === 0 ? [] : lacksReason(task.value);
  return lacks.length > 0 ? refused(...lacks) : { ok: true, value: { answers, reports } };
};

const BESIDE: ReadonlySet<Answer["verb"]> = new Set(["contact", "milestone"]);

/** Told to us, and not found where we look: without a day it happened today. */
const asOfNow = (said: Said, now: Date): Said =>
  said.progress === undefined ? said : { ...said, progress: { on: dayOf(now), ...said.progress } };

const refused = (...reasons: Reason[]): Read<never> => ({ ok: false, reasons });

/** R4, http, 3.1.0.5: whoever says which version it read, changes that one or none. */
const isOld = (req: Request, { offer }: Before): boolean => {
  const read = req.get("If-Match");
  return read !== undefined && read.replace(/^W\//, "") !== `"${versionOf(offer)}"`;
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
  const asks = asksOf(becomes.value, before, tools.clock.now());
  if (!asks.ok) return refuse(res, asks.reasons);
  const { id } = before.offer;
  if (asks.value.answers.length + asks.value.reports.length === 0) annotate(res, { outcome: "repeated" });
  // Each is a commit of its own; sent again, the whole goes on where a refusal stopped it.
  for (const step of asks.value.answers) {
    const result = await tools.steps.answer(client, id, step);
    annotate(res, { offer: id, verb: step.verb, outcome: result.outcome });
    const at = BESIDE.has(step.verb) ? "Task.businessStatus" : "Task.status";
    if (result.outcome === "refused")
      return refuse(
        res,
        result.reasons.map((one) => ({ ...one, path: one.path ?? at })),
      );
  }
  for (const { path, report } of asks.value.reports) {
    const result = await tools.steps.reportOutcome(client, id, report);
    annotate(res, { offer: id, verb: "outcome", what: report.what, outcome: result.outcome });
    if (result.outcome === "refused")
      return refuse(
        res,
        result.reasons.map((one) => ({ ...one, path })),
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
    if (id !== undefined) annotate(res, { offer: id });
    // Another's offer is not there, whatever is said of it.
    if (offer === undefined) return refuse(res, [reason("not-found")]);
    await apply(tools, req, res, client, { offer, task: offeredTask(offer, client.organisation) }, wanted);
  };

export const updateTask = (tools: DoorTools): RequestHandler => changes(tools, whole);
export const patchTask = (tools: DoorTools): RequestHandler => changes(tools, byPatch);
