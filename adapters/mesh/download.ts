// One message out of our inbox: what its headers say, then its body, chunk by chunk, within bounds of size and time.
import { gunzipSync } from "node:zlib";
import { MeshId } from "../../schemas/foreign/mesh.ts";
import type { Parcel } from "../../src/ports/mailbox.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { RawExchange } from "../outbound/exchange.ts";
import type { MeshApi } from "./api.ts";

/** Largest body, unpacked. An answer is a page; whatever is larger is none. */
export const MAX_PARCEL = 1_048_576;
const MOST_CHUNKS = 20;

/** `gone`: it is not there any more. `away`: it could not be had now. */
export type Downloaded = { kind: "parcel"; parcel: Parcel } | { kind: "gone" } | { kind: "away"; cause: string };

type Answer = Extract<RawExchange, { kind: "answer" }>;

export const download = async (api: MeshApi, clock: Clock, messageId: string, until: Date): Promise<Downloaded> => {
  const head = await api.head(messageId);
  const none = missing(head);
  if (none !== undefined) return none;
  const parcel = parcelOf(messageId, head as Answer, clock.now());
  // A report has no body: its headers say all.
  if (parcel.kind === "report") return { kind: "parcel", parcel };
  const total = totalOf((head as Answer).headers["mex-chunk-range"]);
  if (total > MOST_CHUNKS) return { kind: "parcel", parcel: { ...parcel, fault: "too-large" } };

  const parts: Buffer[] = [];
  let left = MAX_PARCEL;
  for (let chunk = 1; chunk <= total; chunk += 1) {
    if (clock.now() > until) return { kind: "away", cause: "timed-out" };
    const reply = await api.chunk(messageId, chunk);
    if (reply.kind === "failed" && reply.cause === "answer-too-large")
      return { kind: "parcel", parcel: { ...parcel, fault: "too-large" } };
    const lacking = missing(reply);
    if (lacking !== undefined) return lacking;
    const part = unpacked(reply as Answer, left);
    if (part === undefined) return { kind: "parcel", parcel: { ...parcel, fault: "too-large" } };
    if (part === "broken") return { kind: "parcel", parcel: { ...parcel, fault: "not-json" } };
    parts.push(part);
    left -= part.length;
  }
  return { kind: "parcel", parcel: { ...parcel, body: Buffer.concat(parts) } };
};

const missing = (reply: RawExchange): Downloaded | undefined => {
  if (reply.kind === "failed") return { kind: "away", cause: reply.cause };
  if (reply.status === 404 || reply.status === 410) return { kind: "gone" };
  return reply.status === 200 || reply.status === 206 ? undefined : { kind: "away", cause: `answered-${reply.status}` };
};

/** Headers are others' text: only what has the form of an id is kept. */
const idOf = (value: string | undefined): string | undefined => MeshId.safeParse(value?.trim()).data;

const parcelOf = (messageId: string, { headers }: Answer, receivedAt: Date): Parcel => {
  const report = (headers["mex-messagetype"] ?? "DATA").toUpperCase() === "REPORT";
  return {
    messageId,
    kind: report ? "report" : "data",
    from: idOf(headers["mex-from"])?.toUpperCase() ?? "",
    workflow: idOf(headers["mex-workflowid"]) ?? "",
    receivedAt,
    // Of a report it is ours. A sender's own may be anything, a number of somebody's too.
    ...(report ? { localId: idOf(headers["mex-localid"]) } : {}),
    linked: idOf(headers["mex-linkedmsgid"]),
    code: idOf(headers["mex-statuscode"]),
  };
};

/** `mex-chunk-range: 1:3` is the first of three; without it there is one. */
const totalOf = (range: string | undefined): number => Math.max(1, Number(/:\s*(\d+)$/.exec(range ?? "")?.[1] ?? 1));

/** Undefined when it is larger than what is left. Never unpacks more than that: a small chunk can hold gigabytes. */
const unpacked = ({ headers, bytes }: Answer, left: number): Buffer | "broken" | undefined => {
  if (!(headers["content-encoding"] ?? "").toLowerCase().includes("gzip"))
    return bytes.length > left ? undefined : bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, left) });
  } catch (error) {
    return (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE" ? undefined : "broken";
  }
};
