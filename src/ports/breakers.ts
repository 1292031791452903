// Breakers: the row decides, opossum counts.
import type { AttemptOutcome } from "../../schemas/work.ts";

/** The breaker was open: nothing was sent, and no attempt is spent. */
export type HeldBack = { kind: "open"; until: Date };

export type Breakers = {
  /** One attempt through the breaker: admitted, made, reported. Undefined when `send` in the end sent nothing. */
  through(
    destination: string,
    send: () => Promise<AttemptOutcome | undefined>,
  ): Promise<AttemptOutcome | HeldBack | undefined>;
};
