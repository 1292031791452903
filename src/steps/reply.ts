// The person's yes or no to what was proposed. A yes opens a referral of its own, in the same case.
import { openBranches } from "../core/branch.ts";
import { referenceFrom } from "../core/reference.ts";
import { sentIt } from "../core/ownership.ts";
import { tell } from "../core/tell.ts";
import type { ProposalReply } from "../../schemas/case.ts";
import type { Event, Mark } from "../../schemas/event.ts";
import { reason } from "../../schemas/reason.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Change, Journey, Ledger } from "../ports/ledger.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { ledger: Ledger; clock: Clock; ids: Ids; bell: Bell };
type Open = Journey & { content: NonNullable<Journey["content"]> };

const TRIES = 8;

export const createReply =
  (ports: Ports): Steps["reply"] =>
  async (client, referral, reply) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ports.ledger.open(referral);
      if (journey?.content === undefined || !sentIt(client, journey)) return { outcome: "not-found" };
      const { reference } = journey;
      const said = journey.marks.find((mark) => mark.type === "proposal-answered" && same(mark, reply));
      if (said?.type === "proposal-answered" && said.wanted === reply.wanted) return { outcome: "repeated", reference };
      const proposed = journey.marks.find((mark) => mark.type === "proposed" && same(mark, reply));
      if (proposed?.type !== "proposed" || said !== undefined)
        return { outcome: "refused", reasons: [reason("no-proposal", "trigger")] };

      const change = changeOf(ports, { ...journey, content: journey.content }, client.id, reply, proposed);
      // commits: the answer; for a yes the new referral with its first event and work, the event that joins them, and its news
      const result = await ports.ledger.commit(change);
      if (result === "committed") {
        ports.bell.nudge();
        return { outcome: "recorded", reference, opened: change.branches?.[0]?.reference };
      }
    }
    return { outcome: "refused", reasons: [reason("conflict")] };
  };

const same = (mark: Extract<Mark, { trigger: string }>, reply: ProposalReply): boolean =>
  mark.programme === reply.programme && mark.trigger === reply.trigger;

const changeOf = (
  { clock, ids }: Ports,
  journey: Open,
  actor: string,
  reply: ProposalReply,
  proposed: Extract<Mark, { type: "proposed" }>,
): Change => {
  const now = clock.now();
  const answered: Event = {
    id: ids.uuid(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor,
    body: { type: "proposal-answered", ...reply },
  };
  const { content, siblings } = journey;
  const opened = openBranches(
    { referral: journey.id, content, siblings, sequence: answered.sequence },
    reply.wanted ? [{ need: proposed.need, why: "proposed" }] : [],
    { uuid: ids.uuid, reference: () => referenceFrom(ids.bytes(16)), now },
  );
  const events = [answered, ...opened.events];
  const told = tell(journey, events, ids.uuid);
  return {
    referral: journey.id,
    version: journey.version,
    status: journey.status,
    events,
    branches: opened.branches,
    callbacks: told.callbacks,
    work: told.work,
  };
};
