// Which pause holds something up. The widest is named first: whoever lifts a narrow one should know of it.
import type { Pause } from "../../schemas/pause.ts";
import type { Door } from "../../schemas/referral.ts";

export type Touches = { door?: Door; destination?: string; programme?: string };

export const pauseOn = (pauses: readonly Pause[], { door, destination, programme }: Touches): Pause | undefined => {
  const scopes = [
    "all",
    ...(door === undefined ? [] : [`door:${door}`]),
    ...(destination === undefined ? [] : [`destination:${destination}`]),
    ...(programme === undefined ? [] : [`programme:${programme}`]),
  ];
  return scopes.flatMap((scope) => pauses.find((one) => one.scope === scope) ?? [])[0];
};

/** A caller of a paused door tries again after this; work that is held up is looked at again then, unless it is set free before. */
export const DOOR_SECONDS = 120;
export const HELD_SECONDS = 3_600;
