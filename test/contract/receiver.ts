// A system of someone else's: a real HTTP server on loopback that records what comes and behaves as a test tells it to.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string };
export type Behaviour = (req: IncomingMessage, res: ServerResponse) => void;

export const answers =
  (status: number, headers: Record<string, string> = {}, body = ""): Behaviour =>
  (_req, res) =>
    void res.writeHead(status, headers).end(body);

export type Receiver = {
  url: string;
  port: number;
  received: Received[];
  connections: () => number;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
};

export const startReceiver = async (): Promise<Receiver> => {
  let behaviour: Behaviour = answers(204);
  let connections = 0;
  const received: Received[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("error", () => undefined);
    req.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      received.push({ method: req.method ?? "", path: req.url ?? "", headers: req.headers, body });
      behaviour(req, res);
    });
  });
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    connections: () => connections,
    behave: (next) => (behaviour = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
