import { describe, expect, it } from "vitest";
import { opaque } from "../../../src/core/opaque.ts";
import { exampleNhsNumber } from "../../fixtures/jobcentre/handoff.ts";

describe("an id of a caller's", () => {
  it("is kept as it came", () => {
    for (const id of ["EX-000123", "7b1e0c52-6f2a-4c55-9d5e-2f8a5f3f9a01", "1234567890", "AB12"])
      expect(opaque(id)).toBe(id);
    expect(opaque(undefined)).toBeUndefined();
  });

  it("is not kept where it is somebody's national number, however it is spaced", () => {
    const number = exampleNhsNumber(7);
    const spaced = `${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`;
    for (const id of [number, spaced, "AB123456C", "ab 12 34 56 c"]) expect(opaque(id)).toBeUndefined();
  });
});
