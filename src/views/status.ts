// What is stuck and why, at this moment: alerts, pauses, breakers, due work, dead letters and the canary.
import type { Alert } from "../../schemas/alert.ts";
import type { Sight } from "../../schemas/sight.ts";
import type { Alerts, Lookout } from "../ports/on-call.ts";
import type { Clock } from "../ports/system.ts";

export type Status = { at: Date; well: boolean; alerts: readonly Alert[] } & Sight;

type Ports = { alerts: Pick<Alerts, "list">; lookout: Pick<Lookout, "look">; clock: Clock };

/** Well: nobody needs to look. What is over and not yet told to be so needs nobody either. */
export const createStatusView =
  ({ alerts, lookout, clock }: Ports) =>
  async (): Promise<Status> => {
    const standing = (await alerts.list()).filter(({ endedAt }) => endedAt === undefined);
    const sight = await lookout.look();
    const stuck = [
      standing,
      sight.pauses,
      sight.breakers,
      sight.dead,
      sight.quarantine === undefined ? [] : [sight.quarantine],
    ];
    return { at: clock.now(), well: stuck.every(({ length }) => length === 0), alerts: standing, ...sight };
  };
