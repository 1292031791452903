// How a verb ends that would send something while the store is in quarantine.
import { REASONS } from "../../schemas/reason.ts";
import type { Ending } from "./verb.ts";

export const held: Ending = {
  status: 1,
  text: "The store is in quarantine: nothing leaves before `waymark reconcile`.",
  json: { error: REASONS.quarantined.words, code: "quarantined" },
};
