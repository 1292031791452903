// Which pause holds up what.
import { describe, expect, it } from "vitest";
import { PauseScope, type Pause } from "../../../schemas/pause.ts";
import { pauseOn } from "../../../src/core/pause.ts";

const pause = (scope: string): Pause => ({
  scope: PauseScope.parse(scope),
  by: "Ada",
  reason: "a trial",
  since: new Date("2026-11-20T09:00:00Z"),
});
const CLIENT = "client:01980000-0000-7000-8000-000000000001";

describe("a pause", () => {
  it.each([
    ["door:gp", { door: "gp" as const }, true],
    ["door:gp", { door: "council" as const }, false],
    ["destination:provider:north-advice", { destination: "provider:north-advice" }, true],
    ["destination:provider:north-advice", { destination: "provider:north" }, false],
    [`destination:${CLIENT}`, { destination: CLIENT }, true],
    ["programme:camden-debt-advice", { programme: "camden-debt-advice" }, true],
    ["programme:camden-debt-advice", { programme: "camden", destination: "provider:camden-debt-advice" }, false],
    ["all", { door: "council" as const }, true],
    ["all", { destination: "assess" }, true],
    ["all", {}, true],
    ["door:gp", {}, false],
  ])("of %s and %j", (scope, touches, held) => {
    expect(pauseOn([pause(scope)], touches)?.scope).toBe(held ? scope : undefined);
  });

  it("is named from the widest on, whatever order they came in", () => {
    const both = [pause("programme:a"), pause("destination:provider:x1"), pause("all")];
    expect(pauseOn(both, { destination: "provider:x1", programme: "a" })?.scope).toBe("all");
    expect(pauseOn(both.slice(0, 2), { destination: "provider:x1", programme: "a" })?.scope).toBe(
      "destination:provider:x1",
    );
  });
});

describe("a scope", () => {
  it.each([
    "",
    "everything",
    "door:mesh",
    "door:",
    "destination:north",
    "destination:provider:",
    "programme:",
    "programme:A B",
    "all ",
    "door:gp,all",
  ])("%j is none", (scope) => expect(PauseScope.safeParse(scope).success).toBe(false));
});
