// What a caller puts on the wire, kept whole, so that a test can send the very same bytes again or from elsewhere.
import { randomUUID } from "node:crypto";
import { councilRequest, type CouncilRequestOptions } from "../fixtures/council/request.ts";
import { barsMessage, serviceRequest, transactionBundle, type GpOptions } from "../fixtures/gp/index.ts";
import { handoff, type HandOffOptions } from "../fixtures/jobcentre/handoff.ts";
import type { Sender } from "../world/send.ts";

export type Letter = { path: string; headers: Record<string, string>; body: string };
export type Reply = { status: number; headers: Headers; text: string; reference?: string };

const practice = (from: Sender): GpOptions["practice"] => ({
  ods: from.identity.organisation,
  site: from.identity.organisation,
  name: from.identity.name,
});

const fhir =
  (path: string, build: (options: GpOptions) => object) =>
  (from: Sender, options: GpOptions, requestId: string = randomUUID()): Letter => ({
    path,
    headers: {
      "Content-Type": "application/fhir+json",
      "X-Request-Id": requestId,
      "X-Correlation-Id": randomUUID(),
    },
    body: JSON.stringify(build({ seed: randomUUID(), practice: practice(from), ...options })),
  });

export const message = fhir("/fhir/R4/$process-message", barsMessage);
export const serviceRequestLetter = fhir("/fhir/R4/ServiceRequest", serviceRequest);
export const transactionLetter = fhir("/fhir/R4", transactionBundle);

export const handOffLetter = (options: HandOffOptions, handoffId: string = randomUUID()): Letter => {
  const correlationId = randomUUID();
  const body = handoff({ ...options, changes: { handoffId, correlationId, ...options.changes } });
  return {
    path: "/jobcentre/v1/handoffs",
    headers: { "Content-Type": "application/json", correlationId, "gov-uk-originator-id": "SAMPLE-JCP-01" },
    body: JSON.stringify(body),
  };
};

/** A council comes in with its api_key, which stands in the form. */
export const requestLetter = (
  from: Sender,
  options: CouncilRequestOptions,
  format: "json" | "xml" = "json",
  reference: string = randomUUID(),
): Letter => ({
  path: `/open311/v2/requests.${format}`,
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
  body: councilRequest({
    apiKey: from.identity.apiKey,
    ...options,
    attributes: { client_reference: reference, ...options.attributes },
  }).toString(),
});

export const post = async (from: Sender, letter: Letter, headers: Record<string, string> = {}): Promise<Reply> => {
  const login: Record<string, string> = letter.path.startsWith("/open311")
    ? {}
    : { Authorization: `Bearer ${await from.token()}` };
  const reply = await fetch(`${from.broker}${letter.path}`, {
    method: "POST",
    headers: { ...login, ...letter.headers, ...headers },
    body: letter.body,
  });
  return readReply(reply);
};

export const get = async (from: Sender, path: string, headers: Record<string, string> = {}): Promise<Reply> =>
  readReply(
    await fetch(`${from.broker}${path}`, { headers: { Authorization: `Bearer ${await from.token()}`, ...headers } }),
  );

const readReply = async (reply: Response): Promise<Reply> => {
  const text = await reply.text();
  const reference = /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(text)?.[0];
  return { status: reply.status, headers: reply.headers, text, ...(reference === undefined ? {} : { reference }) };
};
