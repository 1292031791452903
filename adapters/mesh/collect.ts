// Our MESH mailbox as a door: rung by a row of work instead of a caller. What is in it is stored, then acknowledged, then
// looked into, then answered; whatever is cut off in between is taken up by the next round.
import type { Agenda } from "../../src/ports/agenda.ts";
import type { MailBook } from "../../src/ports/mailbox.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Log } from "../log.ts";
import { readJson } from "../http/json.ts";
import { Inbox, MeshId } from "../../schemas/foreign/mesh.ts";
import type { MeshApi } from "./api.ts";
import { download } from "./download.ts";
import type { Opener } from "./open.ts";
import type { Replier } from "./reply.ts";

type Options = {
  api: MeshApi;
  book: MailBook;
  agenda: Pick<Agenda, "settle">;
  open: Opener;
  reply: Replier;
  clock: Clock;
  log: Pick<Log, "warn" | "error">;
  /** MESH asks for at most one look in five minutes, and at least one a day. */
  pollSeconds: number;
};

/** A round is one job: it ends in time for others to have their turn. */
const ROUND_SECONDS = 45;
const AT_ONCE = 100;
/** MESH lists no more than this at a time: a full list has more behind it. */
const FULL_LIST = 500;
const DAY_SECONDS = 86_400;
/** MESH itself deletes after 30 days. */
const KEPT_DAYS = 30;
const FORGOTTEN_DAYS = 90;

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

export const createCollect = (options: Options): Steps["collect"] => {
  const { api, book, agenda, open, reply, clock, log, pollSeconds } = options;
  let greetedAt: Date | undefined;
  /** Those that could not be had go last, so that one bad message holds up none. */
  const failed = new Map<string, number>();

  const greet = async (now: Date): Promise<void> => {
    if (greetedAt !== undefined && now < later(greetedAt, DAY_SECONDS)) return;
    const said = await api.handshake();
    if (said.kind === "answer" && said.status === 200) greetedAt = now;
    else log.warn({ cause: said.kind === "failed" ? said.cause : `answered-${said.status}` }, "mesh handshake");
  };

  const list = async (): Promise<string[] | string> => {
    const reply = await api.inbox();
    if (reply.kind === "failed") return reply.cause;
    if (reply.status !== 200) return `answered-${reply.status}`;
    const json = readJson(reply.bytes);
    const inbox = json.ok ? Inbox.safeParse(json.value).data : undefined;
    return inbox?.messages.filter((id) => MeshId.safeParse(id).success) ?? "answer-unreadable";
  };

  /** Stored first, then acknowledged. Where MESH does not hear of it the message is listed again, and known. */
  const take = async (messageId: string, isKnown: boolean, until: Date): Promise<void> => {
    if (!isKnown) {
      const got = await download(api, clock, messageId, until);
      if (got.kind === "gone") return;
      if (got.kind === "away") {
        failed.set(messageId, (failed.get(messageId) ?? 0) + 1);
        return log.warn({ mesh: messageId, cause: got.cause }, "mesh message not taken");
      }
      await book.keep(got.parcel);
    }
    failed.delete(messageId);
    const said = await api.acknowledge(messageId);
    if (said.kind === "failed" || said.status >= 300)
      log.warn(
        { mesh: messageId, cause: said.kind === "failed" ? said.cause : `answered-${said.status}` },
        "mesh not told",
      );
  };

  /** Empties the inbox as far as time allows. True when there may be more. */
  const empty = async (until: Date): Promise<boolean> => {
    const listed = await list();
    if (typeof listed === "string") {
      log.warn({ cause: listed }, "mesh inbox not read");
      return false;
    }
    for (const id of failed.keys()) if (!listed.includes(id)) failed.delete(id);
    const known = await book.known(listed);
    const waiting = listed.toSorted((one, other) => (failed.get(one) ?? 0) - (failed.get(other) ?? 0));
    for (const id of waiting) {
      if (clock.now() > until) return true;
      await take(id, known.has(id), until);
    }
    return listed.length >= FULL_LIST && failed.size === 0;
  };

  return async (work) => {
    const begun = clock.now();
    const until = later(begun, ROUND_SECONDS);
    await greet(begun);
    const more = await empty(until);
    // One that breaks us stays for the next round; those behind it do not wait for it.
    for (const parcel of await book.unopened(AT_ONCE))
      await open(parcel).catch((error: unknown) => log.error({ err: error, mesh: parcel.messageId }, "mesh"));
    for (const due of await book.replies(AT_ONCE)) if (clock.now() < until) await reply(due);
    await book.prune(later(begun, -KEPT_DAYS * DAY_SECONDS), later(begun, -FORGOTTEN_DAYS * DAY_SECONDS));
    const due = more ? clock.now() : later(begun, pollSeconds);
    const held = await agenda.settle(work, { kind: "again", due, attempted: false, cause: "mesh-poll" });
    return held ? "again" : "nothing";
  };
};
