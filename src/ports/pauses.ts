// Pauses: what an operator has stopped for a while.
import type { Pause, PauseScope } from "../../schemas/pause.ts";

export type Pauses = {
  /** Read at most a second ago. */
  inForce(): Promise<readonly Pause[]>;
  /** Read now. */
  list(): Promise<readonly Pause[]>;
  programmeOf(offer: string): Promise<string | undefined>;
  /** What waits for a pause is due now; what another one still holds up is put off again. */
  setFree(): Promise<void>;
  /** False when it was paused before: then that stands. */
  pause(pause: Omit<Pause, "since">): Promise<boolean>;
  /** False when it was not paused. What waited for it is due now. */
  resume(scope: PauseScope, by: string): Promise<boolean>;
};
