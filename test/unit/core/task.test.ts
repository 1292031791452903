// What a Task says becomes steps of its offer, and no Task ever moves an offer back.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TaskStatus } from "../../../schemas/foreign/fhir/task.ts";
import { Answer, OfferStatus } from "../../../schemas/offer.ts";
import { ContactOutcome, ContactWay, Milestone } from "../../../schemas/progress.ts";
import { nextOffer } from "../../../src/core/lifecycle.ts";
import { movesOf, TASK_STATUS, type Said, type Standing } from "../../../src/core/task.ts";

const verbs = (status: OfferStatus, said: Said): string[] => {
  const moves = movesOf({ status }, said);
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
    const moves = movesOf({ status }, said);
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
    until: fc.constantFrom("2026-05-01", "2026-06-01"),
    progress: fc.oneof(
      fc.record({
        kind: fc.constant("contact" as const),
        outcome: fc.constantFrom(...ContactOutcome.options),
        way: fc.constantFrom(...ContactWay.options),
        text: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1200 }),
      }),
      fc.record({ kind: fc.constant("milestone" as const), milestone: fc.constantFrom(...Milestone.options) }),
    ),
  },
  { requiredKeys: ["status"] },
);

/** How the offer stands beside its status once these were taken. */
const leftBy = (answers: readonly Answer[]): Pick<Standing, "onHold" | "progress"> =>
  Object.assign(
    {},
    ...answers.map((one): Pick<Standing, "onHold" | "progress"> => {
      if (one.verb === "hold") return { onHold: one.until === undefined ? {} : { until: one.until } };
      if (one.verb === "contact")
        return { progress: { kind: "contact", outcome: one.outcome, way: one.way, on: "2026-04-01" } };
      if (one.verb === "milestone")
        return { progress: { kind: "milestone", milestone: one.milestone, on: "2026-04-01" } };
      return {};
    }),
  );

test("whatever a Task says, its steps can be taken one after the other, and each is an answer", () => {
  fc.assert(
    fc.property(fc.constantFrom(...OfferStatus.options), said, (status, one) => {
      const moves = movesOf({ status }, one);
      let at = status;
      for (const answer of moves.kind === "steps" ? moves.answers : []) {
        expect(Answer.safeParse(answer).success).toBe(true);
        const next = nextOffer(at, answer.verb);
        expect(next).toBeDefined();
        at = next ?? at;
      }
      // Said again, it says nothing new.
      const after = { status: at, ...leftBy(moves.kind === "steps" ? moves.answers : []) };
      expect(movesOf(after, one).kind).not.toBe("steps");
    }),
  );
});

test.each([
  ["started", "in-progress", ["resume"]],
  ["accepted", "accepted", ["resume"]],
  ["accepted", "in-progress", ["start"]],
  ["started", "completed", ["end"]],
] as const)("help that rests and was %s goes on with %s", (status, said, verbs) => {
  const moves = movesOf({ status, onHold: {} }, { status: said });
  expect(moves.kind === "steps" ? moves.answers.map(({ verb }) => verb) : moves.kind).toEqual(verbs);
  expect(movesOf({ status, onHold: {} }, { status: "on-hold" })).toEqual({ kind: "same" });
  expect(movesOf({ status }, { status: "on-hold" })).toEqual({ kind: "steps", answers: [{ verb: "hold" }] });
});

test("blank words beside a rest or an attempt are none", () => {
  const progress = { kind: "contact", outcome: "no-answer", way: "phone", text: " " } as const;
  expect(movesOf({ status: "started" }, { status: "on-hold", text: "", progress })).toEqual({
    kind: "steps",
    answers: [{ verb: "contact", outcome: "no-answer", way: "phone" }, { verb: "hold" }],
  });
});

test("a Task on hold says nothing of an offer that nobody has taken", () => {
  for (const status of ["sent", "acknowledged"] as const)
    expect(movesOf({ status }, { status: "on-hold" })).toEqual({ kind: "silent" });
});

test("every offer shows as a Task that says no more than the offer does", () => {
  for (const status of OfferStatus.options)
    expect(movesOf({ status }, { status: TASK_STATUS[status] })).toEqual({ kind: "same" });
});

describe("what is told beside a status", () => {
  const reached = { kind: "contact", outcome: "reached", way: "phone" } as const;
  const told = { ...reached, on: "2026-05-04" };
  const of = (standing: Standing, said: Said) => {
    const moves = movesOf(standing, said);
    return moves.kind === "steps" ? moves.answers.map((one) => one.verb) : [moves.kind];
  };
  test.each<[string, Standing, Said, string[]]>([
    ["the first attempt", { status: "accepted" }, { status: "accepted", progress: reached }, ["contact"]],
    [
      "before a start that may be refused",
      { status: "accepted" },
      { status: "in-progress", progress: reached },
      ["contact", "start"],
    ],
    [
      "after an acceptance that we did not see",
      { status: "sent" },
      { status: "in-progress", progress: reached },
      ["accept", "contact", "start"],
    ],
    [
      "before an end",
      { status: "started" },
      { status: "completed", progress: { kind: "milestone", milestone: "plan-reviewed" } },
      ["milestone", "end"],
    ],
    [
      "as it stands there since",
      { status: "accepted", progress: told },
      { status: "accepted", progress: reached },
      ["same"],
    ],
    [
      "of help that goes on",
      { status: "accepted", onHold: {} },
      { status: "accepted", progress: reached },
      ["resume", "contact"],
    ],
    ["the same day again", { status: "accepted", progress: told }, { status: "accepted", progress: told }, ["same"]],
    [
      "another day",
      { status: "accepted", progress: told },
      { status: "accepted", progress: { ...reached, on: "2026-05-05" } },
      ["contact"],
    ],
    [
      "another way",
      { status: "accepted", progress: told },
      { status: "accepted", progress: { ...reached, way: "visit" } },
      ["contact"],
    ],
    [
      "another outcome",
      { status: "accepted", progress: told },
      { status: "accepted", progress: { ...reached, outcome: "no-answer" } },
      ["contact"],
    ],
    ["before anybody has taken it", { status: "sent" }, { status: "received", progress: reached }, ["acknowledge"]],
    ["with a no", { status: "sent" }, { status: "rejected", progress: reached }, ["decline"]],
    ["after the end", { status: "ended" }, { status: "completed", progress: reached }, ["same"]],
    ["with an old status", { status: "started" }, { status: "accepted", progress: reached }, ["contact"]],
  ])("%s", (_name, standing, said, verbs) => {
    expect(of(standing, said)).toEqual(verbs);
  });

  test("a rest has its last day, and a new one where that changes", () => {
    const first = movesOf({ status: "started" }, { status: "on-hold", until: "2026-06-01" });
    expect(first).toEqual({ kind: "steps", answers: [{ verb: "hold", until: "2026-06-01" }] });
    const resting = { status: "started", onHold: { until: "2026-06-01" } } as const;
    expect(of(resting, { status: "on-hold", until: "2026-06-01" })).toEqual(["same"]);
    expect(of(resting, { status: "on-hold" })).toEqual(["same"]);
    expect(of(resting, { status: "on-hold", until: "2026-07-01" })).toEqual(["hold"]);
  });
});
