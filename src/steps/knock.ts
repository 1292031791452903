// Nobody opened the link in time: the letter goes again with a new one, or, after several, a person rings up.
import { afterSilence } from "../core/link.ts";
import { passedOver } from "../core/settle.ts";
import type { Settlement, Work } from "../../schemas/work.ts";
import type { Agenda, Bell } from "../ports/agenda.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Links } from "../ports/links.ts";
import type { Letters } from "../ports/outward.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock } from "../ports/system.ts";

type Ports = { ledger: Ledger; agenda: Agenda; links: Links; letters: Letters; clock: Clock; bell: Bell };

export const createKnock =
  (ports: Ports): Steps["knock"] =>
  async (work) => {
    const settlement = await ends(ports, work);
    const held = await ports.agenda.settle(work, settlement);
    return held ? settlement.kind : "nothing";
  };

const ends = async (ports: Ports, work: Work): Promise<Settlement> => {
  const { ledger, agenda, links, letters, clock, bell } = ports;
  const journey = await ledger.open(work.referral);
  for (const offer of journey?.offers.filter(({ status }) => status === "sent") ?? []) {
    const all = await links.ofOffer(offer.id);
    const next = afterSilence(all, work.subject);
    if (next === undefined) continue;
    if (next === "person") return { kind: "dead", cause: "link-not-opened" };
    if ((await letters.fate(work.subject, "email")) === "undeliverable")
      return { kind: "dead", cause: "no-such-mailbox" };
    const destination = `provider:${offer.provider}`;
    // Under the link's own id: should we die before we settle, it is planned once all the same.
    await agenda.ensure({
      id: work.subject,
      kind: "deliver",
      subject: offer.id,
      referral: offer.referral,
      destination,
      due: clock.now(),
    });
    bell.nudge();
  }
  return passedOver("skipped", "link-seen-to");
};
