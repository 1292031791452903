// Places held back for some, and courses: who may take one, what the others see, and what the receipt says.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cohort, RingFence } from "../../../schemas/contract.ts";
import type { Content } from "../../../schemas/referral.ts";
import { decide } from "../../../src/core/decide.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { aContent } from "../../builders/content.ts";
import { aDecision, aDirectory, aProgramme, aService, TODAY } from "../../builders/rules.ts";

const S = "coaching-upper-street";
const FENCE = `${S}#fence:long`;

const aFence = (overrides: Partial<RingFence> = {}): RingFence => ({
  id: "long",
  words: "People out of work for 12 months.",
  service: S,
  places: 3,
  until: TODAY,
  for: { outOfWorkMonths: { atLeast: 12 } },
  ...overrides,
});
const LONG: Content["facts"] = { employment: "out-of-work", unemployedSince: "2025-01-01" };
const SHORT: Content["facts"] = { employment: "out-of-work", unemployedSince: "2026-10-01" };
const UNSAID: Content["facts"] = { employment: "out-of-work" };

type Given = {
  facts?: Content["facts"];
  places?: number | "no limit";
  taken?: Record<string, number>;
  fences?: RingFence[];
  cohorts?: Cohort[];
  /** Fences of another programme in force. */
  elsewhere?: RingFence[];
  now?: Date;
};
const decided = ({ facts = SHORT, places = 10, taken = {}, fences = [], cohorts = [], elsewhere = [], now }: Given) =>
  decide(
    aDecision({
      content: aContent({ facts }),
      directory: aDirectory({ services: [aService(places === "no limit" ? {} : { places })] }),
      programmes: [
        aProgramme({ ringFences: fences, cohorts }),
        aProgramme({ programme: "other", needs: ["training"], ringFences: elsewhere }),
      ],
      capacity: new Map(Object.entries(taken).map(([key, count]) => [key, { taken: count, drawn: {} }])),
      ...(now === undefined ? {} : { now }),
    }),
  );
const takes = (decision: Decision) => (decision.kind === "offer" ? decision.places : decision.kind);
const clause = ({ receipt }: Decision) => receipt.candidates.map((one) => [one.clause, one.words]);

