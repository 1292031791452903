// Letters by whatever is set up: each way by the first carrier that has it.
import type { LetterWay } from "../../schemas/letter.ts";
import type { Letters } from "../../src/ports/outward.ts";
import type { Carrier } from "./carrier.ts";

/** Notify before SMTP where both are given: it can be asked what became of a letter. */
export const createLetters = (carriers: readonly Carrier[]): Letters => {
  const by = (way: LetterWay): Carrier | undefined => carriers.find(({ ways }) => ways.includes(way));
  return {
    carries: (way) => by(way) !== undefined,
    idempotent: (way) => by(way)?.idempotent ?? false,
    send: async (letter, to) =>
      (await by(to.by)?.send(letter, to)) ?? { kind: "refused", cause: `no-channel-for-${to.by}` as const },
    fate: async (id, way) => (await by(way)?.fate(id, way)) ?? "unsure",
  };
};
