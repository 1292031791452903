// The addresses of the MESH API for our own mailbox. What an answer means is for those who asked.
import { release, type } from "node:os";
import type { Clock, Ids } from "../../src/ports/system.ts";
import type { Outbound } from "../outbound/client.ts";
import type { RawExchange } from "../outbound/exchange.ts";
import { tokenFor } from "./token.ts";

export type Account = {
  /** Root of the server, without a slash at the end. */
  url: string;
  mailbox: string;
  password: string;
  sharedKey: string;
};

export type First = {
  to: string;
  workflow: string;
  localId: string;
  chunks: number;
  encoding?: "gzip";
  bytes: Uint8Array;
};
export type Later = { messageId: string; chunk: number; of: number; encoding?: "gzip"; bytes: Uint8Array };

export type MeshApi = {
  handshake(): Promise<RawExchange>;
  sendFirst(first: First): Promise<RawExchange>;
  sendLater(later: Later): Promise<RawExchange>;
  trackById(messageId: string): Promise<RawExchange>;
  trackByLocalId(localId: string): Promise<RawExchange>;
  inbox(): Promise<RawExchange>;
  head(messageId: string): Promise<RawExchange>;
  chunk(messageId: string, chunk: number): Promise<RawExchange>;
  acknowledge(messageId: string): Promise<RawExchange>;
};

type Method = Parameters<Outbound["request"]>[1]["method"];
type Options = { outbound: Pick<Outbound, "request">; account: Account; clock: Clock; ids: Ids };

export const createMeshApi = ({ outbound, account, clock, ids }: Options): MeshApi => {
  const root = `${account.url}/messageexchange/${account.mailbox}`;
  const ask = (method: Method, path: string, headers: Record<string, string> = {}, body?: Uint8Array) =>
    outbound.request(`${root}${path}`, {
      method,
      headers: {
        accept: "application/vnd.mesh.v2+json",
        authorization: tokenFor(account, ids.uuid(), clock.now()),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  const encoded = (encoding: "gzip" | undefined): Record<string, string> =>
    encoding === undefined ? {} : { "content-encoding": encoding };

  return {
    handshake: () =>
      ask("POST", "", { "mex-clientversion": "Waymark", "mex-osname": type(), "mex-osversion": release() }),
    sendFirst: ({ to, workflow, localId, chunks, encoding, bytes }) =>
      ask(
        "POST",
        "/outbox",
        {
          "content-type": chunks > 1 ? "application/octet-stream" : "application/json",
          "mex-from": account.mailbox,
          "mex-to": to,
          "mex-workflowid": workflow,
          "mex-localid": localId,
          "mex-filename": `${localId}.json`,
          "mex-chunk-range": `1:${chunks}`,
          ...encoded(encoding),
        },
        bytes,
      ),
    sendLater: ({ messageId, chunk, of, encoding, bytes }) =>
      ask(
        "POST",
        `/outbox/${messageId}/${chunk}`,
        { "content-type": "application/octet-stream", "mex-chunk-range": `${chunk}:${of}`, ...encoded(encoding) },
        bytes,
      ),
    trackById: (messageId) => ask("GET", `/outbox/tracking?messageID=${messageId}`),
    trackByLocalId: (localId) => ask("GET", `/outbox/tracking/${localId}`),
    inbox: () => ask("GET", "/inbox"),
    head: (messageId) => ask("HEAD", `/inbox/${messageId}`),
    chunk: (messageId, chunk) =>
      ask("GET", `/inbox/${messageId}${chunk === 1 ? "" : `/${chunk}`}`, { "accept-encoding": "gzip" }),
    acknowledge: (messageId) => ask("PUT", `/inbox/${messageId}/status/acknowledged`),
  };
};
