// Our MESH mailbox, where one is set up: how offers leave by it, and the door by which answers come back.
import { createMeshApi } from "../adapters/mesh/api.ts";
import { createCollect } from "../adapters/mesh/collect.ts";
import { MAX_PARCEL } from "../adapters/mesh/download.ts";
import { createMailer } from "../adapters/mesh/mailer.ts";
import { createOpener } from "../adapters/mesh/open.ts";
import { createReplier } from "../adapters/mesh/reply.ts";
import { createMeshTransport } from "../adapters/mesh/transport.ts";
import type { Log } from "../adapters/log.ts";
import type { Outbound } from "../adapters/outbound/client.ts";
import type { Config } from "../schemas/config.ts";
import type { Agenda } from "./ports/agenda.ts";
import type { Clients } from "./ports/clients.ts";
import type { MailBook } from "./ports/mailbox.ts";
import type { Transport } from "./ports/outward.ts";
import type { Steps } from "./ports/steps.ts";
import type { Clock, Ids } from "./ports/system.ts";
import type { Views } from "./ports/views.ts";

type Parts = {
  book: MailBook;
  agenda: Agenda;
  clients: Clients;
  clock: Clock;
  ids: Ids;
  log: Log;
  publicUrl: string;
  /** The guarded way out, with our certificate for MESH. */
  outbound(options: { maxAnswer: number; tls: { cert?: string; key?: string; ca?: string } }): Outbound;
};

type Wanted = { answer: Steps["answer"]; offer: Views["offer"] };

export type Mailbox = {
  transport: Transport;
  collect(wanted: Wanted): Steps["collect"];
  /** Puts the row of work there that is rung for every look into the inbox. */
  schedule(): Promise<void>;
  close(): Promise<void>;
};

/** One row for all time: a broker has one mailbox (RFC 9562, section 5.8; the letters are `mesh`). */
const ROUND = "00000000-0000-8000-8000-6d6573680000";
const NOBODY = "00000000-0000-0000-0000-000000000000";
/** By convention what answers a message has its workflow with this behind it. */
const ACK = "_ACK";

export const openMailbox = (config: Config, parts: Parts): Mailbox | undefined => {
  const { MESH_URL: url, MESH_MAILBOX: mailbox, MESH_PASSWORD: password, MESH_SHARED_KEY: sharedKey } = config;
  if (url === undefined || mailbox === undefined || password === undefined || sharedKey === undefined) return undefined;
  const { book, agenda, clients, clock, ids, log, publicUrl } = parts;
  const tls = { cert: config.MESH_CLIENT_CERT, key: config.MESH_CLIENT_KEY, ca: config.MESH_CA };
  const outbound = parts.outbound({ maxAnswer: MAX_PARCEL, tls });
  const api = createMeshApi({ outbound, account: { url, mailbox, password, sharedKey }, clock, ids });
  const mailer = createMailer({ api, book, clock, chunkBytes: config.MESH_CHUNK_BYTES });
  const { MESH_WORKFLOW_OFFER: offers, MESH_WORKFLOW_ANSWER: answers } = config;
  return {
    transport: createMeshTransport({ mailer, workflow: offers, publicUrl }),
    collect: ({ answer, offer }) => {
      const open = createOpener({ book, clients, answer, workflow: answers, log });
      const reply = createReplier({ mailer, book, clients, offer, clock, log, workflow: `${answers}${ACK}` });
      return createCollect({ api, book, agenda, open, reply, clock, log, pollSeconds: config.MESH_POLL_SECONDS });
    },
    schedule: () =>
      agenda.ensure({
        id: ROUND,
        kind: "collect",
        subject: ROUND,
        referral: NOBODY,
        destination: "mesh:inbox",
        due: clock.now(),
      }),
    close: () => outbound.close(),
  };
};

/** A row that is left from a time when there was a mailbox. */
export const noMailbox =
  (agenda: Pick<Agenda, "settle">): Steps["collect"] =>
  async (work) =>
    (await agenda.settle(work, { kind: "done" })) ? "done" : "nothing";
