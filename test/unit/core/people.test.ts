import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Person } from "../../../schemas/person.ts";
import { placeOf } from "../../../src/core/area.ts";
import { canonical } from "../../../src/core/canonical.ts";
import { findable } from "../../../src/core/people.ts";
import { aPerson, CAMDEN, ISLINGTON, NHS_NUMBER, NINO, SURGERY, TOWN_HALL } from "../../builders/content.ts";
import { aDirectory } from "../../builders/rules.ts";

describe("what a person can be found by", () => {
  it("is numbers, and name or postcode with the birth date", () => {
    expect(findable(aPerson({ nhsNumber: NHS_NUMBER, nino: NINO }))).toEqual([
      { kind: "nhs-number", value: NHS_NUMBER },
      { kind: "nino", value: NINO.slice(0, 8) },
      { kind: "name-birth", value: "FAIRWEATHERTEST|1984-03-09" },
      { kind: "postcode-birth", value: "N12UD|1984-03-09" },
    ]);
  });

  it("is one value however a name is written, and however the number ends", () => {
    const value = (family: string) => findable(aPerson({ name: { given: [], family } }))[0]?.value;
    expect(value("O'Néill ")).toBe(value("ONEILL"));
    expect(value("Ní Bhriain")).toBe(value("NI BHRIAIN"));
    expect(value("王小明")).toBe("王小明|1984-03-09");
    expect(findable(aPerson({ nino: "AB123456" }))[0]).toEqual(findable(aPerson({ nino: NINO }))[0]);
  });

  it("is nothing where nothing was said", () => {
    expect(findable(aPerson({ birthDate: undefined }))).toEqual([]);
    const nameless = aPerson({ name: { given: [], family: "-" }, home: { kind: "none" } });
    expect(findable(nameless)).toEqual([]);
  });
});

describe("where a person is", () => {
  const directory = aDirectory();
  it("is the postcode's place first", () => {
    expect(placeOf(aPerson({ authority: CAMDEN }), directory)).toEqual({
      home: { postcode: TOWN_HALL, authority: ISLINGTON },
      homeFrom: "postcode",
      practice: { practice: SURGERY, authority: ISLINGTON },
    });
  });

  it("is else the authority that the sender names", () => {
    const homes: Person["home"][] = [
      { kind: "address", lines: [], postcode: "N1 9ZZ" },
      { kind: "none" },
      { kind: "withheld" },
    ];
    for (const home of homes)
      expect(placeOf(aPerson({ home, authority: CAMDEN, practice: "Y00001" }), directory)).toEqual({
        home: { authority: CAMDEN },
        homeFrom: "sender",
      });
  });

  it("stays unknown when nobody says", () => {
    expect(placeOf(aPerson({ home: { kind: "not-said" }, practice: undefined }), directory)).toEqual({
      homeFrom: "nothing",
    });
  });
});

describe("canonical text", () => {
  it("is the same for the same value, in whatever order its keys were written", () => {
    expect(canonical({ b: 1, a: [undefined, null, { d: new Date(0), c: undefined }] })).toBe(
      '{"a":[null,null,{"d":"1970-01-01T00:00:00.000Z"}],"b":1}',
    );
  });

  it("reads back as the same JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
      }),
    );
  });
});
