// Each clause has a test that fails when the clause is inverted: every question that the rules ask is turned round, one at a
// time, and some row of the tables must then come out otherwise.
import { isDeepStrictEqual } from "node:util";
import { expect, it } from "vitest";
import { aPerson } from "../../builders/content.ts";
import { NOW } from "../../builders/rules.ts";
import { AREAS, GAZETTEER, PLACED, whereabouts } from "./cases/areas.ts";
import { ACTIVATIONS, FOLDERS, IN_FORCE, STANDS } from "./cases/activations.ts";
import { DUTIES, FOLLOWING, PROPOSALS, STARTS } from "./cases/beside.ts";
import { answerIn, ASKED, CHARITY, KINDS, LEFT_OUT, OPEN, openingOf, SHARING } from "./cases/consents.ts";
import { DECISIONS, deciding, DRAWN, DRAWS, HOLDS, inShort, saidIn, TOLD } from "./cases/decisions.ts";
import { knowing, PREDICATES } from "./cases/predicates.ts";
import { codesOf, inputOf, LEAVING, STARTING } from "./cases/rechecks.ts";
import type { DecideInput } from "../../../src/core/decision.ts";
import { type Core, grow } from "./mutants/grow.ts";

const RULES = [
  "eligibility",
  "verdict",
  "area",
  "conditions",
  "contracts",
  "coverage",
  "drops",
  "match",
  "fences",
  "courses",
  "choice",
  "allocate",
  "shares",
  "decide",
  "draws",
  "recipients",
  "consent",
  "withhold",
  "recheck",
  "duty",
  "pathway",
  "propose",
  "health",
  "activation",
];

/** What changes nothing however it is turned, and why. */
const NO_DIFFERENCE = [
  // Months out of work are counted from one: nobody who lost work today is past them.
  "eligibility: facts.unemployedSince <= day, by its edge",
  // Of two fences of one size, either will do: words and test come from the programme's own.
  "fences: fence.places > (byKey.get(key)?.places ?? 0), by its edge",
  // A difference of exactly the rounding error is none.
  "allocate: Math.abs(one - other) > ROUNDING, by its edge",
  "shares: lag >= slack - ROUNDING, by its edge",
  // Of two days that are the same, either will do.
  "activation: from > validFrom, by its edge",
  "activation: one.from > today, by its edge",
];

type Row = { holds(core: Core): boolean };

type Read = { packs: DecideInput["packs"]; directory: DecideInput["directory"] };

/** Packs and a directory that were never read before: what was made ready of others would hide a mistake. */
const anew = <T extends Read>(input: T): T => ({
  ...input,
  packs: input.packs.map((pack) => ({ ...pack, programme: structuredClone(pack.programme) })),
  directory: { ...input.directory },
});

/** A row is asked of every mutant. */
const rows: Row[] = [
  // These cost next to nothing, and would each wait for all the decisions.
  ...[DUTIES, PROPOSALS, STARTS, FOLLOWING, IN_FORCE, STANDS, FOLDERS, ACTIVATIONS]
    .flat()
    .map(([, came, expected]): Row => ({ holds: (core) => isDeepStrictEqual(came(core), expected) })),
  ...PREDICATES.map(([, test, given, expected]): Row => {
    const known = knowing(given);
    return { holds: ({ evaluate }) => isDeepStrictEqual(evaluate({ ...test }, known), verdictOf(expected)) };
  }),
  ...AREAS.map(([, rules, given, expected]): Row => {
    const where = whereabouts(given);
    return { holds: ({ withinAreas }) => isDeepStrictEqual(withinAreas(rules, where), verdictOf(expected)) };
  }),
  ...DECISIONS.map(([, given, came]): Row => {
    const input = deciding(given);
    return { holds: ({ decide }) => isDeepStrictEqual(inShort(decide(anew(input))), came) };
  }),
  ...PLACED.map(([, given, area]): Row => {
    const person = aPerson(given);
    // A directory that was never read before: what is kept of another would hide a mistake.
    return { holds: ({ placeOf }) => isDeepStrictEqual(placeOf(person, { ...GAZETTEER }), area) };
  }),
  ...TOLD.map(([, given, says, never = /^$/]): Row => {
    const input = deciding(given);
    return {
      holds: ({ decide }) => {
        const said = saidIn(decide(anew(input)));
        return says.test(said) && !never.test(said) && !said.includes("undefined");
      },
    };
  }),
  ...HOLDS.map(([, given, days]): Row => {
    const input = deciding(given);
    return {
      holds: ({ decide }) => {
        const decision = decide(anew(input));
        return decision.kind === "hold" && decision.days === days;
      },
    };
  }),
  ...DRAWS.map(([, need, programmes, services]): Row => ({
    holds: ({ drawsFor }) => isDeepStrictEqual(drawsFor(need, DRAWN), { programmes, services }),
  })),
  ...SHARING.map(([, consents, answer, to = CHARITY]): Row => ({
    holds: ({ mayShare }) => answerIn(mayShare(consents, to, "referral", NOW)) === answer,
  })),
  ...ASKED.map(([, rule, { consents = [], participation = "voluntary", to = CHARITY }, answer]): Row => ({
    holds: ({ permits }) => answerIn(permits(rule, { consents, participation }, to, NOW)) === answer,
  })),
  ...LEFT_OUT.map(([, consents, kinds, to = CHARITY]): Row => ({
    holds: ({ leavesOut }) => isDeepStrictEqual(leavesOut(consents, to, "referral", NOW), kinds),
  })),
  ...OPEN.map(([, open, fields]): Row => {
    const { programme, to, content } = openingOf(open);
    return { holds: ({ fieldsOpenTo }) => isDeepStrictEqual(fieldsOpenTo(programme, to, content, NOW), fields) };
  }),
  ...KINDS.map(([fields, kinds]): Row => ({ holds: ({ kindsOf }) => isDeepStrictEqual(kindsOf(fields), kinds) })),
  ...LEAVING.map(([, changed, codes]): Row => {
    const input = inputOf(changed);
    return { holds: ({ stillHolds }) => isDeepStrictEqual(codesOf(stillHolds(anew(input))), codes) };
  }),
  ...STARTING.map(([, changed, on, codes]): Row => {
    const input = inputOf(changed);
    return { holds: ({ mayStart }) => isDeepStrictEqual(codesOf(mayStart(anew(input), on)), codes) };
  }),
];

const verdictOf = (expected: boolean | string) =>
  typeof expected === "string" ? { is: "unknown", missing: [expected] } : { is: expected };

const holds = (row: Row, core: Core): boolean => {
  try {
    return row.holds(core);
  } catch {
    return false;
  }
};

/** Some hundred programs are each run against every row. */
const PATIENCE_MS = 90_000;

it("every inverted clause is noticed by a row of the tables", { timeout: PATIENCE_MS }, async () => {
  const { core, mutants, turn } = await grow(RULES);
  expect(rows.filter((row) => !holds(row, core))).toEqual([]);
  const unnoticed = mutants.filter(({ id }) => {
    turn(id);
    return rows.every((row) => holds(row, core));
  });
  turn(undefined);
  expect(mutants.length).toBeGreaterThan(200);
  expect(unnoticed.map(({ file, from }) => `${file}: ${from}`).sort()).toEqual(NO_DIFFERENCE.toSorted());
});
