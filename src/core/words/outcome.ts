// What came of a decision, and how a referral stands.
import type { Receipt } from "../../../schemas/receipt.ts";
import type { Status } from "../../../schemas/referral.ts";

/** Where the reader may know no more. */
export const OUTCOME: Record<Receipt["outcome"], string> = {
  offered: "A local service has been asked.",
  held: "We need something more before we can ask a service.",
  unmet: "No local service can take this as things stand.",
};

export const HELD = {
  consent: "A service fits, and waits for a consent.",
  information: "A service may fit. A fact is missing.",
  review: "A person of ours must look at this first.",
} as const;

export const offeredTo = (service: string, programme: string): string => `Offered to ${service}, under ${programme}.`;

/** As many as anyone would read out. */
const NAMED = 5;

export const personChooses = (services: readonly string[]): string => {
  const more = services.length > NAMED ? `, and ${services.length - NAMED} more` : "";
  return `Some services fit. The person can choose: ${services.slice(0, NAMED).join(", ")}${more}.`;
};

export const ASKED = {
  it: "It was asked.",
  fits: "It fits.",
  you: "You were asked.",
  notYou: "You were not asked.",
  other: "A service of another programme was asked.",
} as const;

/** Of a programme that asks about health, to readers who may not know which rule it was. */
export const RULE = {
  unmet: "A rule of this programme is not met.",
  aside: "An adviser set a rule aside.",
} as const;

export const STANDING: Record<Status, string> = {
  received: "We have it. We are looking for the right service.",
  held: "It waits for something from you.",
  unmet: "No local service can take it now. The need is on record.",
  offered: "We have asked a service to take it.",
  acknowledged: "The service has seen it.",
  accepted: "The service has taken it.",
  seeking: "We now look for some other service.",
  started: "The help has started.",
  ended: "The help has ended.",
  withdrawn: "It was withdrawn.",
  expired: "What we asked for did not come in time. Send it again when you have it.",
};

/** Where a service must give words and gave none. */
export const NO_REASON_GIVEN = "No reason was given.";
