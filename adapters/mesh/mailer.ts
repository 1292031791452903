// Sends one message by MESH, once. MESH itself takes a second copy for a second message, so every send is written down before
// it begins, and one whose answer was lost is looked up before anything is sent again.
import type { Cause } from "../../schemas/cause.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";
import { MeshFault, Sent } from "../../schemas/foreign/mesh.ts";
import type { Dispatch, MailBook } from "../../src/ports/mailbox.ts";
import type { Clock } from "../../src/ports/system.ts";
import { readJson } from "../http/json.ts";
import { type RawExchange, textOf } from "../outbound/exchange.ts";
import { outcomeOf } from "../outbound/outcome.ts";
import type { MeshApi } from "./api.ts";
import { cut, type Parcelled } from "./chunks.ts";
import { localIdOf } from "./local-id.ts";
import { type Found, lookUp } from "./look-up.ts";

export type Mail = {
  /** Ours, and the same for every attempt. Its recipient sees it as the local id, so nothing personal stands in it. */
  key: string;
  to: string;
  workflow: string;
  body: string;
};
export type Mailer = {
  send(mail: Mail): Promise<AttemptOutcome>;
  /**
   * Of a send that was cut off: whether MESH is known to have it. What nothing is written of may have been sent by a copy of
   * this store that is gone: from now on it counts as begun, and is looked up before it is sent.
   */
  has(mail: Pick<Mail, "key" | "to">): Promise<boolean>;
  /** What MESH says of it. Reads, here and there, and writes nothing. */
  look(key: string): Promise<{ found: Found; outcome: AttemptOutcome }>;
};

type Options = { api: MeshApi; book: MailBook; clock: Clock; chunkBytes: number };

/** MESH may still be at work on a request whose answer we lost; before this, "not there" says nothing. */
const LOOK_AGAIN_SECONDS = 120;

const ACCEPTED: AttemptOutcome = { kind: "accepted", status: 202 };

export const createMailer = ({ api, book, clock, chunkBytes }: Options): Mailer => {
  const outcome = (reply: RawExchange): AttemptOutcome =>
    outcomeOf(textOf(reply), { now: clock.now(), idempotent: true, taken: () => false });

  const strike = async ({ key, to }: Mail, round: number): Promise<void> =>
    round === 1 ? book.strike(key) : book.note({ key, to, round: round - 1, state: "returned" });

  /** A first request that was not taken. Only where MESH said so itself is it sure that it has nothing. */
  const notTaken = async (mail: Mail, round: number, reply: RawExchange): Promise<AttemptOutcome> => {
    const said = outcome(reply);
    const never = reply.kind === "failed" ? !reply.sent || reply.cause === "redirected" : reply.status < 500;
    const strange = reply.kind === "answer" && reply.status < 300;
    if (never && !strange) await strike(mail, round);
    if (reply.kind === "answer" && reply.status === 417) return { kind: "refused", cause: faultOf(reply), status: 417 };
    return never || said.kind !== "unavailable" ? said : { retryAfterSeconds: LOOK_AGAIN_SECONDS, ...said };
  };

  const rest = async (messageId: string, { encoding, chunks }: Parcelled): Promise<AttemptOutcome> => {
    for (const [at, bytes] of chunks.entries()) {
      if (at === 0) continue;
      const reply = await api.sendLater({ messageId, chunk: at + 1, of: chunks.length, encoding, bytes });
      if (reply.kind === "failed" || reply.status >= 300) return outcome(reply);
    }
    return ACCEPTED;
  };

  const post = async (mail: Mail, round: number): Promise<AttemptOutcome> => {
    const { key, to, workflow } = mail;
    const parcelled = cut(Buffer.from(mail.body, "utf8"), chunkBytes);
    const { chunks, encoding } = parcelled;
    await book.note({ key, to, round, state: "begun" });
    const localId = localIdOf({ key, round });
    const reply = await api.sendFirst({ to, workflow, localId, encoding, chunks: chunks.length, bytes: chunks[0] });
    const messageId = receiptOf(reply);
    if (messageId === undefined) return notTaken(mail, round, reply);
    if (chunks.length > 1) await book.note({ key, to, round, messageId, state: "uploading" });
    const end = await rest(messageId, parcelled);
    if (end.kind === "accepted") await book.note({ key, to, round, messageId, state: "sent" });
    return end;
  };

  const track = (known: Pick<Dispatch, "key" | "round" | "messageId">): Promise<RawExchange> =>
    known.messageId === undefined ? api.trackByLocalId(localIdOf(known)) : api.trackById(known.messageId);

  const resolve = async (mail: Mail, known: Dispatch): Promise<AttemptOutcome> => {
    const { key, to, round } = known;
    const reply = await track(known);
    const found = lookUp(reply);
    switch (found.kind) {
      case "there":
        await book.note({ key, to, round, messageId: found.messageId ?? known.messageId, state: "sent" });
        return ACCEPTED;
      case "returned":
        await book.note({ key, to, round, messageId: known.messageId, state: "returned", code: found.code });
        return { kind: "refused", cause: `mesh-${found.code}` };
      case "unfinished":
        // What has not wholly arrived is never delivered.
        return post(mail, round + 1);
      case "absent":
        if (known.messageId !== undefined) return { kind: "unknown", cause: "mesh-lost-track" };
        if (clock.now().getTime() - known.changedAt.getTime() < LOOK_AGAIN_SECONDS * 1_000)
          return { kind: "unavailable", cause: "mesh-not-there-yet", retryAfterSeconds: LOOK_AGAIN_SECONDS };
        return post(mail, round);
      case "unclear":
        return { kind: "unknown", cause: found.cause };
      case "away":
        return outcome(reply);
    }
  };

  return {
    has: async ({ key, to }) => {
      const known = await book.dispatch(key);
      if (known === undefined) await book.note({ key, to, round: 1, state: "begun" });
      return known?.state === "sent";
    },
    look: async (key) => {
      const reply = await track((await book.dispatch(key)) ?? { key, round: 1 });
      const found = lookUp(reply);
      return { found, outcome: found.kind === "away" ? outcome(reply) : { kind: "accepted", status: 200 } };
    },
    send: async (mail) => {
      const known = await book.dispatch(mail.key);
      if (known === undefined) return post(mail, 1);
      if (known.state === "sent") return ACCEPTED;
      return known.state === "returned" ? post(mail, known.round + 1) : resolve(mail, known);
    },
  };
};

const receiptOf = (reply: RawExchange): string | undefined => {
  if (reply.kind === "failed" || reply.status < 200 || reply.status >= 300) return undefined;
  const json = readJson(reply.bytes);
  return json.ok ? Sent.safeParse(json.value).data?.message_id : undefined;
};

/** `mesh-12`: unregistered address, and so on (MESH API, "Error codes"). */
const faultOf = (reply: Extract<RawExchange, { kind: "answer" }>): Cause => {
  const json = readJson(reply.bytes);
  const fault = json.ok ? MeshFault.safeParse(json.value).data : undefined;
  const code = fault?.detail?.[0]?.code ?? fault?.errorCode ?? "";
  return /^[A-Za-z0-9-]{1,20}$/.test(code) ? `mesh-${code}` : "mesh-refused";
};
