// What a ring of an offer's clock is told as: one word for each ring, the same however often and however late it is tried.
import { expect, it } from "vitest";
import type { EventBody } from "../../../schemas/event.ts";
import type { Story } from "../../../src/core/due.ts";
import { wordOf } from "../../../src/core/word.ts";
import { anOffer, OFFER as offer } from "../../builders/journey.ts";

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 16, hour));
const rang = (hour: number, clock: "acknowledge" | "answer" = "acknowledge"): Story[number] => ({
  at: at(hour),
  body: { type: "chased", offer, clock },
});
const then = (hour: number, body: EventBody): Story[number] => ({ at: at(hour), body });

it.each<[string, Story, number, string | undefined]>([
  ["the ring that it was made for", [rang(9)], 9, "acknowledge"],
  ["the same when it is tried late", [rang(9), then(10, { type: "delivered", offer })], 9, "acknowledge"],
  ["nothing where it was answered", [rang(9), then(10, { type: "acknowledged", offer })], 9, undefined],
  [
    "nothing where another clock has rung since: that is told by itself",
    [rang(9), then(10, { type: "acknowledged", offer }), rang(11, "answer")],
    9,
    undefined,
  ],
  ["nothing where it rang once more", [rang(9), rang(11)], 9, undefined],
  ["the last of two that rang before the work was made", [rang(9), rang(11, "answer")], 12, "answer"],
])("tells %s", (_, story, since, clock) => {
  expect(wordOf(anOffer(), story, at(since))?.clock).toBe(clock);
});
