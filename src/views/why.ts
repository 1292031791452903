// Why does it wait? One referral with everything that holds it up, for the person on call.
import type { Holidays } from "../../schemas/holidays.ts";
import { countsFor } from "../core/clock.ts";
import { type Why, whyOf } from "../core/why.ts";
import type { Desk } from "../ports/desk.ts";
import type { Pauses } from "../ports/pauses.ts";
import type { Clock } from "../ports/system.ts";

type Ports = { desk: Pick<Desk, "facts">; pauses: Pick<Pauses, "list">; holidays: Holidays; clock: Clock };

/** By id or by reference. */
export const createWhyView =
  ({ desk, pauses, holidays, clock }: Ports) =>
  async (referral: string): Promise<Why | undefined> => {
    const facts = await desk.facts(referral, clock.now());
    return facts && whyOf(facts, await pauses.list(), clock.now(), countsFor("england", holidays));
  };
