// Reaches a provider by its MESH mailbox: the same message as by webhook, under the offer's id.
import { offerMade, offerTold } from "../../src/core/made.ts";
import { wordSaid } from "../../src/core/word.ts";
import type { Transport } from "../../src/ports/outward.ts";
import type { Mailer } from "./mailer.ts";

type Options = {
  mailer: Mailer;
  /** As MESH has it registered for both mailboxes. */
  workflow: string;
  /** Root of our own links, without a slash at the end. */
  publicUrl: string;
};

export const createMeshTransport = ({ mailer, workflow, publicUrl }: Options): Transport => ({
  name: "mesh",
  // MESH delivers whatever it is sent, twice if need be: the mailer looks before it sends again.
  idempotent: false,
  async send(message, to) {
    if (to.reach?.by !== "mesh") return { kind: "refused", cause: "no-address" };
    const body = JSON.stringify(offerMade(message, publicUrl));
    return mailer.send({ key: message.offer.id, to: to.reach.mailbox, workflow, body });
  },
  // Nobody behind a mailbox follows a link: what changed goes along.
  async tell(notice, to) {
    if (to.reach?.by !== "mesh") return { kind: "refused", cause: "no-address" };
    const detail = notice.kind === "changed" ? { detail: notice.detail } : {};
    const body = JSON.stringify({ ...offerTold(notice, publicUrl), ...detail });
    return mailer.send({ key: notice.id, to: to.reach.mailbox, workflow, body });
  },
  async say({ id, offer, reference, word }, to) {
    if (to.reach?.by !== "mesh") return { kind: "refused", cause: "no-address" };
    const body = JSON.stringify(wordSaid(offer, reference, word, publicUrl));
    return mailer.send({ key: id, to: to.reach.mailbox, workflow, body });
  },
  // Where it is not sure, `send` looks it up before it sends.
  arrived: async ({ offer }, { reach }) =>
    reach?.by === "mesh" ? mailer.has({ key: offer.id, to: reach.mailbox }) : undefined,
  // MESH knows what arrived, and nothing of what became of it.
  async stands(offer, to) {
    if (to.reach?.by !== "mesh") return { kind: "away", outcome: { kind: "refused", cause: "no-address" } };
    const { found, outcome } = await mailer.look(offer.id);
    if (found.kind === "away") return { kind: "away", outcome };
    if (found.kind === "there") return { kind: "there", answers: [] };
    return { kind: found.kind === "unclear" ? "unclear" : "absent" };
  },
});
