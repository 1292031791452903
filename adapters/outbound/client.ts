// The one guarded HTTP client. Everything that Waymark sends to an address from outside goes through here.
import { setTimeout as rest } from "node:timers/promises";
import type { Clock } from "../../src/ports/system.ts";
import { readJson } from "../http/json.ts";
import { guardedAgent, type Tls } from "./dial.ts";
import {
  exchange,
  type Exchange,
  type Failed,
  MAX_ANSWER,
  type RawExchange,
  type Request,
  textOf,
} from "./exchange.ts";
import { createGuard } from "./guard.ts";
import { type Line, type LineBounds, openLines } from "./lines.ts";

/** Standard Webhooks 1.0.0 asks for 15 to 30 s. */
const TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
const GOODBYE_MS = 500;
/** A line that was dead before we wrote to it says so within a round trip. What is lost later is lost at the far side. */
const STALE_MS = 2_000;

type Fetched =
  | { kind: "answer"; value: unknown; /** How long it may be kept; undefined when not said. */ cacheSeconds?: number }
  | { kind: "failed"; cause: Failed["cause"] | "answer-not-ok" | "answer-not-json"; sent: boolean; status?: number };

type Sent = {
  /** The receiver knows it again by an id of ours: it may go out on a kept line, and once more if that line proves dead. */
  mayComeTwice?: true;
};

export type Outbound = {
  post(url: string, message: { headers: Record<string, string>; body: string } & Sent): Promise<Exchange>;
  /** Any other request, for those who speak a protocol of their own. */
  request(url: string, request: Omit<Request, "url"> & Sent): Promise<RawExchange>;
  /** Reads a public document, such as a client's keys. */
  getJson(url: string): Promise<Fetched>;
  /** Waits a moment for what is under way, then cuts it off: whoever hangs must not hold us. */
  close(): Promise<void>;
};

type OutboundOptions = {
  allow: readonly string[];
  clock: Clock;
  timeoutMs?: number;
  /** Most bytes of a reply. */
  maxAnswer?: number;
  tls?: Tls;
  lines?: LineBounds;
};

/** How long a reply stays fresh (RFC 9111, section 4.2.1). */
export const cacheSeconds = (headers: Record<string, string>, now: Date): number | undefined => {
  const control = (headers["cache-control"] ?? "").toLowerCase();
  if (/\bno-(store|cache)\b/.test(control)) return 0;
  const maxAge = /\bmax-age="?(\d+)/.exec(control)?.[1];
  if (maxAge !== undefined) return Math.max(0, Number(maxAge) - (Number(headers["age"] ?? 0) || 0));
  const expires = headers["expires"];
  if (expires === undefined) return undefined;
  // A date that cannot be read means "already stale" (RFC 9111, section 5.3).
  return Math.max(0, Math.floor((Date.parse(expires) - now.getTime()) / 1_000)) || 0;
};

/** Closed before one byte of an answer; or 408, which some servers say to a line that was idle (RFC 9110, section 15.5.9). */
const wasDead = (reply: RawExchange): boolean =>
  reply.kind === "answer" ? reply.status === 408 : reply.cause === "connection-lost" && reply.status === undefined;

/** Throws when a range of `allow` is not CIDR: the settings are wrong, and we must not start. */
export const createOutbound = (options: OutboundOptions): Outbound => {
  const { allow, clock, timeoutMs = TIMEOUT_MS, maxAnswer = MAX_ANSWER, tls } = options;
  const guard = createGuard(allow);
  const connectMs = Math.min(CONNECT_TIMEOUT_MS, timeoutMs);
  const agent = guardedAgent(guard, connectMs, tls);
  const lines = openLines(guard, connectMs, tls, options.lines);
  let closed = false;
  const underWay = new Set<Promise<RawExchange>>();

  const onLine = async (line: Line, message: Request, withinMs: number): Promise<RawExchange> => {
    const reply = await exchange(line.dispatcher, message, { timeoutMs: withinMs, maxAnswer, keeps: true });
    if (reply.kind === "answer") line.keep();
    else line.hangUp();
    return reply;
  };

  /** The far side may close a kept line while we write to it. That says nothing of the far side, so a new line is asked, once. */
  const onLines = async (message: Request): Promise<RawExchange> => {
    const began = clock.now().getTime();
    const line = lines.take(message.url.origin, false);
    const reply = await onLine(line, message, timeoutMs);
    const spent = clock.now().getTime() - began;
    if (closed || !line.kept || !wasDead(reply) || spent > STALE_MS || spent >= timeoutMs) return reply;
    const again = await onLine(lines.take(message.url.origin, true), message, timeoutMs - spent);
    // The first may have arrived, whatever became of the second.
    return again.kind === "failed" ? { ...again, sent: true } : again;
  };

  const request: Outbound["request"] = async (raw, { mayComeTwice, ...asked }) => {
    const address = guard.url(raw);
    if (!address.ok) return { kind: "failed", cause: address.cause, sent: false };
    const message = { ...asked, url: address.url, headers: { "user-agent": "Waymark", ...asked.headers } };
    const reply = mayComeTwice ? onLines(message) : exchange(agent, message, { timeoutMs, maxAnswer });
    underWay.add(reply);
    return reply.finally(() => underWay.delete(reply));
  };
  const send = async (url: string, message: Omit<Request, "url"> & Sent): Promise<Exchange> =>
    textOf(await request(url, message));

  return {
    post: (url, message) => send(url, { method: "POST", ...message }),
    request,

    async getJson(url) {
      const reply = await send(url, { method: "GET", headers: { accept: "application/json" } });
      if (reply.kind === "failed") return reply;
      const { status, headers, body } = reply;
      if (status !== 200) return { kind: "failed", cause: "answer-not-ok", sent: true, status };
      const json = readJson(Buffer.from(body, "utf8"));
      if (!json.ok) return { kind: "failed", cause: "answer-not-json", sent: true, status };
      const seconds = cacheSeconds(headers, clock.now());
      return { kind: "answer", value: json.value, ...(seconds === undefined ? {} : { cacheSeconds: seconds }) };
    },

    async close() {
      closed = true;
      const inTime = new AbortController();
      const late = rest(GOODBYE_MS, undefined, { signal: inTime.signal }).catch(() => undefined);
      await Promise.race([Promise.all(underWay), late]);
      inTime.abort();
      await Promise.all([agent.destroy(), lines.close()]);
    },
  };
};
