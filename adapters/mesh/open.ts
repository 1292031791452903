// Looks into one message that came: a provider's answer to an offer, or a report that one of ours came back.
import type { Client } from "../../schemas/client.ts";
import { reason } from "../../schemas/reason.ts";
import type { Clients } from "../../src/ports/clients.ts";
import type { MailBook, Parcel, ParcelEnd } from "../../src/ports/mailbox.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Log } from "../log.ts";
import { readAnswer } from "./answer.ts";
import { keyOf, replyKey } from "./local-id.ts";
import { codeOf } from "./look-up.ts";

export type Opener = (parcel: Parcel) => Promise<void>;

type Options = {
  book: MailBook;
  clients: Pick<Clients, "list">;
  answer: Steps["answer"];
  /** Workflow under which answers come. */
  workflow: string;
  log: Pick<Log, "info">;
};

export const createOpener = ({ book, clients, answer, workflow, log }: Options): Opener => {
  /** A report is about one of ours: an offer becomes a person's task, a reply is only marked. */
  const report = async (parcel: Parcel): Promise<ParcelEnd> => {
    const key = keyOf(parcel.localId ?? "");
    const sent = await book.dispatch(key);
    if (sent === undefined || sent.state === "returned") return { outcome: "nothing-known" };
    // It may speak of an older round, which is settled.
    if (sent.messageId !== undefined && sent.messageId !== parcel.linked) return { outcome: "nothing-known" };
    const code = codeOf(parcel.code);
    const { round, to, messageId } = sent;
    await book.note({ key, round, to, messageId, state: "returned", code });
    if (key.startsWith(replyKey(""))) return { outcome: "reply-returned" };
    return (await book.returned(key, `mesh-${code}`))
      ? { outcome: "returned", offer: key }
      : { outcome: "nothing-known" };
  };

  const data = async (parcel: Parcel): Promise<ParcelEnd> => {
    if (parcel.workflow !== workflow) return { outcome: "other-workflow" };
    const senders = (await clients.list()).filter((client) => isSender(client, parcel.from));
    const [sender] = senders;
    // Nobody here has this mailbox: it is kept, and told nothing.
    if (sender === undefined) return { outcome: "stranger" };
    if (parcel.fault !== undefined || parcel.body === undefined)
      return { outcome: "refused", client: sender.id, reasons: [reason(parcel.fault ?? "not-json")] };
    const said = readAnswer(parcel.body);
    if (!said.ok) return { outcome: "refused", client: sender.id, offer: said.offer, reasons: said.reasons };
    // One mailbox may serve several registrations, such as a test client and a real one: the offer is one of theirs, or nobody's.
    for (const client of senders) {
      const result = await answer(client, said.offer, said.answer);
      if (result.outcome === "not-found") continue;
      const end = { offer: said.offer, client: client.id };
      return result.outcome === "refused"
        ? { ...end, outcome: "refused", reasons: result.reasons }
        : { ...end, outcome: result.outcome };
    }
    return { outcome: "not-found", client: sender.id, reasons: [reason("not-found", "offer")] };
  };

  return async (parcel) => {
    const end = await (parcel.kind === "report" ? report(parcel) : data(parcel));
    await book.settle(parcel.messageId, end, end.client !== undefined);
    const reasons = end.reasons?.map(({ code }) => code);
    const { outcome, offer, client } = end;
    log.info({ mesh: parcel.messageId, kind: parcel.kind, outcome, offer, client, reasons }, "mesh");
  };
};

const isSender = ({ kind, reach, revokedAt, scopes }: Client, mailbox: string): boolean =>
  kind === "provider" &&
  revokedAt === undefined &&
  scopes.includes("offer.answer") &&
  reach?.by === "mesh" &&
  reach.mailbox === mailbox;
