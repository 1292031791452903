import { describe, expect, it } from "vitest";
import { decide } from "../../../src/core/decide.ts";
import { drawsFor } from "../../../src/core/draws.ts";
import { DECISIONS, deciding, DRAWN, DRAWS, HOLDS, inShort, saidIn, TOLD } from "./cases/decisions.ts";

describe("a decision by one clause", () => {
  it.each(DECISIONS)("%s", (_name, given, came) => {
    expect(inShort(decide(deciding(given)))).toEqual(came);
  });
});

describe("a hold waits", () => {
  it.each(HOLDS)("%s", (_name, given, days) => {
    const decision = decide(deciding(given));
    expect([decision.kind, "days" in decision ? decision.days : undefined]).toEqual(["hold", days]);
  });
});

describe("a decision draws on", () => {
  it.each(DRAWS)("%s", (_name, need, programmes, services) => {
    expect(drawsFor(need, DRAWN)).toEqual({ programmes, services });
  });
});

describe("a receipt tells", () => {
  it.each(TOLD)("%s", (_name, given, says, never = /^$/) => {
    const said = saidIn(decide(deciding(given)));
    expect(said).toMatch(says);
    expect(said).not.toMatch(never);
  });
});
