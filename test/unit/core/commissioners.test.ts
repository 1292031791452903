import { describe, expect, it } from "vitest";
import { commissionersOf } from "../../../src/core/commissioners.ts";

const pack = (programme: string, version: number, commissioner: string, ...funders: string[]) => ({
  programme: {
    programme,
    version,
    commissioner: { id: commissioner, name: "A council" },
    funders: funders.map((id) => ({ id, name: "A funder" })),
  },
});

const PACKS = [
  pack("coaching", 2, "E09000019", "dwp", "E09000019"),
  pack("advice", 1, "E09000025"),
  pack("other", 1, "E09000012"),
];

describe("who may read a decision as its commissioner", () => {
  it("is whoever commissions or funds a programme that it read, each once, and nobody else", () => {
    expect(commissionersOf({ packs: ["advice@1#aa", "coaching@2#bb"] }, PACKS)).toEqual({
      E09000025: ["advice"],
      E09000019: ["coaching"],
      dwp: ["coaching"],
    });
  });

  it("is nobody by a version that was not read", () => {
    expect(commissionersOf({ packs: ["coaching@1#bb"] }, PACKS)).toEqual({});
  });
});