describe("places held back", () => {
  const fences = [aFence()];

  it("go to who meets the test, while any is left; the offer holds both, and the receipt says so", () => {
    const decision = decided({ facts: LONG, fences });
    expect(takes(decision)).toEqual([S, FENCE]);
    expect(decision.receipt.tieBreak).toContain("It takes a held place: People out of work for 12 months.");
    expect(clause(decision)[0]?.[1]).toContain("It takes a held place");
    expect(takes(decided({ facts: LONG, fences, taken: { [S]: 3, [FENCE]: 2 } }))).toEqual([S, FENCE]);
    expect(takes(decided({ facts: LONG, fences, taken: { [S]: 3, [FENCE]: 3 } }))).toEqual([S]);
  });

  it("leave the others only the rest", () => {
    expect(takes(decided({ fences, taken: { [S]: 6 } }))).toEqual([S]);
    const full = decided({ fences, taken: { [S]: 7 } });
    expect(full).toMatchObject({ kind: "unmet", reasons: [{ code: "no-place" }] });
    expect(clause(full)).toEqual([["places", "Its last places are held for others."]]);
    expect(takes(decided({ fences, taken: { [S]: 8, [FENCE]: 2 } }))).toEqual([S]);
    expect(takes(decided({ fences, taken: { [S]: 9, [FENCE]: 2 } }))).toBe("unmet");
  });

  it("are open to all after their day", () => {
    const over = [aFence({ until: "2026-11-15" })];
    expect(takes(decided({ fences: over, taken: { [S]: 9 } }))).toEqual([S]);
    expect(takes(decided({ facts: LONG, fences: over }))).toEqual([S]);
  });

  it("are none when the service is full", () => {
    const full = decided({ facts: LONG, fences, taken: { [S]: 10 } });
    expect(clause(full)).toEqual([["places", "It has no free place."]]);
  });

  it("are not taken by who may not be one of them, nor asked about, while another place is free", () => {
    expect(takes(decided({ facts: UNSAID, fences, taken: { [S]: 6 } }))).toEqual([S]);
    const asked = decided({ facts: UNSAID, fences, taken: { [S]: 7 } });
    expect(asked).toMatchObject({
      kind: "hold",
      why: "information",
      asks: [{ code: "fact-unknown", path: "facts.unemployedSince" }],
    });
    expect(clause(asked)).toEqual([
      ["fence:long", "Only held places are left. Not known: People out of work for 12 months."],
    ]);
    expect(takes(decided({ facts: UNSAID, fences, taken: { [S]: 9, [FENCE]: 3 } }))).toEqual([S]);
    expect(takes(decided({ facts: UNSAID, fences, taken: { [S]: 10, [FENCE]: 3 } }))).toBe("unmet");
  });

  it("are held back from every programme that draws on the service, and opened by their own alone", () => {
    expect(takes(decided({ elsewhere: fences, taken: { [S]: 6 } }))).toEqual([S]);
    expect(takes(decided({ elsewhere: fences, taken: { [S]: 7 } }))).toBe("unmet");
    expect(takes(decided({ facts: LONG, elsewhere: fences, taken: { [S]: 7 } }))).toBe("unmet");
    expect(takes(decided({ facts: UNSAID, elsewhere: fences, taken: { [S]: 7 } }))).toBe("unmet");
    expect(takes(decided({ facts: LONG, fences, elsewhere: fences, taken: { [S]: 9, [FENCE]: 2 } }))).toEqual([
      S,
      FENCE,
    ]);
  });

  it("of two kinds: the first that the person meets, and the other stays held", () => {
    const two = [aFence({ id: "vets", for: { group: ["armed-forces"] }, places: 2 }), ...fences];
    expect(takes(decided({ facts: { ...LONG, groups: [] }, fences: two }))).toEqual([S, FENCE]);
    expect(takes(decided({ facts: { ...LONG, groups: ["armed-forces"] }, fences: two }))).toEqual([
      S,
      `${S}#fence:vets`,
    ]);
    expect(takes(decided({ facts: { ...SHORT, groups: [] }, fences: two, taken: { [S]: 5 } }))).toBe("unmet");
  });

  it("mark a candidate as one of health where their test reads it", () => {
    const sick = [aFence({ for: { any: [{ longTermCondition: true }, { group: ["carer"] }] } })];
    const seen = decided({ facts: { ...SHORT, longTermCondition: true }, fences: sick });
    expect(seen.receipt.candidates[0]).toMatchObject({ health: true });
    expect(decided({ facts: LONG, fences }).receipt.candidates[0]).toMatchObject({ health: false });
  });

  it("have no effect where no limit is known, but are counted", () => {
    expect(takes(decided({ places: "no limit", fences, taken: { [S]: 500 } }))).toEqual([S]);
    expect(takes(decided({ places: "no limit", facts: LONG, fences, taken: { [S]: 500 } }))).toEqual([S, FENCE]);
  });

  it("no crowd takes a place twice or a held place that is not theirs", () => {
    const crowd = fc.array(fc.constantFrom(LONG, SHORT, UNSAID), { minLength: 5, maxLength: 25 });
    fc.assert(
      fc.property(crowd, fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 12 }), (people, held, places) => {
        const taken: Record<string, number> = {};
        let others = 0;
        for (const facts of people) {
          const decision = decided({ facts, places, fences: held === 0 ? [] : [aFence({ places: held })], taken });
          if (decision.kind !== "offer") continue;
          for (const key of decision.places) taken[key] = (taken[key] ?? 0) + 1;
          expect(facts === LONG || !decision.places.includes(FENCE)).toBe(true);
          if (!decision.places.includes(FENCE)) others += 1;
        }
        expect(taken[S] ?? 0).toBeLessThanOrEqual(places);
        expect(taken[FENCE] ?? 0).toBeLessThanOrEqual(held);
        expect(others).toBeLessThanOrEqual(Math.max(0, places - held));
      }),
      { numRuns: 60 },
    );
  });
});

