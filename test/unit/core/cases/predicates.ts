// One row for each kind of test, with a case that holds, one that does not and one that nobody knows: inverting any breaks it.
import type { Test } from "../../../../schemas/rule.ts";
import type { Area } from "../../../../schemas/place.ts";
import type { Partnership } from "../../../../schemas/provider.ts";
import type { Content } from "../../../../schemas/referral.ts";
import { ageOn, dayOf } from "../../../../src/core/calendar.ts";
import type { Known } from "../../../../src/core/eligibility.ts";
import { aContent, CAMDEN, ISLINGTON, SURGERY } from "../../../builders/content.ts";
import { NOW } from "../../../builders/rules.ts";

export type With = {
  facts?: Content["facts"];
  person?: Partial<Content["person"]>;
  site?: string;
  need?: Content["need"];
  alsoNeeds?: Content["alsoNeeds"];
  area?: Area;
  now?: Date;
};

export const knowing = ({
  facts = {},
  person = {},
  site,
  area = { homeFrom: "nothing" },
  now = NOW,
  ...needs
}: With): Known => {
  const content = aContent({ facts, person, referrer: { organisation: "sample-referrer", site }, ...needs });
  const { birthDate, practice } = content.person;
  const day = dayOf(now);
  const years = birthDate === undefined ? undefined : ageOn(birthDate, day);
  return { content, area, practice, partnerships: PARTNERSHIPS, day, years };
};
export const PARTNERSHIPS: Partnership[] = [
  {
    id: "north",
    name: "North (sample)",
    precedence: 10,
    members: [{ authority: ISLINGTON, from: "2025-01-01", to: "2026-11-16" }],
  },
];
const at = (authority: string): Area => ({ home: { authority }, homeFrom: "sender" });
const decile = (value: number): Area => ({ home: { authority: ISLINGTON, decile: value }, homeFrom: "postcode" });
const PERIODS: Content["facts"] = {
  assessmentPeriods: [
    { from: "2026-08-12", regime: "light-touch" },
    { from: "2026-10-12", regime: "intensive-work-search" },
    { from: "2026-09-12", regime: "intensive-work-search" },
  ],
};
const past = (startedOn?: string, endedOn?: string): Content["facts"] => ({
  programmes: [{ code: "restart", startedOn, endedOn }],
});
const elsewhere: Content["facts"] = { programmes: [{ code: "other", startedOn: "2026-01-01" }] };
export const unknown = (...missing: string[]) => ({ is: "unknown", missing });

const YES = true;
const NO = false;

