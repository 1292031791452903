// What became of an attempt, from what came back (Standard Webhooks 1.0.0: only 2xx is success, 410 means stop).
import type { AttemptOutcome } from "../../schemas/work.ts";
import type { Cause } from "../../schemas/cause.ts";
import type { Exchange } from "./exchange.ts";

/** Statuses that ask for patience; elsewhere Retry-After says nothing about us. */
const PATIENCE = new Set([429, 502, 503, 504]);
/** No receiver may put us off for longer than the schedule's own longest step. */
export const MOST_RETRY_AFTER_SECONDS = 86_400;

/** Seconds to wait: a number, or a date (RFC 9110, sections 10.2.3 and 5.6.7; the one form that senders still make). */
export const retryAfter = (value: string | undefined, now: Date): number | undefined => {
  const said = (value ?? "").trim();
  const seconds = /^\d+$/.test(said)
    ? Number(said)
    : said.endsWith(" GMT")
      ? Math.ceil((Date.parse(said) - now.getTime()) / 1_000)
      : Number.NaN;
  return Number.isNaN(seconds) ? undefined : Math.min(MOST_RETRY_AFTER_SECONDS, Math.max(0, seconds));
};

type Reading = {
  now: Date;
  /** Whether a lost answer may be followed by a second send. */
  idempotent: boolean;
  /** Says more than the status does: true it was taken, false it was not, undefined ask the status. */
  taken?: ((status: number, headers: Record<string, string>, body: string) => boolean | undefined) | undefined;
};

type Reply = Exchange | { kind: "failed"; cause: Cause; sent: boolean; status?: number };

export const outcomeOf = (reply: Reply, { now, idempotent, taken }: Reading): AttemptOutcome => {
  if (reply.kind === "failed") {
    const { cause, sent, status } = reply;
    // A redirection is an answer: it says that this address did not take it.
    if (!sent || idempotent || cause === "redirected")
      return { kind: "unavailable", cause, ...(status === undefined ? {} : { status }) };
    return { kind: "unknown", cause };
  }
  const { status, headers, body, unreadable } = reply;
  const ok = status >= 200 && status < 300;
  const verdict = taken?.(status, headers, body);
  if (verdict ?? ok) return { kind: "accepted", status };
  if (ok) return { kind: "unavailable", cause: "no-echo", status };
  if (status === 410) return { kind: "refused", cause: "gone", status, gone: true };
  // It may say that it has the message already, in words that we cannot read.
  if (unreadable === true && taken !== undefined && status < 500)
    return { kind: "unavailable", cause: "answer-unreadable", status };
  const wait = PATIENCE.has(status) ? retryAfter(headers["retry-after"], now) : undefined;
  const cause = wait === undefined ? (`answered-${status}` as const) : "asked-to-wait";
  return { kind: "unavailable", cause, status, ...(wait === undefined ? {} : { retryAfterSeconds: wait }) };
};
