// A MESH server on loopback, written from the MESH REST API's specification (2.0.0) alone: mailboxes, tokens that are good
// once, chunks, tracking, reports. It can be told to lose, cut, hold or refuse the next request of a kind.
import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export type Kind =
  | "handshake"
  | "send"
  | "chunk"
  | "track"
  | "track-local"
  | "inbox"
  | "head"
  | "download"
  | "acknowledge";
/** `lose`: done, and the line is cut before the answer. `cut`: before anything is done. `hold`: never answered. */
export type Mishap = "lose" | "cut" | "hold" | number | ((res: ServerResponse) => void);

export type MeshMessage = {
  id: string;
  from: string;
  to: string;
  workflow: string;
  localId: string;
  type: "DATA" | "REPORT";
  encoding?: string;
  chunks: Buffer[];
  of: number;
  status: "uploading" | "accepted" | "acknowledged" | "error";
  code?: string;
  linked?: string;
  headers: IncomingHttpHeaders;
};

export type Mesh = {
  url: string;
  sharedKey: string;
  messages: MeshMessage[];
  /** Every request that was let in, as its kind. */
  asked: Kind[];
  refusedTokens(): number;
  next(kind: Kind, ...mishaps: Mishap[]): void;
  /** Puts a message into an inbox, as another mailbox's system would. */
  put(
    message: { from: string; to: string; workflow: string; body: string | Buffer } & Partial<MeshMessage>,
  ): MeshMessage;
  /** Nobody collected it: its sender gets a report. */
  returns(id: string, code?: string): MeshMessage;
  /** Unpacked and in one piece. */
  text(message: MeshMessage): string;
  inbox(mailbox: string): MeshMessage[];
  close(): Promise<void>;
};

const HOURS_2 = 7_200_000;
const timeOf = (stamp: string): number =>
  Date.parse(
    `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}T${stamp.slice(8, 10)}:${stamp.slice(10)}Z`,
  );

