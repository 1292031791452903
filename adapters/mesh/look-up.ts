// What MESH says of a message that we may have sent (MESH API, "Track outbox").
import { Tracked } from "../../schemas/foreign/mesh.ts";
import { readJson } from "../http/json.ts";
import type { RawExchange } from "../outbound/exchange.ts";

/** `unclear`: it answered, and yet nobody can tell. `away`: it did not answer. */
export type Found =
  | { kind: "there"; messageId?: string }
  | { kind: "returned"; code: string }
  | { kind: "unfinished" }
  | { kind: "absent" }
  | { kind: "unclear"; cause: "mesh-sent-twice" | "mesh-lookup-unclear" }
  | { kind: "away" };

const UNCLEAR: Found = { kind: "unclear", cause: "mesh-lookup-unclear" };

export const lookUp = (reply: RawExchange): Found => {
  if (reply.kind === "failed") return reply.cause === "redirected" && reply.status === 300 ? TWICE : { kind: "away" };
  if (reply.status === 404) return { kind: "absent" };
  if (reply.status >= 400) return { kind: "away" };
  const json = readJson(reply.bytes);
  const tracked = json.ok ? Tracked.safeParse(json.value).data : undefined;
  if (tracked === undefined) return UNCLEAR;
  const { status, messageId, code } = tracked;
  if (status === "accepted" || status === "acknowledged") return { kind: "there", messageId };
  if (status === "uploading") return { kind: "unfinished" };
  if (status === "error" || status === "undeliverable") return { kind: "returned", code: codeOf(code) };
  return UNCLEAR;
};

/** 300 Multiple Choices: two messages bear one local id. */
const TWICE: Found = { kind: "unclear", cause: "mesh-sent-twice" };

/** 14 is "undelivered", the one error that MESH reports of a message that it had taken. */
export const codeOf = (code: string | undefined): string =>
  /^[A-Za-z0-9-]{1,20}$/.test(code ?? "") ? String(code) : "14";
