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

/** Standard Webhooks 1.0.0 asks for 15 to 30 s. */
const TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
const GOODBYE_MS = 500;

type Fetched =
  | { kind: "answer"; value: unknown; /** How long it may be kept; undefined when not said. */ cacheSeconds?: number }
  | { kind: "failed"; cause: Failed["cause"] | "answer-not-ok" | "answer-not-json"; sent: boolean; status?: number };

export type Outbound = {
  post(url: string, message: { headers: Record<string, string>; body: string }): Promise<Exchange>;
  /** Any other request, for those who speak a protocol of their own. */
  request(url: string, request: Omit<Request, "url">): Promise<RawExchange>;
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

/** Throws when a range of `allow` is not CIDR: the settings are wrong, and we must not start. */
export const createOutbound = (options: OutboundOptions): Outbound => {
  const { allow, clock, timeoutMs = TIMEOUT_MS, maxAnswer = MAX_ANSWER, tls } = options;
  const guard = createGuard(allow);
  const agent = guardedAgent(guard, Math.min(CONNECT_TIMEOUT_MS, timeoutMs), tls);
  const underWay = new Set<Promise<RawExchange>>();

  const request: Outbound["request"] = async (raw, message) => {
    const address = guard.url(raw);
    if (!address.ok) return { kind: "failed", cause: address.cause, sent: false };
    const headers = { "user-agent": "Waymark", ...message.headers };
    const reply = exchange(agent, { ...message, url: address.url, headers }, { timeoutMs, maxAnswer });
    underWay.add(reply);
    return reply.finally(() => underWay.delete(reply));
  };
  const send = async (url: string, message: Omit<Request, "url">): Promise<Exchange> =>
    textOf(await request(url, message));

  return {
    post: (url, { headers, body }) => send(url, { method: "POST", headers, body }),
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
      const inTime = new AbortController();
      const late = rest(GOODBYE_MS, undefined, { signal: inTime.signal }).catch(() => undefined);
      await Promise.race([Promise.all(underWay), late]);
      inTime.abort();
      await agent.destroy();
    },
  };
};
