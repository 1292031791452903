// One request and its reply, within a time and a size. Failures are values, and say whether anything was sent.
import type { Dispatcher } from "undici";
import { RefusedDial } from "./dial.ts";
import type { GuardCause } from "./guard.ts";

/** Most bytes of a reply that are read, where nobody asks for more. */
export const MAX_ANSWER = 65_536;

type FailureCause =
  | GuardCause
  | "name-not-found"
  | "connect-refused"
  | "connect-timed-out"
  | "unreachable"
  | "tls-wrong-name"
  | "tls-untrusted"
  | "timed-out"
  | "connection-lost"
  | "redirected"
  | "answer-too-large"
  | "answer-unreadable"
  | "request-unsendable";

/** `sent`: the receiver may have it. False only when not one byte of the request left us. */
export type Failed = { kind: "failed"; cause: FailureCause; sent: boolean; status?: number };
type Head = { kind: "answer"; status: number; headers: Record<string, string> };
/** `unreadable`: not in the charset that it names, or in one that nobody knows; then there is no body. */
export type Exchange = (Head & { body: string; unreadable?: true }) | Failed;
/** The reply as it came, for those whose bodies are not text. */
export type RawExchange = (Head & { bytes: Buffer }) | Failed;

/** In the charset that it names (RFC 9110, section 8.3.2), and in UTF-8 where it names none. */
export const textOf = (reply: RawExchange): Exchange => {
  if (reply.kind === "failed") return reply;
  const { bytes, ...head } = reply;
  const charset = /;\s*charset="?([^";\s]+)/i.exec(head.headers["content-type"] ?? "")?.[1] ?? "utf-8";
  try {
    return { ...head, body: new TextDecoder(charset, { fatal: true }).decode(bytes) };
  } catch {
    return { ...head, body: "", unreadable: true };
  }
};

export type Request = {
  method: "GET" | "HEAD" | "POST" | "PUT";
  url: URL;
  headers: Record<string, string>;
  body?: string | Uint8Array;
};
export type Bounds = {
  timeoutMs: number;
  maxAnswer?: number;
  /** The line may carry another exchange after it. */ keeps?: boolean;
};

const CAUSES: Record<string, FailureCause> = {
  ENOTFOUND: "name-not-found",
  EAI_AGAIN: "name-not-found",
  EAI_FAIL: "name-not-found",
  ENODATA: "name-not-found",
  ECONNREFUSED: "connect-refused",
  UND_ERR_CONNECT_TIMEOUT: "connect-timed-out",
  ETIMEDOUT: "connect-timed-out",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls-wrong-name",
  UND_ERR_HEADERS_TIMEOUT: "timed-out",
  UND_ERR_BODY_TIMEOUT: "timed-out",
  UND_ERR_HEADERS_OVERFLOW: "answer-too-large",
  UND_ERR_INVALID_ARG: "request-unsendable",
};
/** OpenSSL's words for a chain that cannot be trusted, and for two ends that cannot speak TLS. */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|INVALID_CA|HOSTNAME_MISMATCH|EPROTO)/;

export const causeOf = (error: unknown): FailureCause => {
  if (error instanceof RefusedDial) return error.cause;
  const code = String((error as { code?: unknown }).code ?? "");
  const known = CAUSES[code];
  if (known !== undefined) return known;
  if (TLS.test(code)) return "tls-untrusted";
  return code.startsWith("HPE_") ? "answer-unreadable" : "connection-lost";
};

const flat = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value]],
    ),
  );

/** The whole exchange keeps one deadline, so that a reply that drips in is cut off like one that never comes. */
export const exchange = (
  dispatcher: Dispatcher,
  request: Request,
  { timeoutMs, maxAnswer = MAX_ANSWER, keeps = false }: Bounds,
): Promise<RawExchange> =>
  new Promise((resolve) => {
    let stop: ((reason: Error) => void) | undefined;
    let settled = false;
    let sent = false;
    let answer: Head | undefined;
    const chunks: Buffer[] = [];
    let size = 0;

    const settle = (result: RawExchange): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(result);
      if (result.kind === "failed") stop?.(new Error(result.cause));
    };
    const fail = (cause: FailureCause): void =>
      settle({ kind: "failed", cause, sent, ...(answer === undefined ? {} : { status: answer.status }) });
    const timer = setTimeout(() => fail("timed-out"), timeoutMs);

    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        // A kept socket may have died unseen, and then nobody knows whether the request arrived: only what may come twice uses one.
        reset: !keeps,
      },
      {
        onRequestStart(controller) {
          // Too late: the deadline passed while we dialled. Nothing has been written yet, and nothing will be.
          if (settled) return controller.abort(new Error("timed-out"));
          stop = (reason) => controller.abort(reason);
          sent = true;
        },
        onResponseStart(_controller, status, headers) {
          if (status < 200) return;
          answer = { kind: "answer", status, headers: flat(headers) };
          if (status >= 300 && status < 400) fail("redirected");
          else if (request.method !== "HEAD" && Number(answer.headers["content-length"] ?? 0) > maxAnswer)
            fail("answer-too-large");
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > maxAnswer) fail("answer-too-large");
          else chunks.push(chunk);
        },
        onResponseEnd() {
          if (answer !== undefined) settle({ ...answer, bytes: Buffer.concat(chunks) });
        },
        onResponseError(_controller, error) {
          fail(causeOf(error));
        },
      },
    );
  });
