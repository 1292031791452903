import { describe, expect, it } from "vitest";
import { mayStart, stillHolds } from "../../../src/core/recheck.ts";
import { codesOf, inputOf, LEAVING, STARTING } from "./cases/rechecks.ts";

describe("an offer, right before it goes out", () => {
  it.each(LEAVING)("%s", (_name, changed, codes) => {
    expect(codesOf(stillHolds(inputOf(changed)))).toEqual(codes);
  });
});

describe("a start: as of its own day, and by the consents as they stand now", () => {
  it.each(STARTING)("%s", (_name, changed, on, codes) => {
    expect(codesOf(mayStart(inputOf(changed), on))).toEqual(codes);
  });
});
