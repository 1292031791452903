// A homeless person's own choice of authority, which overrides every rule on areas (Housing Act 1996, section 213B).
import { expect, it } from "vitest";
import { conditionsOf } from "../../../src/core/conditions.ts";
import { aContent, CAMDEN, HACKNEY, ISLINGTON } from "../../builders/content.ts";
import { aDirectory, aProgramme, NOW } from "../../builders/rules.ts";

const verdictIn = (choice: string | undefined, need: "homelessness" | "housing-advice" = "homelessness") => {
  const programme = aProgramme({
    needs: [need],
    areas: [{ authority: [HACKNEY] }],
    eligibility: [{ id: "local", words: "x", health: false, test: { livesIn: [HACKNEY] } }],
  });
  const content = aContent({ need, ...(choice === undefined ? {} : { choice: { authority: choice } }) });
  const area = { home: { authority: ISLINGTON }, homeFrom: "postcode" } as const;
  const conditions = conditionsOf(programme, {
    content,
    area,
    directory: aDirectory(),
    siblings: [],
    overrides: [],
    now: NOW,
  });
  return conditions.filter(({ clause }) => clause !== "compatibility").map(({ verdict }) => verdict.is);
};

it("counts for the programme's areas and for its clauses, wherever the person lives", () => {
  expect(verdictIn(undefined)).toEqual([false, false]);
  expect(verdictIn(HACKNEY)).toEqual([true, true]);
  expect(verdictIn(CAMDEN)).toEqual([false, false]);
});

it("is a choice of homeless people alone, and of England alone", () => {
  expect(verdictIn(HACKNEY, "housing-advice")).toEqual([false, false]);
  expect(verdictIn("W06000015")).toEqual([false, false]);
});
