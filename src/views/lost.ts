// Was this reference given to the caller and lost in a restore? Then it is not unknown, and its sender can send it again.
import type { Restoring } from "../ports/restoring.ts";
import type { Views } from "../ports/views.ts";

export const createLostView =
  (restoring: Pick<Restoring, "wasLost">): Views["lost"] =>
  (client, named) =>
    restoring.wasLost(client.organisation, named);
