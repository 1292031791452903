// Tells a provider what became of its answer, as `/provider/v1` would have: how the offer stands now, or every fault of the document.
import { problem } from "../../schemas/problem.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Clients } from "../../src/ports/clients.ts";
import type { MailBook, Reply } from "../../src/ports/mailbox.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Views } from "../../src/ports/views.ts";
import type { Log } from "../log.ts";
import { readAnswer } from "./answer.ts";
import { replyKey } from "./local-id.ts";
import type { Mailer } from "./mailer.ts";

export type Replier = (reply: Reply) => Promise<void>;

type Options = {
  mailer: Mailer;
  book: MailBook;
  clients: Pick<Clients, "byId">;
  offer: Views["offer"];
  clock: Clock;
  log: Pick<Log, "info" | "warn">;
  workflow: string;
};

/** Longer than any message waits in an inbox: then nobody waits for ours. */
const GIVEN_UP_MS = 7 * 86_400_000;

export const createReplier = ({ mailer, book, clients, offer, clock, log, workflow }: Options): Replier => {
  const bodyOf = async (reply: Reply): Promise<string> => {
    const { messageId, outcome, offer: id, client: as } = reply;
    const client = as === undefined ? undefined : await clients.byId(as);
    const isOurs = id !== undefined && client !== undefined && client.revokedAt === undefined;
    const view = isOurs ? await offer(client, id) : undefined;
    const reasons = reasonsOf(reply);
    return JSON.stringify({
      type: "offer.answered",
      inReplyTo: messageId,
      outcome,
      ...(view === undefined ? {} : { offer: view }),
      ...(reasons.length === 0 ? {} : { problem: problem(reasons) }),
    });
  };

  return async (reply) => {
    const { messageId, from: to, receivedAt } = reply;
    if (clock.now().getTime() - receivedAt.getTime() > GIVEN_UP_MS) return book.replied(messageId, "exhausted");
    const sent = await mailer.send({ key: replyKey(messageId), to, workflow, body: await bodyOf(reply) });
    if (sent.kind === "accepted") return book.replied(messageId);
    log.warn({ mesh: messageId, outcome: sent.kind, cause: sent.cause }, "mesh reply");
    if (sent.kind !== "unavailable") await book.replied(messageId, sent.cause);
  };
};

/** Every fault with its path, read once more from what was sent. */
const reasonsOf = ({ reasons = [], body }: Reply): Reason[] => {
  const said = body === undefined ? undefined : readAnswer(body);
  return said?.ok === false ? said.reasons : reasons;
};
