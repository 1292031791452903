import { describe, expect, it } from "vitest";
import type { Contract } from "../../../schemas/contract.ts";
import type { Point } from "../../../schemas/place.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { allocate, type Stage } from "../../../src/core/allocate.ts";
import type { Fit } from "../../../src/core/situation.ts";
import { aContent, CAMDEN, HACKNEY, ISLINGTON, SURGERY, TOWN_HALL } from "../../builders/content.ts";
import { aStage, fitsOf } from "../../builders/fits.ts";

const chosen = (fits: Fit[], stage: Stage = aStage()) => {
  const found = allocate(fits, stage);
  if (found === undefined) return [];
  return "ask" in found
    ? ["ask", ...found.ask.map(({ service }) => service.id)]
    : [found.fit.service.id, found.tieBreak];
};

describe("allocation", () => {
  it("of nothing is nothing", () => {
    expect(chosen([])).toEqual([]);
  });

  it.each(["single", "on-site", "nearest", "capacity", "fair-share", "persons-choice"] as const)(
    "%s: one alone is taken",
    (strategy) => {
      expect(chosen(fitsOf(strategy, [{ id: "one" }]))).toEqual(["one", "It alone fits."]);
    },
  );

  it("on-site: where the person was seen, then where they are registered, then by id", () => {
    const three = fitsOf("on-site", [{ id: "a" }, { id: "b", sites: ["Y00001"] }, { id: "c", sites: [SURGERY] }]);
    const seen = (content: Parameters<typeof aContent>[0]) => chosen(three, aStage({ content: aContent(content) }));
    expect(seen({})).toEqual(["c", "It works where the person is seen."]);
    expect(seen({ referrer: { organisation: "Y00001" } })[0]).toBe("b");
    expect(seen({ referrer: { organisation: "Y00002" } })[0]).toBe("c");
    expect(seen({ referrer: { organisation: "Y00002" }, person: { practice: undefined } })).toEqual([
      "a",
      "None is nearer to where the person is seen. First by id.",
    ]);
  });

  it("capacity: the most places that the person could take, where no limit means most of all", () => {
    expect(
      chosen(
        fitsOf("capacity", [
          { id: "a", free: 2 },
          { id: "b", free: 4 },
        ]),
      ),
    ).toEqual(["b", "It has the most free places."]);
    expect(chosen(fitsOf("capacity", [{ id: "a", free: 99 }, { id: "z" }]))[0]).toBe("z");
    expect(chosen(fitsOf("capacity", [{ id: "z" }, { id: "y" }]))).toEqual([
      "y",
      "They have as many free places. First by id.",
    ]);
  });

  it("persons-choice: asks, naming each service once", () => {
    expect(chosen(fitsOf("persons-choice", [{ id: "b" }, { id: "a" }]))).toEqual(["ask", "b", "a"]);
    expect(chosen(fitsOf("persons-choice", [{ id: "b" }, { id: "b", contract: "second" }]))).toEqual([
      "b",
      "One service fits. First by id.",
    ]);
  });
});

const HOME: Point = { lat: 51.54, lon: -0.1 };
const at = (north: number): Point => ({ lat: HOME.lat + north, lon: HOME.lon });
const placed = (home: Point | undefined): Partial<Directory> => ({
  places: [{ postcode: TOWN_HALL, authority: ISLINGTON, ...(home === undefined ? {} : { at: home }) }],
});

describe("nearest", () => {
  const near = (fits: Parameters<typeof fitsOf>[1], home: Point | undefined = HOME) =>
    chosen(fitsOf("nearest", fits), aStage({ directory: placed(home) }));

  it("is the shortest way over the ground, whichever council it lies in", () => {
    expect(
      near([
        { id: "a", at: at(0.02) },
        { id: "b", at: at(-0.01), authorities: [CAMDEN] },
      ]),
    ).toEqual(["b", "It is the nearest to where the person lives."]);
    // A degree east is shorter than a degree north here: by plain differences this would be the other one.
    const east: Point = { lat: HOME.lat, lon: HOME.lon + 0.014 };
    expect(
      near([
        { id: "a", at: at(0.011) },
        { id: "b", at: east },
      ])[0],
    ).toBe("b");
  });

  it("puts those last of which nobody knows how far they are", () => {
    expect(near([{ id: "a" }, { id: "b", at: at(0.5) }])[0]).toBe("b");
  });

  it("puts the person's own council first where all are equally far, or nobody knows how far", () => {
    const two = [
      { id: "a", authorities: [CAMDEN] },
      { id: "b", authorities: [ISLINGTON, CAMDEN] },
    ];
    expect(near(two)).toEqual(["b", "How far each is, is not known. It is one of the person's own council."]);
    expect(near(two.map((one) => Object.assign(one, { at: at(0.1) })))[0]).toBe("b");
    const known = [
      { id: "a", at: at(0.1), authorities: [] },
      { id: "b", at: at(0.2) },
    ];
    expect(chosen(fitsOf("nearest", known), aStage({ directory: placed(undefined) }))[0]).toBe("b");
  });

  it("goes by id where nothing tells them apart, and says so", () => {
    expect(
      near([
        { id: "b", at: at(0.1) },
        { id: "a", at: at(0.1) },
      ]),
    ).toEqual(["a", "None is nearer to where the person lives. First by id."]);
    expect(near([{ id: "b" }, { id: "a" }])).toEqual(["a", "How far each is, is not known. First by id."]);
  });
});

describe("single", () => {
  const partnerships = [
    {
      id: "west",
      name: "West (sample)",
      precedence: 20,
      members: [{ authority: ISLINGTON, from: "2026-01-01" }],
    },
    {
      id: "central",
      name: "Central (sample)",
      precedence: 10,
      members: [{ authority: ISLINGTON, from: "2026-01-01", to: "2026-11-16" }],
    },
    { id: "east", name: "East (sample)", precedence: 1, members: [{ authority: HACKNEY, from: "2026-01-01" }] },
  ];
  const by = (...areas: Contract["areas"][]) =>
    fitsOf(
      "single",
      areas.map((one, index) => ({ id: `s${index}`, areas: one })),
    );
  const stage = (day?: string): Stage => ({
    ...aStage({ directory: { partnerships } }),
    ...(day === undefined ? {} : { day }),
  });
  const west = [{ partnership: ["west"] }];
  const central = [{ partnership: ["central"] }];

  it("goes by the partnership with the lower precedence, and says which", () => {
    expect(chosen(by(west, central), stage())).toEqual([
      "s1",
      "At least two contracts fit here. Central (sample) goes first.",
    ]);
  });

  it("counts only partnerships that hold the person on the day", () => {
    const either = [{ partnership: ["west", "central"] }];
    expect(chosen(by(west, either), stage("2026-11-16"))[0]).toBe("s1");
    expect(chosen(by(west, either), stage("2026-11-17"))[0]).toBe("s0");
    expect(chosen(by(west, [{ partnership: ["east", "west"] }]), stage())).toEqual([
      "s0",
      "At least two contracts fit here. First by id.",
    ]);
  });

  it("puts a contract that names the place before partnerships, and one for everywhere last", () => {
    expect(chosen(by(central, [{ authority: [ISLINGTON] }]), stage())).toEqual([
      "s1",
      "At least two contracts fit here. It names the place itself.",
    ]);
    expect(chosen(by([], west), stage())[0]).toBe("s1");
  });

  it("goes by id within one contract", () => {
    const two = fitsOf("single", [
      { id: "b", contract: "one" },
      { id: "a", contract: "one" },
    ]);
    expect(chosen(two)).toEqual(["a", "One contract has more than one service that fits. First by id."]);
  });
});
