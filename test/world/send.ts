// Sends one referral through a door as that door's callers do, and reads the reference out of the reply.
import { randomUUID } from "node:crypto";
import { barsMessage, serviceRequest, transactionBundle, type GpOptions } from "../fixtures/gp/index.ts";
import { councilRequest, type CouncilRequestOptions } from "../fixtures/council/request.ts";
import { handoff, type HandOffOptions } from "../fixtures/jobcentre/handoff.ts";
import type { Identity } from "./system.ts";

/** What came back: `reference` when it was taken, now or before; `code` when it was not. */
export type Reply = { status: number; reference?: string; code?: string; detail?: string };

export type Sender = { identity: Identity; token: () => Promise<string>; broker: string };

type Json = Record<string, unknown>;

const post = async (from: Sender, path: string, headers: Record<string, string>, body: string) => {
  const reply = await fetch(`${from.broker}${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${await from.token()}`, ...headers },
    body,
  });
  return { status: reply.status, location: reply.headers.get("location"), body: (await reply.json()) as Json };
};

const fhirIds = (requestId: string) => ({
  "Content-Type": "application/fhir+json",
  "X-Request-Id": requestId,
  "X-Correlation-Id": randomUUID(),
});

const outcome = (body: Json): Pick<Reply, "code" | "detail"> => {
  const issue = (body["issue"] as { code?: string; diagnostics?: string }[] | undefined)?.[0];
  return issue === undefined ? {} : { code: issue.code, detail: issue.diagnostics };
};

const referenceIn = (value: unknown): string | undefined =>
  /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(JSON.stringify(value))?.[0];

/** A BaRS message. Send it again with the same `requestId` and it is a duplicate. */
export const sendMessage = async (from: Sender, options: GpOptions, requestId = randomUUID()): Promise<Reply> => {
  const message = JSON.stringify(barsMessage({ ...options, practice: practiceOf(from, options) }));
  const reply = await post(from, "/fhir/R4/$process-message", fhirIds(requestId), message);
  return { status: reply.status, reference: referenceIn(reply.body), ...outcome(reply.body) };
};

export const sendServiceRequest = async (from: Sender, options: GpOptions): Promise<Reply> => {
  const body = JSON.stringify(serviceRequest({ ...options, practice: practiceOf(from, options) }));
  const reply = await post(from, "/fhir/R4/ServiceRequest", fhirIds(randomUUID()), body);
  return { status: reply.status, reference: referenceIn(reply.body), ...outcome(reply.body) };
};

export const sendTransaction = async (from: Sender, options: GpOptions): Promise<Reply> => {
  const body = JSON.stringify(transactionBundle({ ...options, practice: practiceOf(from, options) }));
  const reply = await post(from, "/fhir/R4", fhirIds(randomUUID()), body);
  return { status: reply.status, reference: referenceIn(reply.body), ...outcome(reply.body) };
};

const practiceOf = (from: Sender, options: GpOptions): GpOptions["practice"] => ({
  ods: from.identity.organisation,
  site: from.identity.organisation,
  name: from.identity.name,
  ...options.practice,
});

export const sendHandOff = async (
  from: Sender,
  options: HandOffOptions,
  handoffId: string = randomUUID(),
  correlationId: string = randomUUID(),
): Promise<Reply> => {
  const body = handoff({ ...options, changes: { handoffId, correlationId, ...options.changes } });
  const headers = { "Content-Type": "application/json", correlationId, "gov-uk-originator-id": "SAMPLE-JCP-01" };
  const reply = await post(from, "/jobcentre/v1/handoffs", headers, JSON.stringify(body));
  const first = (reply.body["errors"] as { code: string; detail: string }[] | undefined)?.[0];
  return { status: reply.status, reference: referenceIn(reply.body), code: first?.code, detail: first?.detail };
};

export const sendRequest = async (
  from: Sender,
  options: CouncilRequestOptions,
  format: "json" | "xml" = "json",
  clientReference: string = randomUUID(),
): Promise<Reply> => {
  const form = councilRequest({
    ...options,
    apiKey: from.identity.apiKey,
    attributes: { client_reference: clientReference, ...options.attributes },
  });
  const reply = await fetch(`${from.broker}/open311/v2/requests.${format}`, { method: "POST", body: form });
  const text = await reply.text();
  return {
    status: reply.status,
    reference: referenceIn(text),
    ...(reply.ok ? {} : { code: /<code>([^<]+)|"code":"([^"]+)/.exec(text)?.slice(1).find(Boolean) }),
  };
};
