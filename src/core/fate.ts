// What became of a letter that an attempt before this one may have sent, as the outcome of that attempt.
import type { AttemptOutcome } from "../../schemas/work.ts";

/** Undefined where nothing was sent, and this attempt may. */
export const outcomeOfFate = (fate: "none" | "taken" | "undeliverable" | "unsure"): AttemptOutcome | undefined => {
  switch (fate) {
    case "taken":
      return { kind: "accepted", status: 200 };
    case "undeliverable":
      return { kind: "refused", cause: "no-such-mailbox" };
    case "unsure":
      return { kind: "unavailable", cause: "fate-unknown" };
    case "none":
      return undefined;
  }
};
