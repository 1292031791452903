// What a start waits for, and what follows from a start or an end, as the programme says.
import type { Programme } from "../../schemas/programme.ts";
import type { EventBody } from "../../schemas/event.ts";
import { note, type Reason } from "../../schemas/reason.ts";
import type { Wanted } from "./branch.ts";
import { type Circumstances, knownOf } from "./conditions.ts";
import { evaluate } from "./eligibility.ts";

/** Needs of the same case that must be met first. Who may not need it, waits for nothing. */
export const startWaitsFor = (programme: Programme, circumstances: Circumstances): Reason[] =>
  programme.startWaits
    .filter(({ when }) => when === undefined || evaluate(when, knownOf(circumstances)).is === true)
    .filter(({ need }) => !circumstances.siblings.some((one) => one.need === need && (one.started || one.completed)))
    .map(({ need }) => ({ ...note("start-waits", need), severity: "error" }));

/** Needs that follow in the same case: an end counts only when the help was given. */
export const followsFrom = (programme: Programme, body: EventBody): Wanted[] => {
  const reached =
    body.type === "started"
      ? "started"
      : body.type === "ended" && body.reason === "completed"
        ? "completed"
        : undefined;
  return programme.leadsTo.filter(({ on }) => on === reached).map(({ need }) => ({ need, why: "follows" }));
};
