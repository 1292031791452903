// Why does it wait? One referral with everything that holds it up, for the person on call.
import type { Holidays } from "../../schemas/holidays.ts";
import { countsFor } from "../core/clock.ts";
import { type Why, whyOf } from "../core/why.ts";
import type { Quarantine } from "../../schemas/journal.ts";
import type { Desk } from "../ports/desk.ts";
import type { QuarantineDesk } from "../ports/journal.ts";
import type { Pauses } from "../ports/pauses.ts";
import type { Clock } from "../ports/system.ts";

type Ports = {
  desk: Pick<Desk, "facts">;
  pauses: Pick<Pauses, "list">;
  quarantine: Pick<QuarantineDesk, "inForce">;
  holidays: Holidays;
  clock: Clock;
};

export type WhyShown = Why & { quarantine?: Quarantine };

/** By id or by reference. */
export const createWhyView =
  ({ desk, pauses, quarantine, holidays, clock }: Ports) =>
  async (referral: string): Promise<WhyShown | undefined> => {
    const facts = await desk.facts(referral, clock.now());
    if (facts === undefined) return undefined;
    const held = await quarantine.inForce();
    const why = whyOf(facts, await pauses.list(), clock.now(), countsFor("england", holidays));
    return held === undefined ? why : { ...why, quarantine: held };
  };
