// A further referral of the same case: what is also needed, what follows, or what was proposed and wanted.
import type { Event } from "../../schemas/event.ts";
import type { NeedCode } from "../../schemas/need.ts";
import type { Content } from "../../schemas/referral.ts";
import { assessAgain } from "./recall.ts";

export type Why = "also-needed" | "follows" | "proposed" | "returns";
export type Wanted = { need: NeedCode; why: Why };

/** Ids of ours, and the time: drawn by the caller. */
export type Draw = { uuid(): string; reference(): string; now: Date };

/** Nobody must attend what nobody asked them to; and a service chosen for one need says nothing of another. */
const contentFor = (content: Content, need: NeedCode): Content => ({
  ...content,
  need,
  needAsSent: undefined,
  alsoNeeds: undefined,
  participation: "voluntary",
  choice: content.choice?.authority === undefined ? undefined : { authority: content.choice.authority },
});

/** The new referral with its first event and its first work. */
export const branchOf = (content: Content, need: NeedCode, { uuid, reference, now }: Draw) => {
  const id = uuid();
  const received: Event = {
    id: uuid(),
    referral: id,
    sequence: 1,
    at: now,
    actor: "waymark",
    body: { type: "received", need },
  };
  return {
    id,
    reference: reference(),
    content: contentFor(content, need),
    event: received,
    work: assessAgain(id, uuid(), now),
  };
};

type Near = { need?: string };
type Opening = {
  referral: string;
  content: Content;
  siblings: readonly Near[];
  /** The number of the last event that stands before these. */
  sequence: number;
};

/** Each wanted need that the case does not have yet, opened, with the event on the referral that it comes from. */
export const openBranches = (from: Opening, wanted: readonly Wanted[], draw: Draw) => {
  const had = new Set([from.content.need, ...from.siblings.map(({ need }) => need)]);
  const fresh = [...new Map(wanted.map((one) => [one.need, one])).values()].filter(
    ({ need, why }) => why === "returns" || !had.has(need),
  );
  const branches = fresh.map(({ need }) => branchOf(from.content, need, draw));
  const events = branches.map((branch, at): Event => ({
    id: draw.uuid(),
    referral: from.referral,
    sequence: from.sequence + at + 1,
    at: draw.now,
    actor: "waymark",
    body: {
      type: "branched",
      to: branch.id,
      reference: branch.reference,
      need: fresh[at]!.need,
      why: fresh[at]!.why,
    },
  }));
  return { branches, events };
};
