// A request from this process to itself: the whole of HTTP, without a port. For what is carried through as from outside.
import { createServer, request, type IncomingMessage, type RequestListener } from "node:http";
import { duplexPair } from "node:stream";

type Asked = { method: string; path: string; headers?: Record<string, string>; body?: string };
type Answered = { status: number; body: string };

export type Inward = (asked: Asked) => Promise<Answered>;

const ours = new WeakSet<object>();

/** Whether a request came this way. No caller from outside can make it so. */
export const cameInward = (req: Pick<IncomingMessage, "socket">): boolean => ours.has(req.socket);

const TIMEOUT_MS = 10_000;

export const createInward = (listener: RequestListener): Inward => {
  const server = createServer(listener);
  return ({ method, path, headers, body = "" }) =>
    new Promise((resolve, reject) => {
      const [near, far] = duplexPair();
      ours.add(far);
      server.emit("connection", far);
      const length = String(Buffer.byteLength(body));
      const asked = request({
        createConnection: () => near,
        host: "waymark.invalid",
        method,
        path,
        headers: { ...headers, "content-length": length, connection: "close" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      asked.on("error", reject);
      asked.on("response", (reply) => {
        const chunks: Buffer[] = [];
        reply.on("data", (chunk: Buffer) => chunks.push(chunk));
        reply.on("error", reject);
        reply.on("end", () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }));
      });
      asked.end(body);
    });
};
