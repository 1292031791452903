// One look at everything that can be wrong: what stands is written down, and what nobody sees any more has ended.
import { type Limits, standing } from "../core/alerts.ts";
import type { Alerts, Innards, Lookout } from "../ports/on-call.ts";
import type { Clock } from "../ports/system.ts";

type Ports = {
  lookout: Lookout;
  alerts: Pick<Alerts, "see">;
  innards: Innards;
  clock: Clock;
  limits: Limits;
  /** Nobody saw it for so long: it is over. */
  goneMs: number;
};

export const createWatch =
  ({ lookout, alerts, innards, clock, limits, goneMs }: Ports) =>
  async (): Promise<void> => {
    const inside = await innards.look();
    await lookout.reached(innards.reached());
    const stands = standing(await lookout.look(), inside, limits, clock.now());
    // commits: what stands and what is over
    await alerts.see(stands, goneMs);
  };
