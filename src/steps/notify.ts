// Tells the referrer one piece of news, at the address registered for it and nowhere else.
import { settle } from "../core/settle.ts";
import type { Work } from "../../schemas/work.ts";
import type { Agenda, Breakers, Clients, Clock, Ids, Ledger, Messenger, Settlement, Steps, Worked } from "../ports.ts";

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
    if (callback === undefined || callback.state === "delivered") return finish(ports, work, { kind: "done" });
    const client = await ports.clients.byId(callback.client);
    // Without an address the news is kept: the referrer reads it, or an operator replays it.
    if (client?.callbackUrl === undefined || client.revokedAt !== undefined)
      return finish(ports, work, { kind: "done", callback: "kept" });

    const admission = await ports.breakers.admit(work.destination);
    if (admission.kind === "open")
      return finish(ports, work, { kind: "again", due: admission.until, attempted: false, cause: "breaker-open" });
    const outcome = await ports.messenger.send(callback, client);
    const reachable = outcome.kind === "accepted" || outcome.kind === "refused";
    await ports.breakers.report(work.destination, admission, reachable);
    if (outcome.kind === "accepted") return finish(ports, work, { kind: "done", callback: "delivered" });
    if (outcome.kind === "refused" && outcome.gone === true) {
      await ports.clients.silence(client.id);
      return finish(ports, work, { kind: "done", callback: "kept" });
    }
    const facts = { attempt: work.attempt + 1, now: ports.clock.now(), chance: ports.ids.chance(), idempotent: true };
    return finish(ports, work, settle(outcome, facts));
  };

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  (await agenda.settle(work, settlement)) ? settlement.kind : "nothing";
