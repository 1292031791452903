// Tells the referrer one piece of news, at the address registered for it and nowhere else.
import { account, attemptOf, heldBack, passedOver, settleNews } from "../core/settle.ts";
import type { Client } from "../../schemas/client.ts";
import type { Settlement, Work } from "../../schemas/work.ts";
import type { Agenda } from "../ports/agenda.ts";
import type { Breakers } from "../ports/breakers.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Messenger } from "../ports/outward.ts";
import type { Steps, Worked } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  messenger: Messenger;
  breakers: Breakers;
  clock: Clock;
  ids: Ids;
};

export const createNotify =
  (ports: Ports): Steps["notify"] =>
  async (work) => {
    const callback = await ports.ledger.callback(work.subject);
    if (callback === undefined) return finish(ports, work, passedOver("skipped", "erased"));
    if (callback.state === "delivered") return finish(ports, work, passedOver("skipped", "told-before"));
    const client = await ports.clients.byId(callback.client);
    // What cannot be told now is kept: the referrer reads it, or an operator sends it again.
    if (client === undefined) return finish(ports, work, { ...passedOver("unmatched", "no-client"), callback: "kept" });
    const off = switchedOff(client);
    if (off !== undefined) return finish(ports, work, { ...passedOver("disabled", off), callback: "kept" });

    const outcome = await ports.breakers.through(work.destination, () => ports.messenger.send(callback, client));
    if (outcome === undefined) return "nothing";
    const now = ports.clock.now();
    if (outcome.kind === "open") return finish(ports, work, heldBack(outcome.until, { now, firstDue: work.firstDue }));
    const facts = {
      ...attemptOf(work, now, ports.ids.chance()),
      idempotent: true,
      receiver: client.id,
      way: client.callbackForm ?? client.kind,
    };
    return finish(ports, work, settleNews(outcome, facts));
  };

const switchedOff = (client: Client): "revoked" | "silenced" | "no-address" | undefined => {
  if (client.revokedAt !== undefined) return "revoked";
  if (client.silencedAt !== undefined) return "silenced";
  return client.callbackUrl === undefined ? "no-address" : undefined;
};

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  account(settlement, await agenda.settle(work, settlement));
