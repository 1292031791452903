// POST /handoffs: read it, map it, have it stored, answer. The answer comes after the commit and depends on nobody else.
import type { RequestHandler, Response } from "express";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Taken } from "../../src/ports/intake.ts";
import { clientOf } from "../http/access.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { annotate, refuse } from "../http/speak.ts";
import { traceOf } from "../http/trace.ts";
import { ADDRESS, spoken } from "./answer.ts";
import { contentOf, needFaults } from "./map.ts";
import { readHandOff } from "./read.ts";

export const takeHandOff =
  ({ steps, views, clock, publicUrl }: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = clientOf(res);
    const reading = readHandOff(req, client, clock.now());
    echo(res, reading.correlationId);
    if (!reading.ok) return refuse(res, reading.reasons);

    const { handOff, correlationId, originator } = reading;
    annotate(res, { originator });
    const accepted = await steps.accept({
      client,
      door: "jobcentre",
      key: handOff.handoffId,
      body: bytesOf(req),
      contentType: "application/json",
      requestId: traceOf(res).requestId,
      correlationId,
      callerReference: handOff.handoffId,
      content: contentOf(handOff, client),
      monitoring: handOff.monitoring,
    });

    const warnings = [...reading.warnings, ...needFaults(handOff)];
    const answer = (taken: Taken, more: object): void => {
      annotate(res, { reference: taken.reference });
      const address = `${ADDRESS}/${taken.referral}`;
      res
        .status(202)
        .location(address)
        .json({
          id: taken.referral,
          reference: taken.reference,
          handoffId: handOff.handoffId,
          correlationId,
          status: "received",
          statusUrl: `${publicUrl}${address}`,
          receivedAt: taken.at.toISOString(),
          warnings: warnings.map((one: Reason) => spoken(one)),
          ...more,
        });
    };

    switch (accepted.outcome) {
      case "taken":
        return answer(accepted.taken, {});
      case "repeat": {
        if (!accepted.sameBody) return refuse(res, [reason("key-reused", "handoffId")]);
        const seen = await views.referral(client, accepted.taken.referral);
        return answer(accepted.taken, { repeated: true, ...(seen === undefined ? {} : { status: seen.status }) });
      }
      case "busy":
        res.set("Retry-After", String(accepted.retryAfterSeconds));
        return refuse(res, [reason(accepted.why ?? "too-busy")]);
      case "refused":
        return refuse(res, accepted.reasons);
    }
  };

/** Echoes only what has the form of an id: a header is no place for anything else. */
const echo = (res: Response, correlationId: string | undefined): void => {
  if (correlationId !== undefined && /^[0-9A-Fa-f-]{36}$/.test(correlationId)) res.set("correlationId", correlationId);
};
