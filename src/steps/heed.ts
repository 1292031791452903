// A provider's system rang: something changed there. What we follow there is looked at now, instead of when its time comes.
import { followLane } from "../core/follow.ts";
import type { Agenda, Bell } from "../ports/agenda.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock } from "../ports/system.ts";

/** Rings that come within it are heard as one. */
const SOON_MS = 1_000;

export const createHeed =
  ({ agenda, clock, bell }: { agenda: Agenda; clock: Clock; bell: Bell }): Steps["heed"] =>
  async (client) => {
    const due = new Date(clock.now().getTime() + SOON_MS);
    // commits: an earlier time for the offers that are followed at this provider
    await agenda.hasten("follow", followLane(client.organisation), due);
    bell.nudge();
  };