export const openMesh = async (mailboxes: Record<string, string>, pageSize = 500): Promise<Mesh> => {
  const sharedKey = "TestKey";
  const messages: MeshMessage[] = [];
  const asked: Kind[] = [];
  const spent = new Set<string>();
  const mishaps: { kind: Kind; mishap: Mishap }[] = [];
  let refused = 0;

  const entitled = (header: string | undefined, mailbox: string): boolean => {
    const [, of, nonce, count, stamp, hash] =
      /^NHSMESH ([^:]+):([^:]+):(\d+):(\d{12}):([0-9a-f]{64})$/.exec(header ?? "") ?? [];
    const password = mailboxes[mailbox];
    if (of !== mailbox || password === undefined || stamp === undefined) return false;
    if (Math.abs(timeOf(stamp) - Date.now()) > HOURS_2 || spent.has(`${nonce}:${count}`)) return false;
    const expected = createHmac("sha256", sharedKey)
      .update([of, nonce, count, password, stamp].join(":"))
      .digest("hex");
    if (hash !== expected) return false;
    spent.add(`${nonce}:${count}`);
    return true;
  };

  const inbox = (mailbox: string): MeshMessage[] =>
    messages.filter((one) => one.to === mailbox && one.status === "accepted");
  const newId = (): string => `20260302090000000_${randomBytes(6).toString("hex").toUpperCase()}`;

  const rangeOf = (headers: IncomingHttpHeaders): [number, number] => {
    const [, chunk = "1", of = "1"] = /^(\d+):(\d+)$/.exec(String(headers["mex-chunk-range"] ?? "1:1")) ?? [];
    return [Number(chunk), Number(of)];
  };
  type Reply = { status: number; headers?: Record<string, string>; body?: string | Buffer };
  const json = (status: number, value: object): Reply => ({
    status,
    headers: { "content-type": "application/vnd.mesh.v2+json" },
    body: JSON.stringify(value),
  });
  const fault = (code: string): Reply => json(417, { message_id: "", detail: [{ event: "SEND", code, msg: "no" }] });

  const send = (from: string, headers: IncomingHttpHeaders, body: Buffer): Reply => {
    const to = String(headers["mex-to"] ?? "");
    const workflow = String(headers["mex-workflowid"] ?? "");
    const [chunk, of] = rangeOf(headers);
    if (to === "") return fault("08");
    if (mailboxes[to] === undefined) return fault("12");
    if (workflow === "") return fault("17");
    if (chunk !== 1) return fault("InvalidHeaderChunks");
    const message: MeshMessage = {
      id: newId(),
      from,
      to,
      workflow,
      localId: String(headers["mex-localid"] ?? ""),
      type: "DATA",
      encoding: headers["content-encoding"],
      chunks: [body],
      of,
      status: of > 1 ? "uploading" : "accepted",
      headers,
    };
    messages.push(message);
    return json(202, { message_id: message.id });
  };

  const addChunk = (from: string, id: string, number: number, headers: IncomingHttpHeaders, body: Buffer): Reply => {
    const message = messages.find((one) => one.id === id && one.from === from);
    if (message === undefined) return { status: 404 };
    if (message.status !== "uploading") return { status: 423 };
    const [chunk, of] = rangeOf(headers);
    if (chunk !== number || of !== message.of || headers["content-encoding"] !== message.encoding)
      return fault("InvalidHeaderChunks");
    message.chunks[number - 1] = body;
    if (number === message.of) message.status = "accepted";
    return { status: 202 };
  };

  const track = (from: string, found: MeshMessage[], version: 1 | 2): Reply => {
    const own = found.filter((one) => one.from === from && one.type === "DATA");
    const [one] = own;
    if (one === undefined) return json(404, { internal_id: "x", message: "An internal error occurred." });
    if (own.length > 1) return { status: 300 };
    return version === 2
      ? json(200, { message_id: one.id, local_id: one.localId, status: one.status, status_code: one.code })
      : json(200, { messageId: one.id, dtsId: one.id, fileSize: 1, localId: one.localId, status: title(one.status) });
  };
  const title = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

  const headersOf = (message: MeshMessage, chunk: number): Record<string, string> => ({
    "mex-from": message.from,
    "mex-to": message.to,
    "mex-workflowid": message.workflow,
    "mex-messageid": message.id,
    "mex-localid": message.localId,
    "mex-messagetype": message.type,
    "mex-chunk-range": `${chunk}:${message.of}`,
    "mex-total-chunks": String(message.of),
    "mex-version": "1.0",
    ...(message.type === "REPORT"
      ? { "mex-statuscode": message.code ?? "", "mex-linkedmsgid": message.linked ?? "", "mex-statussuccess": "ERROR" }
      : { "mex-statuscode": "00", "mex-statussuccess": "SUCCESS" }),
    ...(message.encoding === undefined ? {} : { "content-encoding": message.encoding }),
  });
  const download = (mailbox: string, id: string, chunk: number, method: string): Reply => {
    const message = messages.find((one) => one.id === id && one.to === mailbox);
    if (message === undefined) return { status: 404 };
    if (message.status !== "accepted" && message.status !== "acknowledged") return { status: 410 };
    const headers = headersOf(message, chunk);
    if (method === "HEAD" || message.type === "REPORT") return { status: 200, headers };
    const body = message.chunks[chunk - 1];
    return body === undefined ? { status: 404 } : { status: chunk < message.of ? 206 : 200, headers, body };
  };

  const acknowledge = (mailbox: string, id: string): Reply => {
    const message = messages.find((one) => one.id === id && one.to === mailbox);
    if (message === undefined) return { status: 404 };
    if (message.status === "accepted") message.status = "acknowledged";
    return { status: 200 };
  };

  type Route = [
    Kind,
    string,
    RegExp,
    (mailbox: string, at: RegExpExecArray, req: IncomingMessage, body: Buffer) => Reply,
  ];
  const ROUTES: Route[] = [
    [
      "handshake",
      "POST",
      /^$/,
      (_m, _a, { headers }) => ({ status: headers["mex-osname"] && headers["mex-clientversion"] ? 200 : 400 }),
    ],
    ["send", "POST", /^\/outbox$/, (m, _a, { headers }, body) => send(m, headers, body)],
    [
      "chunk",
      "POST",
      /^\/outbox\/(\w+)\/(\d+)$/,
      (m, at, { headers }, body) => addChunk(m, at[1] ?? "", Number(at[2]), headers, body),
    ],
    [
      "track",
      "GET",
      /^\/outbox\/tracking\?messageID=(\w+)$/,
      (m, at) =>
        track(
          m,
          messages.filter((one) => one.id === at[1]),
          2,
        ),
    ],
    [
      "track-local",
      "GET",
      /^\/outbox\/tracking\/([^/]+)$/,
      (m, at) =>
        track(
          m,
          messages.filter((one) => one.localId === at[1]),
          1,
        ),
    ],
    [
      "inbox",
      "GET",
      /^\/inbox$/,
      (m) =>
        json(200, {
          messages: inbox(m)
            .slice(0, pageSize)
            .map((one) => one.id),
          links: { self: "" },
        }),
    ],
    ["head", "HEAD", /^\/inbox\/(\w+)$/, (m, at) => download(m, at[1] ?? "", 1, "HEAD")],
    ["download", "GET", /^\/inbox\/(\w+)(?:\/(\d+))?$/, (m, at) => download(m, at[1] ?? "", Number(at[2] ?? 1), "GET")],
    ["acknowledge", "PUT", /^\/inbox\/(\w+)\/status\/acknowledged$/, (m, at) => acknowledge(m, at[1] ?? "")],
  ];

  const answer = (req: IncomingMessage, res: ServerResponse, body: Buffer): void => {
    const [, mailbox = "", path = ""] = /^\/messageexchange\/([A-Z0-9]+)(.*)$/.exec(req.url ?? "") ?? [];
    if (!entitled(req.headers.authorization, mailbox)) {
      refused += 1;
      return void res.writeHead(403).end();
    }
    for (const [kind, method, pattern, handle] of ROUTES) {
      const at = method === req.method ? pattern.exec(path) : null;
      if (at === null) continue;
      asked.push(kind);
      const planned = mishaps.findIndex((one) => one.kind === kind);
      const mishap = planned < 0 ? undefined : mishaps.splice(planned, 1)[0]?.mishap;
      if (mishap === "cut") return void req.socket.resetAndDestroy();
      if (mishap === "hold") return;
      if (typeof mishap === "number") return void res.writeHead(mishap).end();
      if (typeof mishap === "function") return mishap(res);
      const reply = handle(mailbox, at, req, body);
      if (mishap === "lose") return void req.socket.resetAndDestroy();
      return void res.writeHead(reply.status, reply.headers).end(reply.body);
    }
    res.writeHead(404).end();
  };

  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => answer(req, res, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const put: Mesh["put"] = ({ body, ...given }) => {
    const message: MeshMessage = {
      id: newId(),
      localId: "",
      type: "DATA",
      chunks: [Buffer.from(body)],
      of: 1,
      status: "accepted",
      headers: {},
      ...given,
    };
    message.of = message.chunks.length;
    messages.push(message);
    return message;
  };

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sharedKey,
    messages,
    asked,
    refusedTokens: () => refused,
    next: (kind, ...planned) => void mishaps.push(...planned.map((mishap) => ({ kind, mishap }))),
    put,
    returns: (id, code = "14") => {
      const message = messages.find((one) => one.id === id);
      if (message === undefined) throw new Error("no such message");
      message.status = "error";
      message.code = code;
      const { from: to, to: from, workflow, localId } = message;
      return put({ from, to, workflow, localId, type: "REPORT", code, linked: id, body: "" });
    },
    text: ({ chunks, encoding }) =>
      Buffer.concat(chunks.map((chunk) => (encoding === "gzip" ? gunzipSync(chunk) : chunk))).toString("utf8"),
    inbox,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
