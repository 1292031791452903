// The receivers of a run: every provider and referrer has a path of its own on one real HTTP server, and all that comes is noted.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { signatureHolds } from "../world/referrer.ts";
import type { Identity } from "../world/system.ts";
import type { Ledger } from "./ledger.ts";

export type Offer = { provider: string; offer: string; reference: string; body: string; first: boolean };

export type Receivers = {
  port: number;
  /** Whose signature is checked at which path: filled once the clients are registered. */
  identities: Map<string, Identity>;
  /** Secrets beside the first, while one is being replaced. */
  secrets: Map<string, string[]>;
  /** What providers do with an offer, after it was noted; 202 unless a fault says otherwise. */
  onOffer: (offer: Offer, req: IncomingMessage, res: ServerResponse) => void | Promise<void>;
  /** Told of every offer that was noted, beside whatever it is answered. */
  onNoted: (offer: Offer) => void;
  /** Before anything is noted; true when it has answered in its own way. */
  before: (path: string, req: IncomingMessage, res: ServerResponse) => boolean;
  close(): Promise<void>;
};

export const takes = (_offer: Offer, _req: IncomingMessage, res: ServerResponse): void => void res.writeHead(202).end();

const flat = (req: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));

/** BaRS takes a 2xx for an answer only when both ids come back. */
const echo = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    ["x-request-id", "x-correlation-id"].flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

export const openReceivers = async (ledger: Ledger, host: string): Promise<Receivers> => {
  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const [, kind = "", who = ""] = (req.url ?? "").split("/");
    if (receivers.before(who, req, res)) return;
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const headers = flat(req);
    const live = [receivers.identities.get(who)?.webhookSecret ?? "", ...(receivers.secrets.get(who) ?? [])];
    const reference = /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(body)?.[0];
    const id = headers["webhook-id"] ?? "";
    const holds = live.some((secret) => secret !== "" && signatureHolds(secret, body, headers));
    if (!holds || reference === undefined) {
      ledger.wrong(`${kind} at ${who} whose signature does not hold`);
      return void res.writeHead(401).end();
    }
    if (kind === "news") {
      ledger.told(reference, who, id);
      return void res.writeHead(200, { ...echo(headers), "content-type": "application/json" }).end("{}");
    }
    const first = ledger.asked(reference, who, id);
    const offer = { provider: who, offer: id, reference, body, first };
    res.once("finish", () => res.statusCode < 300 && ledger.took(reference, id));
    receivers.onNoted(offer);
    await receivers.onOffer(offer, req, res);
  };
  const server = createServer((req, res) => {
    // Whoever dies in the middle of a request leaves half of one behind: that is part of the fault.
    req.on("error", () => undefined);
    res.on("error", () => undefined);
    handle(req, res).catch(() => res.destroy());
  });
  server.listen(0, host);
  await once(server, "listening");
  const receivers: Receivers = {
    port: (server.address() as AddressInfo).port,
    identities: new Map(),
    secrets: new Map(),
    onOffer: takes,
    onNoted: () => undefined,
    before: () => false,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return receivers;
};
