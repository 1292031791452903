// One way of carrying letters. `index.ts` chooses among those that are set up.
import type { Letters } from "../../src/ports/outward.ts";
import type { LetterWay } from "../../schemas/letter.ts";

export type Carrier = Pick<Letters, "send" | "fate"> & {
  ways: readonly LetterWay[];
  /** Whether it can be asked, before a second send, what became of the first. */
  idempotent: boolean;
};
