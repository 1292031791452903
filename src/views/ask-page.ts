// What a person who has shown who they are is asked: who refers, who would hear what, and for which help.
import { askStanding, consentsFrom } from "../core/asking.ts";
import { organisationIn } from "../core/directory.ts";
import { fieldsOpenTo } from "../core/withhold.ts";
import type { ConsentAsk } from "../../schemas/asking.ts";
import type { Content } from "../../schemas/referral.ts";
import type { AskDesk, AskShown, ConsentRequests } from "../ports/asking.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Clock, Digest } from "../ports/system.ts";

type Ports = {
  ledger: Pick<Ledger, "open" | "amendment">;
  requests: ConsentRequests;
  rulebook: Rulebook;
  clock: Clock;
  digest: Digest;
};

export const createAskPage =
  (ports: Ports): AskDesk["page"] =>
  async (session) => {
    const { ledger, requests, clock, digest } = ports;
    const now = clock.now();
    const request = await requests.visit(digest("ask-visit", session), now);
    const journey = request && (await ledger.open(request.referral));
    if (request === undefined || journey?.content === undefined) return undefined;
    const { content, reference } = journey;
    const answered = (await ledger.amendment(request.referral, digest("key", request.id))) !== undefined;
    return {
      request,
      standing: askStanding(request, journey, answered, now),
      reference,
      need: content.need,
      referrer: content.referrer.name,
      asks: request.asks.map((one) => shown(ports, one, content, now)),
      form: digest("form", session),
    };
  };

/** As the pack in force says it: the fields are those that a yes would open. */
const shown = ({ rulebook }: Ports, ask: ConsentAsk, content: Content, now: Date): AskShown => {
  const { programme } = rulebook.inForce(now).find((one) => one.programme.programme === ask.programme) ?? {};
  const recipient = ask.recipient === undefined ? undefined : organisationIn(rulebook.directory(), ask.recipient);
  const said = { need: content.need, consents: [...content.consents, ...consentsFrom([ask], [true], now)] };
  return {
    kind: ask.kind,
    programme: programme?.name ?? ask.programme,
    ...(recipient === undefined ? {} : { recipient: { name: recipient.name, class: recipient.class } }),
    fields:
      programme === undefined || recipient === undefined
        ? []
        : fieldsOpenTo(programme, { class: recipient.class, organisation: recipient.id }, said, now),
  };
};
