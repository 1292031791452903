// News for the referrer as a BaRS servicerequest-response: a new message the other way, thin, with our reference.
import { z } from "zod";
import { HTTP_ERRORS } from "../../schemas/foreign/fhir/systems.ts";
import type { RenderCallback } from "../../src/ports/outward.ts";
import { responseMessage } from "./answers.ts";
import { sameSystem } from "./codes.ts";
import { FHIR_JSON } from "./outcome.ts";

const Duplicate = z.object({
  issue: z.array(
    z.object({
      code: z.string(),
      details: z
        .object({ coding: z.array(z.object({ system: z.string().optional(), code: z.string().optional() })) })
        .optional(),
    }),
  ),
});

/** BaRS reserves 409 with REC_CONFLICT and issue code `duplicate` for a message that was already taken. */
const isDuplicate = (body: string): boolean => {
  try {
    const parsed = Duplicate.safeParse(JSON.parse(body));
    return (
      parsed.success &&
      parsed.data.issue.some(
        (one) =>
          one.code === "duplicate" &&
          (one.details?.coding ?? []).every(
            (coding) => !sameSystem(coding.system, HTTP_ERRORS) || (coding.code ?? "").endsWith("CONFLICT"),
          ),
      )
    );
  } catch {
    return false;
  }
};

const echoes = (headers: Record<string, string>, sent: Record<string, string>): boolean => {
  const replied = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]));
  return Object.entries(sent).every(([name, value]) => replied.get(name.toLowerCase()) === value.toLowerCase());
};

export const renderCallback: RenderCallback = (callback, to) => {
  const headers = {
    // The id stays the same on every retry: a retry is the same message (BaRS, transactional integrity).
    "X-Request-Id": callback.id,
    // A referral that came by REST may have no conversation id; its own id then joins its messages.
    "X-Correlation-Id": callback.correlationId ?? callback.referral,
  };
  const message = responseMessage({
    bundleId: callback.id,
    headerId: callback.id,
    answers: callback.messageId ?? callback.referral,
    at: callback.at,
    to: to.organisation,
    standing: {
      id: callback.referral,
      reference: callback.reference,
      callerReference: callback.callerReference,
      status: callback.status,
      at: callback.at,
      sequence: callback.sequence,
      reasons: callback.reasons,
    },
  });
  return {
    path: "/$process-message",
    contentType: FHIR_JSON,
    headers,
    body: JSON.stringify(message),
    taken: (status, replied, body) => {
      // A 2xx without both ids is a failure on the way, not an answer: the message is sent again.
      if (status >= 200 && status < 300) return echoes(replied, headers);
      return status === 409 && isDuplicate(body) ? true : undefined;
    },
  };
};
