import { describe, expect, it } from "vitest";
import { placeOf, withinAreas } from "../../../src/core/area.ts";
import { aPerson } from "../../builders/content.ts";
import { AREAS, GAZETTEER, PLACED, whereabouts } from "./cases/areas.ts";
import { unknown } from "./cases/predicates.ts";

describe("within an area", () => {
  it.each(AREAS)("%s", (_name, rules, where, expected) => {
    const verdict = typeof expected === "string" ? unknown(expected) : { is: expected };
    expect(withinAreas(rules, whereabouts(where))).toEqual(verdict);
  });
});

describe("a person belongs", () => {
  it.each(PLACED)("%s", (_name, person, area) => {
    expect(placeOf(aPerson(person), GAZETTEER)).toEqual(area);
  });
});
