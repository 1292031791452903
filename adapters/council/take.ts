// POST requests: read it, map it, have it stored, answer with our reference. Always realtime: we know our id at once.
import type { RequestHandler, Response } from "express";
import { reason, type Reason } from "../../schemas/reason.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { annotate, refuse } from "../http/speak.ts";
import { traceOf } from "../http/trace.ts";
import { callerOf, inQuery } from "./caller.ts";
import { describe } from "./faults.ts";
import { readForm, withoutKey } from "./form.ts";
import { send } from "./format.ts";
import { keyOf } from "./key.ts";
import { readRequest } from "./read.ts";

export const takeRequest =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const bytes = bytesOf(req);
    const read = readForm(bytes);
    if (!read.ok) return refuse(res, read.reasons);
    const caller = await callerOf(
      tools,
      req,
      (name) => read.form.get(name)?.[0] ?? inQuery(req)(name),
      "request.create",
    );
    if (!caller.ok) return refuse(res, caller.reasons);
    const { client } = caller;
    annotate(res, { client: client.id });

    const request = readRequest(read.form, client, tools.clock.now());
    if (!request.ok) return refuse(res, request.reasons);
    const key = keyOf(req, request.answers);
    if (!key.ok) return refuse(res, key.reasons);

    const accepted = await tools.steps.accept({
      client,
      door: "council",
      key: key.key,
      body: withoutKey(bytes),
      contentType: "application/x-www-form-urlencoded",
      ...traceOf(res),
      callerReference: key.callerReference,
      content: request.content,
      monitoring: request.monitoring,
    });
    switch (accepted.outcome) {
      case "repeat":
        if (!accepted.sameBody) return refuse(res, [reason("key-reused")]);
        return taken(res, accepted.taken.reference, request.warnings);
      case "taken":
        return taken(res, accepted.taken.reference, request.warnings);
      case "busy":
        res.set("Retry-After", String(accepted.retryAfterSeconds));
        return refuse(res, [reason(accepted.why ?? "too-busy")]);
      case "refused":
        return refuse(res, accepted.reasons);
    }
  };

const taken = (res: Response, reference: string, warnings: readonly Reason[]): void => {
  annotate(res, { reference });
  const notice = warnings.map(describe).join(" ");
  const request = { service_request_id: reference, ...(notice === "" ? {} : { service_notice: notice }) };
  send(res, 200, { xml: { service_requests: { request: [request] } }, json: [request] });
};
