// What would have changed a refusal: the smallest single change, few, and never one that could be gamed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clause, Test } from "../../../schemas/rule.ts";
import { decide } from "../../../src/core/decide.ts";
import type { DecideInput } from "../../../src/core/decision.ts";
import { project } from "../../../src/core/project.ts";
import { anyCrowd, anyInput } from "../../builders/decisions.ts";
import { aContent, allConsents, CAMDEN } from "../../builders/content.ts";
import { aContract, aDecision, aDirectory, aProgramme, aService, NOW } from "../../builders/rules.ts";

const clause = (test: Test, more: Partial<Clause> = {}): Clause => ({
  id: "c",
  words: "A clause.",
  health: false,
  test,
  ...more,
});
const waysOf = (input: Parameters<typeof aDecision>[0]) => decide(aDecision(input)).receipt.alternatives;
const asking = (...eligibility: Clause[]) => [aProgramme({ eligibility })];

describe("what would have changed a refusal", () => {
  it("is nothing where a service was asked, and nothing where nobody may hint", () => {
    expect(waysOf({})).toBeUndefined();
    for (const flags of [{ emergency: true }, { handling: "out-of-band" as const }])
      expect(waysOf({ content: aContent({ flags }) })).toBeUndefined();
  });

  describe("by a day", () => {
    const born = (birthDate: string) => aContent({ person: { birthDate } });
    const out = (unemployedSince: string) => aContent({ facts: { employment: "out-of-work", unemployedSince } });

    it.each([
      ["a birthday", { age: { atLeast: 25 } }, born("2002-03-09"), "2027-03-09"],
      ["a birthday of 29 February", { age: { atLeast: 19 } }, born("2008-02-29"), "2027-03-01"],
      ["the end of youth", { workingAge: true }, born("2009-01-02"), "2027-01-02"],
      ["months out of work", { outOfWorkMonths: { atLeast: 12 } }, out("2026-01-31"), "2027-01-31"],
      ["days since", { daysSince: { fact: "unemployedSince", atLeast: 90 } }, out("2026-11-01"), "2027-01-30"],
      [
        "days since, too few",
        { not: { daysSince: { fact: "unemployedSince", atMost: 30 } } },
        out("2026-11-01"),
        "2026-12-02",
      ],
      [
        "a programme that ends",
        { notOn: ["restart"] },
        aContent({ facts: { programmes: [{ code: "restart", endedOn: "2027-02-01" }] } }),
        "2027-02-01",
      ],
      [
        "the first of several",
        { any: [{ age: { atLeast: 30 } }, { outOfWorkMonths: { atLeast: 6 } }] },
        aContent({
          person: { birthDate: "1997-06-01" },
          facts: { employment: "out-of-work", unemployedSince: "2026-08-01" },
        }),
        "2027-02-01",
      ],
    ] as [string, Test, ReturnType<typeof aContent>, string][])("names %s", (_, test, content, day) => {
      expect(waysOf({ content, programmes: asking(clause(test)) })).toEqual([
        { kind: "time", words: "Coaching (sample) can fit from a later day.", programme: "coaching", day },
      ]);
      // On that day it holds, and not on the day before.
      const on = (at: string) =>
        decide(aDecision({ content, programmes: asking(clause(test)), now: new Date(`${at}T12:00:00Z`) })).kind;
      const before = new Date(Date.parse(`${day}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
      expect([on(before), on(day)]).toEqual(["unmet", "offer"]);
    });

    it("is none that lies years ahead, after the programme's end, or that another clause spoils", () => {
      const content = born("2010-03-09");
      const adult = clause({ age: { atLeast: 18 } });
      expect(waysOf({ content, programmes: asking(clause({ age: { atLeast: 25 } })) })).toBeUndefined();
      expect(waysOf({ content, programmes: asking(adult) })).toMatchObject([{ day: "2028-03-09" }]);
      expect(
        waysOf({ content, programmes: [aProgramme({ eligibility: [adult], validTo: "2028-03-08" })] }),
      ).toBeUndefined();
      const ended = [aContract({ to: "2028-03-08" })];
      expect(waysOf({ content, programmes: [aProgramme({ eligibility: [adult], contracts: ended })] })).toBeUndefined();
      expect(
        waysOf({ content, programmes: asking(adult, clause({ employment: ["in-work"] }, { id: "d" })) }),
      ).toBeUndefined();
    });
  });

  it("is a fact, where one alone is missing", () => {
    const content = aContent({ facts: {}, person: { birthDate: undefined } });
    const adult = clause({ age: { atLeast: 18 } });
    expect(waysOf({ content, programmes: asking(adult) })).toEqual([
      {
        kind: "fact",
        words: "Coaching (sample) may fit. We need to know the date of birth.",
        path: "person.birthDate",
        programme: "coaching",
      },
    ]);
    const two = asking(adult, clause({ employment: ["in-work"] }, { id: "d" }));
    expect(waysOf({ content, programmes: two })).toBeUndefined();
  });

  it("is a yes that was never asked, and never one that was answered with a no", () => {
    const [share, takePart] = allConsents();
    if (share === undefined || takePart === undefined) throw new Error("no consents");
    expect(waysOf({ content: aContent({ consents: [takePart] }) })).toEqual([
      { kind: "consent", words: "Coaching (sample) fits, once there is a yes to share.", programme: "coaching" },
    ]);
    expect(waysOf({ content: aContent({ consents: [share] }) })).toMatchObject([
      { words: "Coaching (sample) fits, once there is a yes to take part." },
    ]);
    for (const decision of ["refused", "withdrawn"] as const)
      expect(waysOf({ content: aContent({ consents: [takePart, { ...share, decision }] }) })).toBeUndefined();
  });

  it("is a place, or a course that opens", () => {
    const full = aDirectory({ services: [aService({ places: 0 })] });
    expect(waysOf({ directory: full })).toEqual([
      {
        kind: "place",
        words: "Coaching at Upper Street (sample) is full. A place may come free.",
        service: "coaching-upper-street",
        programme: "coaching",
      },
    ]);
    const course = {
      id: "spring",
      service: "coaching-upper-street",
      opens: "2027-01-04",
      closes: "2027-01-08",
      starts: "2027-01-11",
      places: 5,
    };
    expect(waysOf({ programmes: [aProgramme({ cohorts: [course] })] })).toEqual([
      {
        kind: "course",
        words: "Coaching at Upper Street (sample) will open a new course.",
        service: "coaching-upper-street",
        day: "2027-01-04",
        programme: "coaching",
      },
    ]);
    expect(
      waysOf({ programmes: [aProgramme({ cohorts: [{ ...course, opens: "2026-01-01", closes: "2026-01-02" }] })] }),
    ).toBeUndefined();
  });

  it("is what must come first, where that alone is missing", () => {
    const requires = [{ programme: "course", is: "completed" as const, words: "The person has done the course." }];
    const content = aContent({ facts: { programmes: [] } });
    expect(waysOf({ content, programmes: [aProgramme({ requires })] })).toMatchObject([
      { kind: "step", words: "Coaching (sample) asks for this first: The person has done the course." },
    ]);
    expect(
      waysOf({ content, programmes: [aProgramme({ requires, eligibility: [clause({ employment: ["in-work"] })] })] }),
    ).toBeUndefined();
  });

  it("is another door, where it would fit there", () => {
    expect(waysOf({ programmes: [aProgramme({ mayRefer: ["council"] })] })).toMatchObject([
      { kind: "service", words: "Coaching (sample) takes this through a council.", programme: "coaching" },
    ]);
    const unfit = aProgramme({ mayRefer: ["council"], eligibility: [clause({ age: { atMost: 10 } })] });
    expect(waysOf({ programmes: [unfit] })).toBeUndefined();
  });

  it("is the nearest service that is open for the need and that no programme draws on", () => {
    const elsewhere = (overrides: Parameters<typeof aService>[0]) => {
      const walkIn = aService({ id: "walk-in", name: "Walk-in", authorities: [], ...overrides });
      return waysOf({ directory: aDirectory({ services: [aService({ status: "closed" }), walkIn] }) });
    };
    expect(elsewhere({})).toEqual([
      { kind: "service", words: "Walk-in helps with this too, and is open.", service: "walk-in" },
    ]);
    for (const not of [
      { status: "paused" as const },
      { authorities: [CAMDEN] },
      { needs: ["training" as const] },
      { places: 0 },
    ])
      expect(elsewhere(not)).toBeUndefined();

    const home = { lat: 51.54, lon: -0.1 };
    const at = (id: string, lat: number) => aService({ id, name: id, at: { lat, lon: -0.1 } });
    const services = [
      aService({ status: "closed" }),
      at("far", 51.6),
      at("near", 51.55),
      aService({ id: "a-lost", name: "lost" }),
    ];
    const directory = aDirectory({ services });
    const area = { home: { authority: "E09000019", at: home }, homeFrom: "postcode" as const };
    expect(waysOf({ directory, area })).toMatchObject([{ service: "near" }]);
  });

  it("looks again for a service where the need, the day, the directory or the programmes are others", () => {
    const needs = ["employment" as const, "training" as const];
    const ended = aContract({ to: "2026-11-16", services: [{ service: "walk-in", share: 1 }] });
    const packs = aDecision({ programmes: [aProgramme({ needs, contracts: [ended], mayRefer: [] })] }).packs;
    const [first] = packs;
    const others = aDecision({ programmes: [aProgramme({ programme: "zzz", mayRefer: [], precedence: 200 })] }).packs;
    const serving = (id: string, need: (typeof needs)[number]) => aService({ id, name: id, needs: [need] });
    const services = [serving("walk-in", "employment"), serving("classes", "training")];
    const found = (input: Parameters<typeof aDecision>[0], read = packs): (string | undefined)[] =>
      decide({ ...aDecision({ directory, ...input }), packs: read }).receipt.alternatives?.map((one) => one.service) ??
      [];
    const directory = aDirectory({ services });

    expect(found({})).toEqual([]);
    expect(found({ content: aContent({ need: "training" }) })).toEqual(["classes"]);
    expect(found({})).toEqual([]);
    expect(found({ now: new Date("2026-11-17T09:30:00Z") })).toEqual(["walk-in"]);
    expect(found({})).toEqual([]);
    const more = aDirectory({ services: [...services, serving("drop-in", "employment")] });
    expect(found({ directory: more })).toEqual(["drop-in"]);
    expect(found({ directory: more }, [first!, ...others])).toEqual(["drop-in"]);
    const upperStreet = aDirectory({ services: [...services, aService()] });
    expect(found({ directory: upperStreet })).toEqual(["coaching-upper-street"]);
    expect(found({ directory: upperStreet }, [first!, ...others])).toEqual([]);
  });

  describe("never hints at what could be gamed", () => {
    it.each([
      ["a group", { group: ["homeless"] }],
      ["health", { longTermCondition: false }],
      ["the right to work", { rightToWork: true }],
      ["a job", { employment: ["in-work"] }],
      ["where to live", { livesIn: [CAMDEN] }],
      ["a faith", { belief: ["sikh"] }],
    ] as [string, Test][])("%s", (_, test) => {
      const content = aContent({
        facts: { employment: "out-of-work", groups: [], longTermCondition: true, rightToWork: false, belief: "none" },
      });
      expect(waysOf({ content, programmes: asking(clause(test)) })).toBeUndefined();
    });

    it("why somebody is excluded, also where time would end it", () => {
      const content = aContent({ facts: { unemployedSince: "2026-11-01" } });
      const exclusions = [clause({ daysSince: { fact: "unemployedSince", atMost: 30 } })];
      expect(waysOf({ content, programmes: [aProgramme({ exclusions })] })).toBeUndefined();
    });
  });

  it("tells a Jobcentre nothing of a programme that asks about health", () => {
    const input: DecideInput = aDecision({
      content: aContent({ person: { birthDate: "2009-01-02" } }),
      programmes: [
        aProgramme({
          eligibility: [
            clause({ age: { atLeast: 18 } }),
            clause({ longTermCondition: true }, { id: "d", health: true }),
          ],
        }),
      ],
    });
    const { receipt } = decide(input);
    expect(receipt.alternatives).toMatchObject([{ kind: "time", health: true }]);
    expect(project(receipt, { kind: "jobcentre", organisation: "x" })).not.toHaveProperty("alternatives");
  });

  it("is at most three that anyone may read and three that not, each of a programme that was read, and no day has passed", () => {
    let some = 0;
    fc.assert(
      fc.property(fc.oneof(anyInput, anyCrowd), (input) => {
        const { receipt, kind } = decide(input);
        const ways = receipt.alternatives ?? [];
        some += ways.length > 0 ? 1 : 0;
        expect(ways.length).toBeLessThanOrEqual(6);
        expect(kind === "offer" ? ways : []).toEqual([]);
        const known = new Set(input.packs.map(({ programme }) => programme.programme));
        for (const { programme, day } of ways) {
          expect(known.has(programme ?? "one") || programme === undefined).toBe(true);
          expect((day ?? "9999") > NOW.toISOString().slice(0, 10)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
    expect(some).toBeGreaterThan(15);
  });
});
