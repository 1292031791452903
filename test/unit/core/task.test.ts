// What a Task says becomes steps of its offer, and no Task ever moves an offer back.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TaskStatus } from "../../../schemas/foreign/fhir/task.ts";
import { Answer, OfferStatus } from "../../../schemas/offer.ts";
import { nextOffer } from "../../../src/core/lifecycle.ts";
import { movesOf, TASK_STATUS, type Said } from "../../../src/core/task.ts";

const verbs = (status: OfferStatus, said: Said): string[] => {
  const moves = movesOf(status, said);
  return moves.kind === "steps" ? moves.answers.map((one) => one.verb) : [moves.kind];
};

test.each<[OfferStatus, TaskStatus, string[]]>([
  ["sent", "requested", ["same"]],
  ["sent", "received", ["acknowledge"]],
  ["sent", "ready", ["acknowledge"]],
  ["sent", "accepted", ["accept"]],
  ["sent", "in-progress", ["accept", "start"]],
  ["sent", "completed", ["accept", "start", "end"]],
  ["sent", "rejected", ["decline"]],
  ["sent", "cancelled", ["decline"]],
  ["sent", "failed", ["decline"]],
  ["sent", "on-hold", ["silent"]],
  ["sent", "draft", ["silent"]],
  ["acknowledged", "ready", ["same"]],
  ["acknowledged", "requested", ["behind"]],
  ["accepted", "received", ["behind"]],
  ["accepted", "in-progress", ["start"]],
  ["accepted", "completed", ["start", "end"]],
  ["accepted", "failed", ["end"]],
  ["accepted", "rejected", ["end"]],
  ["started", "accepted", ["behind"]],
  ["started", "cancelled", ["end"]],
  ["declined", "accepted", ["behind"]],
  ["declined", "cancelled", ["same"]],
  ["ended", "in-progress", ["behind"]],
  ["ended", "failed", ["same"]],
  ["recalled", "accepted", ["behind"]],
  ["recalled", "rejected", ["same"]],
])("an offer that is %s, by a Task that is %s: %j", (status, task, expected) => {
  expect(verbs(status, { status: task })).toEqual(expected);
});

describe("reasons", () => {
  const first = (status: OfferStatus, said: Said): Answer => {
    const moves = movesOf(status, said);
    if (moves.kind !== "steps" || moves.answers[0] === undefined) throw new Error("no step");
    return moves.answers[0];
  };
  test.each<[Said, object]>([
    [{ status: "rejected", reason: "full" }, { reason: "full" }],
    [
      { status: "rejected", reason: "full", text: "in May" },
      { reason: "full", text: "in May" },
    ],
    [
      { status: "rejected", text: " no room " },
      { reason: "other", text: "no room" },
    ],
    [{ status: "rejected" }, { reason: "other", text: "No reason was given." }],
    [
      { status: "rejected", reason: "found-work" },
      { reason: "other", text: "No reason was given." },
    ],
  ])("%j declines with %j", (said, expected) => {
    expect(first("sent", said)).toEqual({ verb: "decline", ...expected });
  });
  test.each<[Said, object]>([
    [{ status: "completed" }, { reason: "completed" }],
    [
      { status: "completed", reason: "found-work", end: "2026-05-01" },
      { reason: "found-work", on: "2026-05-01" },
    ],
    [{ status: "failed", reason: "cannot-contact" }, { reason: "cannot-contact" }],
    [
      { status: "cancelled", reason: "full" },
      { reason: "other", text: "No reason was given." },
    ],
  ])("%j ends with %j", (said, expected) => {
    expect(first("started", said)).toEqual({ verb: "end", ...expected });
  });
  test("a start keeps its day", () => {
    expect(first("accepted", { status: "in-progress", start: "2026-05-01" })).toEqual({
      verb: "start",
      on: "2026-05-01",
    });
  });
});

const said = fc.record<Said>(
  {
    status: fc.constantFrom(...TaskStatus.options),
    reason: fc.string(),
    text: fc.string({ unit: "grapheme", maxLength: 1200 }),
  },
  { requiredKeys: ["status"] },
);

test("whatever a Task says, its steps can be taken one after the other, and each is an answer", () => {
  fc.assert(
    fc.property(fc.constantFrom(...OfferStatus.options), said, (status, one) => {
      const moves = movesOf(status, one);
      let at = status;
      for (const answer of moves.kind === "steps" ? moves.answers : []) {
        expect(Answer.safeParse(answer).success).toBe(true);
        const next = nextOffer(at, answer.verb);
        expect(next).toBeDefined();
        at = next ?? at;
      }
      // Said again, it says nothing new.
      const rests = moves.kind === "steps" && moves.answers.at(-1)?.verb === "hold";
      expect(movesOf(at, one, rests).kind).not.toBe("steps");
    }),
  );
});

test.each([
  ["started", "in-progress", ["resume"]],
  ["accepted", "accepted", ["resume"]],
  ["accepted", "in-progress", ["start"]],
  ["started", "completed", ["end"]],
] as const)("help that rests and was %s goes on with %s", (status, said, verbs) => {
  const moves = movesOf(status, { status: said }, true);
  expect(moves.kind === "steps" ? moves.answers.map(({ verb }) => verb) : moves.kind).toEqual(verbs);
  expect(movesOf(status, { status: "on-hold" }, true)).toEqual({ kind: "same" });
  expect(movesOf(status, { status: "on-hold" })).toEqual({ kind: "steps", answers: [{ verb: "hold" }] });
});

test("a Task on hold says nothing of an offer that nobody has taken", () => {
  for (const status of ["sent", "acknowledged"] as const)
    expect(movesOf(status, { status: "on-hold" })).toEqual({ kind: "silent" });
});

test("every offer shows as a Task that says no more than the offer does", () => {
  for (const status of OfferStatus.options)
    expect(movesOf(status, { status: TASK_STATUS[status] })).toEqual({ kind: "same" });
});
