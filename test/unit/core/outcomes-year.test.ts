// A simulated year: 500 people with jobs that come and go, asked at their checkpoints, under every definition of the sample programmes.
// A second reckoning, day by day and without any of the code that is tested, must come to the same day.
import fc from "fast-check";
import { expect, it } from "vitest";
import { OutcomeRule } from "../../../schemas/outcome.ts";
import { CHECKPOINTS, type KeptReport, type OutcomeReport } from "../../../schemas/outcome-report.ts";
import type { Programme } from "../../../schemas/programme.ts";
import { noonOf } from "../../../src/core/calendar.ts";
import { againstReport } from "../../../src/core/outcomes/against.ts";
import { checkpointDue, toAsk } from "../../../src/core/outcomes/checkpoints.ts";
import { reachedOn } from "../../../src/core/outcomes/reached.ts";
import { wageRates } from "../../../src/packs.ts";
import { anOffer, OFFER } from "../../builders/journey.ts";
import {
  answerOf,
  asked,
  date,
  dayOf,
  life,
  type Life,
  saidOn,
  START,
  withOutcomes,
  YEAR,
} from "../../builders/year.ts";

const programmes = withOutcomes();
const rates = wageRates();

/** One year as its provider lives it: jobs, wages, checkpoints as they are asked, and a milestone where the programme has it. */
const lived = (one: Life, programme: Programme): { reports: KeptReport[]; asks: number[] } => {
  const offer = anOffer({ status: "started" });
  const reports: KeptReport[] = [];
  const asks: number[] = [];
  const says = (on: string, report: OutcomeReport): void => {
    const standing = { offer, recalls: [], startedOn: START, reports, programme };
    expect(againstReport(standing, report, noonOf(on))).toEqual([]);
    reports.push({ id: OFFER, offer: OFFER, provider: "p", at: noonOf(on), report });
  };
  for (let n = 0; n <= YEAR; n += 1) {
    const on = date(n);
    for (const report of saidOn(one, programme, n)) says(on, report);
    const due = CHECKPOINTS.find((week) => one.from + week * 7 === n);
    if (due === undefined) continue;
    expect(checkpointDue(date(one.from), due)).toBe(on);
    const ask = toAsk(offer, reports, [], on);
    if (ask === undefined) continue;
    asks.push(ask.week);
    const answer = answerOf(one, ask.week);
    says(on, { what: "checkpoint", on, evidence: one.evidence, week: ask.week, answer });
  }
  return { reports, asks };
};

it("carries 500 people through a year under every sample definition", () => {
  expect(new Set(programmes.flatMap(({ outcomes }) => outcomes.map(({ kind }) => kind)))).toEqual(
    new Set(OutcomeRule.shape.kind.options),
  );
  const met = new Set<string>();
  fc.assert(
    fc.property(life, (one) => {
      for (const programme of programmes) {
        const { reports, asks } = lived(one, programme);
        // Every week that is over while a job lasts is asked about, and none while there is none.
        expect(asks).toEqual(asked(one));
        for (const rule of programme.outcomes) {
          const should = dayOf(programme, rule, one);
          const found = reachedOn(programme, rule, { reports, startedOn: START, rates });
          expect([rule.id, found]).toEqual([rule.id, should === undefined ? undefined : date(should)]);
          if (found !== undefined) met.add(`${programme.programme} ${rule.id}`);
        }
      }
    }),
    { numRuns: 500 },
  );
  // Each was reached by somebody: a definition that nobody can meet would prove nothing.
  expect(met.size).toBe(programmes.flatMap(({ outcomes }) => outcomes).length);
}, 120_000);