/** What is asked, of whom, and the answer; a text is the fact that is missing. */
export const PREDICATES: [string, Test, With, boolean | string][] = [
  ["age, on the birthday", { age: { atLeast: 18 } }, { person: { birthDate: "2008-11-16" } }, YES],
  ["age, a day before", { age: { atLeast: 18 } }, { person: { birthDate: "2008-11-17" } }, NO],
  ["age, at most", { age: { atMost: 24 } }, { person: { birthDate: "2001-11-17" } }, YES],
  ["age, past it", { age: { atMost: 24 } }, { person: { birthDate: "2001-11-16" } }, NO],
  ["age, not said", { age: { atLeast: 18 } }, { person: { birthDate: undefined } }, "person.birthDate"],
  ["lives in", { livesIn: [ISLINGTON] }, { area: at(ISLINGTON) }, YES],
  ["lives elsewhere", { livesIn: [ISLINGTON] }, { area: at(CAMDEN) }, NO],
  ["lives nobody knows where", { livesIn: [ISLINGTON] }, {}, "area"],
  [
    "small area",
    { livesIn: ["E01002704"] },
    { area: { home: { authority: ISLINGTON, lsoa: "E01002704" }, homeFrom: "postcode" } },
    YES,
  ],
  [
    "another small area",
    { livesIn: ["E01002704"] },
    { area: { home: { authority: ISLINGTON, lsoa: "E01000001" }, homeFrom: "postcode" } },
    NO,
  ],
  ["small area not known", { livesIn: ["E01002704"] }, { area: at(ISLINGTON) }, "area"],
  ["health area not known", { livesIn: ["E54000028"] }, { area: at(ISLINGTON) }, "area"],
  ["of working age", { workingAge: true }, { person: { birthDate: "2008-11-16" } }, YES],
  [
    "not of working age in England",
    { workingAge: true },
    { person: { birthDate: "2009-12-01" }, area: at(CAMDEN) },
    NO,
  ],
  ["16 in Wales, past June", { workingAge: true }, { person: { birthDate: "2010-08-31" }, area: at("W06000015") }, YES],
  [
    "16 in Wales, a year below",
    { workingAge: true },
    { person: { birthDate: "2010-09-01" }, area: at("W06000015") },
    NO,
  ],
  [
    "in Wales, not yet on the last Friday of June",
    { workingAge: true },
    { person: { birthDate: "2010-08-31" }, area: at("W06000015"), now: new Date("2026-06-26T12:00:00Z") },
    NO,
  ],
  [
    "in Wales, the day after, though still 15",
    { workingAge: true },
    { person: { birthDate: "2010-08-31" }, area: at("W06000015"), now: new Date("2026-06-27T12:00:00Z") },
    YES,
  ],
  ["not of working age anywhere", { workingAge: true }, { person: { birthDate: "2012-01-01" } }, NO],
  ["below working age is wanted", { workingAge: false }, { person: { birthDate: "2012-01-01" } }, YES],
  [
    "below working age is wanted, in Wales",
    { workingAge: false },
    { person: { birthDate: "2010-08-31" }, area: at("W06000015") },
    NO,
  ],
  ["working age without a birth date", { workingAge: true }, { person: { birthDate: undefined } }, "person.birthDate"],
  ["age on another day", { age: { atLeast: 18, on: "2026-09-01" } }, { person: { birthDate: "2008-09-02" } }, NO],
  ["age on that other day", { age: { atLeast: 18, on: "2026-09-02" } }, { person: { birthDate: "2008-09-02" } }, YES],
  ["16, and nobody knows where", { workingAge: true }, { person: { birthDate: "2010-02-01" } }, "area"],
  ["in a partnership, on its last day", { partnership: ["north"] }, { area: at(ISLINGTON) }, YES],
  [
    "in a partnership, a day too late",
    { partnership: ["north"] },
    { area: at(ISLINGTON), now: new Date("2026-11-17T09:00:00Z") },
    NO,
  ],
  ["in another partnership", { partnership: ["south"] }, { area: at(ISLINGTON) }, NO],
  ["in a partnership nobody knows", { partnership: ["north"] }, {}, "area"],
  ["deprived", { deprivation: { atMost: 2 } }, { area: decile(2) }, YES],
  ["less deprived", { deprivation: { atMost: 2 } }, { area: decile(3) }, NO],
  ["deprivation not known", { deprivation: { atMost: 2 } }, { area: at(ISLINGTON) }, "area"],
  [
    "registered in a health area",
    { registeredIn: ["E54000028"] },
    { area: { homeFrom: "nothing", practice: { practice: SURGERY, authority: ISLINGTON, icb: "E54000028" } } },
    YES,
  ],
  [
    "registered at a practice of the list",
    { registeredIn: [SURGERY, "E54000027"] },
    { person: { practice: SURGERY } },
    YES,
  ],
  [
    "registered at a practice that nobody placed",
    { registeredIn: ["E54000028"] },
    { person: { practice: SURGERY } },
    "person.practice",
  ],
  [
    "registered in another",
    { registeredIn: ["E54000027"] },
    { area: { homeFrom: "nothing", practice: { practice: SURGERY, authority: ISLINGTON, icb: "E54000028" } } },
    NO,
  ],
  [
    "registered nobody knows where",
    { registeredIn: ["E54000028"] },
    { person: { practice: undefined } },
    "person.practice",
  ],
  ["all of the last periods", { allOfLast: { last: 2, regimes: ["intensive-work-search"] } }, { facts: PERIODS }, YES],
  ["not all of the last", { allOfLast: { last: 3, regimes: ["intensive-work-search"] } }, { facts: PERIODS }, NO],
  [
    "too few periods",
    { allOfLast: { last: 3, regimes: ["intensive-work-search", "light-touch"] } },
    {},
    "facts.assessmentPeriods",
  ],
  ["none of the last periods", { noneOfLast: { last: 2, regimes: ["light-touch"] } }, { facts: PERIODS }, YES],
  ["one of the last periods", { noneOfLast: { last: 3, regimes: ["light-touch"] } }, { facts: PERIODS }, NO],
  [
    "a month is missing among them",
    { allOfLast: { last: 2, regimes: ["intensive-work-search"] } },
    {
      facts: {
        assessmentPeriods: [
          { from: "2026-10-12", regime: "intensive-work-search" },
          { from: "2026-08-12", regime: "intensive-work-search" },
        ],
      },
    },
    "facts.assessmentPeriods",
  ],
  [
    "the same month twice is one",
    { noneOfLast: { last: 2, regimes: ["light-touch"] } },
    {
      facts: {
        assessmentPeriods: [
          { from: "2026-10-12", regime: "intensive-work-search" },
          { from: "2026-10-12", regime: "intensive-work-search" },
        ],
      },
    },
    "facts.assessmentPeriods",
  ],
  [
    "a period that has not begun is none",
    { noneOfLast: { last: 1, regimes: ["light-touch"] } },
    {
      facts: {
        assessmentPeriods: [
          { from: "2026-12-12", regime: "light-touch" },
          { from: "2026-11-12", regime: "intensive-work-search" },
        ],
      },
    },
    YES,
  ],
  [
    "one that is older than those asked for",
    { noneOfLast: { last: 2, regimes: ["light-touch"] } },
    { facts: PERIODS },
    YES,
  ],
  [
    "too few to deny",
    { noneOfLast: { last: 4, regimes: ["working-enough"] } },
    { facts: PERIODS },
    "facts.assessmentPeriods",
  ],
  ["days since", { daysSince: { fact: "claimStart", atLeast: 30 } }, { facts: { claimStart: "2026-10-17" } }, YES],
  ["a day short", { daysSince: { fact: "claimStart", atLeast: 30 } }, { facts: { claimStart: "2026-10-18" } }, NO],
  [
    "no more days than",
    { daysSince: { fact: "inWorkSince", atMost: 56 } },
    { facts: { inWorkSince: "2026-09-21" } },
    YES,
  ],
  ["more days than", { daysSince: { fact: "inWorkSince", atMost: 56 } }, { facts: { inWorkSince: "2026-09-20" } }, NO],
  ["days since nobody knows when", { daysSince: { fact: "releasedOn", atMost: 90 } }, {}, "facts.releasedOn"],
  ["needs childcare", { childcareNeeded: true }, { facts: { childcareNeeded: true } }, YES],
  ["needs no childcare", { childcareNeeded: true }, { facts: { childcareNeeded: false } }, NO],
  ["childcare not said", { childcareNeeded: true }, {}, "facts.childcareNeeded"],
  ["a basic skill", { basicSkills: ["esol", "literacy"] }, { facts: { basicSkills: ["literacy"] } }, YES],
  ["another basic skill", { basicSkills: ["esol"] }, { facts: { basicSkills: ["literacy"] } }, NO],
  ["basic skills not said", { basicSkills: ["esol"] }, {}, "facts.basicSkills"],
  ["sex", { sex: ["female"] }, { facts: { sex: "female" } }, YES],
  ["the other sex", { sex: ["female"] }, { facts: { sex: "male" } }, NO],
  ["sex stands in the record, not declared", { sex: ["female"] }, { person: { sex: "female" } }, "facts.sex"],
  ["ethnic group", { ethnicGroup: ["black"] }, { facts: { ethnicGroup: "black" } }, YES],
  ["another ethnic group", { ethnicGroup: ["black"] }, { facts: { ethnicGroup: "white" } }, NO],
  ["ethnic group not declared", { ethnicGroup: ["black"] }, {}, "facts.ethnicGroup"],
  ["belief", { belief: ["sikh"] }, { facts: { belief: "sikh" } }, YES],
  ["another belief", { belief: ["sikh"] }, { facts: { belief: "none" } }, NO],
  ["belief not declared", { belief: ["sikh"] }, {}, "facts.belief"],
  ["of their own will", { participation: ["voluntary"] }, {}, YES],
  ["must attend", { participation: ["mandatory"] }, {}, NO],
  ["the need", { need: ["employment"] }, {}, YES],
  ["a further need", { need: ["childcare"] }, { alsoNeeds: ["childcare"] }, YES],
  ["a need that nobody knows", { need: ["childcare"] }, { need: undefined }, "need"],
  ["another need", { need: ["childcare"] }, {}, NO],
  [
    "two of three",
    { atLeast: { of: 2, tests: [{ rightToWork: true }, { sex: ["male"] }, { disability: true }] } },
    { facts: { rightToWork: true, sex: "male" } },
    YES,
  ],
  [
    "two cannot be reached",
    { atLeast: { of: 2, tests: [{ rightToWork: true }, { sex: ["male"] }, { disability: true }] } },
    { facts: { rightToWork: false, sex: "female" } },
    NO,
  ],
  [
    "one is missing",
    { atLeast: { of: 2, tests: [{ rightToWork: true }, { sex: ["male"] }, { disability: true }] } },
    { facts: { rightToWork: true, sex: "female" } },
    "facts.disability",
  ],
  [
    "all of two",
    { all: [{ rightToWork: true }, { sex: ["male"] }] },
    { facts: { rightToWork: true, sex: "male" } },
    YES,
  ],
  [
    "not all of two, whatever the other",
    { all: [{ rightToWork: true }, { sex: ["male"] }] },
    { facts: { sex: "female" } },
    NO,
  ],
  [
    "all but one that is not known",
    { all: [{ rightToWork: true }, { sex: ["male"] }] },
    { facts: { sex: "male" } },
    "facts.rightToWork",
  ],
  [
    "any of two, whatever the other",
    { any: [{ rightToWork: true }, { sex: ["male"] }] },
    { facts: { sex: "male" } },
    YES,
  ],
  [
    "not any of two",
    { any: [{ rightToWork: true }, { sex: ["male"] }] },
    { facts: { rightToWork: false, sex: "female" } },
    NO,
  ],
  [
    "none that is known",
    { any: [{ rightToWork: true }, { sex: ["male"] }] },
    { facts: { sex: "female" } },
    "facts.rightToWork",
  ],
  ["not so", { not: { rightToWork: true } }, { facts: { rightToWork: false } }, YES],
  ["so", { not: { rightToWork: true } }, { facts: { rightToWork: true } }, NO],
  ["not known to be so", { not: { rightToWork: true } }, {}, "facts.rightToWork"],
  [
    "a period that begins today",
    { allOfLast: { last: 1, regimes: ["light-touch"] } },
    { facts: { assessmentPeriods: [{ from: "2026-11-16", regime: "light-touch" }] } },
    YES,
  ],
  ["registered", { registeredAt: [SURGERY] }, { person: { practice: SURGERY } }, YES],
  ["registered elsewhere", { registeredAt: [SURGERY] }, { person: { practice: "Y00001" } }, NO],
  [
    "registered nobody knows where",
    { registeredAt: [SURGERY] },
    { person: { practice: undefined } },
    "person.practice",
  ],
  ["seen at", { seenAt: [SURGERY] }, { site: SURGERY }, YES],
  ["seen elsewhere", { seenAt: [SURGERY] }, { site: "Y00001" }, NO],
  ["seen at nowhere known", { seenAt: [SURGERY] }, {}, NO],
  ["employment", { employment: ["out-of-work"] }, { facts: { employment: "out-of-work" } }, YES],
  ["other employment", { employment: ["out-of-work"] }, { facts: { employment: "in-work" } }, NO],
  ["employment not said", { employment: ["out-of-work"] }, {}, "facts.employment"],
  ["benefit", { benefit: ["uc"] }, { facts: { benefit: "uc" } }, YES],
  ["other benefit", { benefit: ["uc"] }, { facts: { benefit: "none" } }, NO],
  ["benefit not said", { benefit: ["uc"] }, {}, "facts.benefit"],
  ["regime", { regime: ["light-touch"] }, { facts: { regime: "light-touch" } }, YES],
  ["other regime", { regime: ["light-touch"] }, { facts: { regime: "intensive-work-search" } }, NO],
  ["regime not said", { regime: ["light-touch"] }, {}, "facts.regime"],
  ["housing", { housing: ["homeless"] }, { facts: { housing: "homeless" } }, YES],
  ["no home is homeless", { housing: ["homeless"] }, { person: { home: { kind: "none" } } }, YES],
  [
    "no home, whatever box was ticked",
    { housing: ["homeless"] },
    { person: { home: { kind: "none" } }, facts: { housing: "settled" } },
    YES,
  ],
  ["other housing", { housing: ["homeless"] }, { facts: { housing: "settled" } }, NO],
  ["housing not said", { housing: ["homeless"] }, {}, "facts.housing"],
  [
    "a hidden home says nothing",
    { housing: ["homeless"] },
    { person: { home: { kind: "withheld" } } },
    "facts.housing",
  ],
  ["out of work to the day", { outOfWorkMonths: { atLeast: 12 } }, { facts: { unemployedSince: "2025-11-16" } }, YES],
  [
    "out of work from a day to come",
    { outOfWorkMonths: { atLeast: 1 } },
    { facts: { unemployedSince: "9999-12-31" } },
    NO,
  ],
  [
    "at risk of losing work",
    { outOfWorkMonths: { atLeast: 1 } },
    { facts: { unemployedSince: "2020-01-01", employment: "at-risk" } },
    NO,
  ],
  ["a day short", { outOfWorkMonths: { atLeast: 12 } }, { facts: { unemployedSince: "2025-11-17" } }, NO],
  [
    "in work again",
    { outOfWorkMonths: { atLeast: 1 } },
    { facts: { unemployedSince: "2020-01-01", employment: "in-work" } },
    NO,
  ],
  [
    "since nobody knows when",
    { outOfWorkMonths: { atLeast: 12 } },
    { facts: { employment: "out-of-work" } },
    "facts.unemployedSince",
  ],
  ["condition", { longTermCondition: true }, { facts: { longTermCondition: true } }, YES],
  ["no condition", { longTermCondition: true }, { facts: { longTermCondition: false } }, NO],
  ["no condition wanted", { longTermCondition: false }, { facts: { longTermCondition: false } }, YES],
  ["condition not said", { longTermCondition: true }, {}, "facts.longTermCondition"],
  ["disability", { disability: true }, { facts: { disability: true } }, YES],
  ["no disability", { disability: true }, { facts: { disability: false } }, NO],
  ["disability not said", { disability: true }, {}, "facts.disability"],
  ["right to work", { rightToWork: true }, { facts: { rightToWork: true } }, YES],
  ["no right to work", { rightToWork: true }, { facts: { rightToWork: false } }, NO],
  ["right to work not said", { rightToWork: true }, {}, "facts.rightToWork"],
  ["group", { group: ["carer"] }, { facts: { groups: ["carer"] } }, YES],
  ["other group", { group: ["carer"] }, { facts: { groups: ["lone-parent"] } }, NO],
  ["groups not said", { group: ["carer"] }, {}, "facts.groups"],
  [
    "homeless by housing, and another group asked",
    { group: ["carer"] },
    { facts: { housing: "homeless", groups: [] } },
    NO,
  ],
  ["homeless without a home", { group: ["homeless"] }, { person: { home: { kind: "none" } } }, YES],
  ["homeless by housing", { group: ["homeless"] }, { facts: { housing: "homeless" } }, YES],
  ["never started", { neverStarted: ["restart"] }, { facts: elsewhere }, YES],
  ["started, and long over", { neverStarted: ["restart"] }, { facts: past("2024-01-01", "2024-06-01") }, NO],
  ["referred without a start", { neverStarted: ["restart"] }, { facts: past() }, YES],
  ["starts not said", { neverStarted: ["restart"] }, {}, "facts.programmes"],
  ["not on it", { notOn: ["restart"] }, { facts: elsewhere }, YES],
  ["over today", { notOn: ["restart"] }, { facts: past("2026-01-01", "2026-11-16") }, YES],
  ["over since yesterday", { notOn: ["restart"] }, { facts: past("2026-01-01", "2026-11-15") }, YES],
  ["over tomorrow", { notOn: ["restart"] }, { facts: past("2026-01-01", "2026-11-17") }, NO],
  ["on it", { notOn: ["restart"] }, { facts: past("2026-01-01") }, NO],
  ["on what nobody knows", { notOn: ["restart"] }, {}, "facts.programmes"],
];