const aCourse = (id: string, opens: string, closes: string, starts: string, places = 2): Cohort => ({
  id,
  service: S,
  opens,
  closes,
  starts,
  places,
});

describe("courses", () => {
  const winter = aCourse("winter", "2026-11-01", "2026-11-20", "2026-12-01");
  const spring = aCourse("spring", "2026-11-10", "2027-01-20", "2027-02-01");
  const summer = aCourse("summer", "2027-03-03", "2027-05-20", "2027-06-01");
  const on = (day: string) => new Date(`${day}T09:00:00Z`);

  it("the earliest start that can be joined and has a place; the offer holds it, and the receipt says when it starts", () => {
    const decision = decided({ cohorts: [summer, spring, winter] });
    expect(takes(decision)).toEqual([S, `${S}#course:winter`]);
    expect(decision.receipt.tieBreak).toContain("Its course starts on 1 December 2026.");
    const full = { [`${S}#course:winter`]: 2 };
    expect(takes(decided({ cohorts: [summer, spring, winter], taken: full }))).toEqual([S, `${S}#course:spring`]);
  });

  it("take people from the day they open to the day they close, and no other", () => {
    const at = (day: string) => takes(decided({ cohorts: [winter], now: on(day) }));
    expect([at("2026-10-31"), at("2026-11-01"), at("2026-11-20"), at("2026-11-21")]).toEqual([
      "unmet",
      [S, `${S}#course:winter`],
      [S, `${S}#course:winter`],
      "unmet",
    ]);
  });

  it("say when the next one opens where none can be joined", () => {
    const seen = (given: Given) => {
      const decision = decided(given);
      expect(decision).toMatchObject({ kind: "unmet", reasons: [{ code: "no-course" }] });
      return clause(decision);
    };
    const cohorts = [summer, winter];
    expect(seen({ cohorts, now: on("2026-12-24") })).toEqual([
      ["course", "No course can be joined now. The next one opens on 3 March 2027."],
    ]);
    expect(seen({ cohorts, taken: { [`${S}#course:winter`]: 2 } })).toEqual([
      ["course", "Each open course is full. The next one opens on 3 March 2027."],
    ]);
    expect(seen({ cohorts, now: on("2027-06-01") })).toEqual([
      ["course", "No course can be joined now. No more are planned."],
    ]);
  });

  it("say nothing of services without courses", () => {
    expect(takes(decided({ cohorts: [{ ...winter, service: "another" }] }))).toEqual([S]);
  });

  it("need a place of the service too, held or not", () => {
    expect(takes(decided({ cohorts: [winter], taken: { [S]: 10 } }))).toBe("unmet");
    const decision = decided({ facts: LONG, cohorts: [winter], fences: [aFence()] });
    expect(takes(decision)).toEqual([S, FENCE, `${S}#course:winter`]);
    expect(decision.receipt.tieBreak).toMatch(/Its course starts on .* It takes a held place/);
  });

  it("count towards the most free places by what is left on the course", () => {
    const services = [aService({ places: 9 }), aService({ id: "b", places: 5 })];
    const contracts = aProgramme({ services: services.map(({ id }) => ({ service: id, share: 1 })) }).contracts;
    const programme = aProgramme({ allocation: "capacity", contracts, cohorts: [winter] });
    const decision = decide(aDecision({ programmes: [programme], directory: aDirectory({ services }) }));
    expect(decision).toMatchObject({ kind: "offer", service: "b" });
  });
});
