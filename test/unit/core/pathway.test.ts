// What comes beside and after: further needs, proposals, what a start waits for, what follows, and an employer's vacancy.
import { describe, expect, it } from "vitest";
import type { Content } from "../../../schemas/referral.ts";
import { openBranches } from "../../../src/core/branch.ts";
import { followsFrom, startWaitsFor } from "../../../src/core/pathway.ts";
import { placementFaults, profileOf } from "../../../src/core/placement.ts";
import { proposalsFor } from "../../../src/core/propose.ts";
import { aContent, allConsents } from "../../builders/content.ts";
import { OFFER, RECEIPT, REFERRAL } from "../../builders/journey.ts";
import { aDirectory, aProgramme, NOW } from "../../builders/rules.ts";

let count = 0;
const draw = { uuid: () => `id-${(count += 1)}`, reference: () => `ref-${(count += 1)}`, now: NOW };
const sibling = (need: string, more: object = {}) => ({ need, started: false, completed: false, ...more });

describe("further referrals of one case", () => {
  const open = (wanted: Parameters<typeof openBranches>[1], siblings: { need?: string }[] = [], content = aContent()) =>
    openBranches({ referral: REFERRAL, content, siblings, sequence: 4 }, wanted, draw);

  it("are opened once for each need that the case does not have yet", () => {
    const { branches, events } = open(
      [
        { need: "childcare", why: "also-needed" },
        { need: "childcare", why: "follows" },
        { need: "employment", why: "also-needed" },
        { need: "debt-advice", why: "also-needed" },
      ],
      [sibling("debt-advice")],
    );
    expect(branches.map((one) => one.content.need)).toEqual(["childcare"]);
    expect(events).toMatchObject([
      {
        referral: REFERRAL,
        sequence: 5,
        body: { type: "branched", to: branches[0]?.id, reference: branches[0]?.reference, need: "childcare" },
      },
    ]);
    expect(branches[0]).toMatchObject({
      event: { referral: branches[0]?.id, sequence: 1, body: { type: "received", need: "childcare" } },
      work: { kind: "assess", subject: branches[0]?.id, due: NOW },
    });
  });

  it("carry the person and their consents, and neither the duty to attend nor the service chosen for another need", () => {
    const content = aContent({
      participation: "mandatory",
      alsoNeeds: ["childcare"],
      choice: { service: "coaching-upper-street", authority: "E09000025" },
    });
    const [branch] = open([{ need: "childcare", why: "also-needed" }], [], content).branches;
    expect(branch?.content).toMatchObject({
      person: content.person,
      consents: content.consents,
      participation: "voluntary",
      choice: { authority: "E09000025" },
    });
    expect(branch?.content.alsoNeeds).toBeUndefined();
    expect(branch?.content.choice?.service).toBeUndefined();
  });
});

const circumstances = (facts: Content["facts"], siblings: ReturnType<typeof sibling>[] = []) => {
  const directory = aDirectory();
  return {
    content: aContent({ facts }),
    area: { homeFrom: "nothing" as const },
    directory,
    siblings,
    overrides: [],
    now: NOW,
  };
};

describe("a proposal", () => {
  const skills = aProgramme({
    programme: "skills-check",
    needs: ["basic-skills"],
    triggers: [{ id: "words", when: { basicSkills: ["literacy"] }, need: "basic-skills", words: "Reads little." }],
  });
  const propose = (facts: Content["facts"], siblings = [] as ReturnType<typeof sibling>[], programme = skills) =>
    proposalsFor([{ programme }], "gp", circumstances(facts, siblings));

  it("comes where a trigger holds", () => {
    expect(propose({ basicSkills: ["literacy"] })).toEqual([
      { programme: "skills-check", trigger: "words", need: "basic-skills", health: false },
    ]);
  });
  it("does not come where the trigger does not hold, or nobody knows", () => {
    expect(propose({ basicSkills: ["digital"] })).toEqual([]);
    expect(propose({})).toEqual([]);
  });
  it("does not come where the case has the need already", () => {
    expect(propose({ basicSkills: ["literacy"] }, [sibling("basic-skills")])).toEqual([]);
  });
  it("does not come where the programme would not have the person, or takes nothing from this door", () => {
    const adults = { id: "old", words: "Is 60.", health: false, test: { age: { atLeast: 60 } } };
    expect(propose({ basicSkills: ["literacy"] }, [], { ...skills, eligibility: [adults] })).toEqual([]);
    expect(propose({ basicSkills: ["literacy"] }, [], { ...skills, mayRefer: ["council"] })).toEqual([]);
  });
  it("is marked where a rule on health led to it", () => {
    const ill = { ...skills, triggers: [{ ...skills.triggers[0]!, when: { longTermCondition: true } }] };
    expect(propose({ longTermCondition: true }, [], ill)).toMatchObject([{ health: true }]);
    const sick = { id: "sick", words: "Is ill.", health: true, test: { longTermCondition: true } };
    expect(
      propose({ basicSkills: ["literacy"], longTermCondition: true }, [], { ...skills, eligibility: [sick] }),
    ).toMatchObject([{ health: true }]);
  });
});

describe("a start", () => {
  const job = aProgramme({
    startWaits: [{ id: "care", need: "childcare", when: { childcareNeeded: true }, words: "Childcare comes first." }],
    leadsTo: [
      { id: "interview", on: "completed", need: "supported-employment", words: "An interview follows." },
      { id: "advice", on: "started", need: "benefits-advice", words: "Advice on pay follows." },
    ],
  });
  const waits = (facts: Content["facts"], siblings = [] as ReturnType<typeof sibling>[]) =>
    startWaitsFor(job, circumstances(facts, siblings)).map(({ code, path, severity }) => [code, path, severity]);

  it("waits for what the programme names, until that has started", () => {
    expect(waits({ childcareNeeded: true })).toEqual([["start-waits", "childcare", "error"]]);
    expect(waits({ childcareNeeded: true }, [sibling("childcare")])).toHaveLength(1);
    expect(waits({ childcareNeeded: true }, [sibling("childcare", { started: true })])).toEqual([]);
    expect(waits({ childcareNeeded: true }, [sibling("debt-advice", { started: true })])).toHaveLength(1);
  });
  it("waits for nobody who does not need it, or of whom nobody knows", () => {
    expect(waits({ childcareNeeded: false })).toEqual([]);
    expect(waits({})).toEqual([]);
  });

  it("and a good end lead on, and a bad end does not", () => {
    const after = (body: Parameters<typeof followsFrom>[1]) => followsFrom(job, body).map(({ need }) => need);
    expect(after({ type: "started", offer: OFFER, on: "2026-11-16" })).toEqual(["benefits-advice"]);
    expect(after({ type: "ended", offer: OFFER, reason: "completed", on: "2026-11-16" })).toEqual([
      "supported-employment",
    ]);
    expect(after({ type: "ended", offer: OFFER, reason: "left-early", on: "2026-11-16" })).toEqual([]);
    expect(after({ type: "unmet", receipt: RECEIPT, reasons: [] })).toEqual([]);
  });
});

describe("a vacancy", () => {
  const vacancy = { id: "till", title: "Sales assistant", places: 3, closes: "2026-11-16", starts: "2026-12-01" };
  const shops = aProgramme({ employers: [{ id: "sample-shop", name: "A shop", pledged: 5, vacancies: [vacancy] }] });
  const placing = { employer: "sample-shop", vacancy: "till", stage: "offered" as const };
  const shared = aContent({
    consents: [
      ...allConsents(),
      {
        kind: "share",
        decision: "given",
        purpose: "referral",
        recipientClasses: ["employer"],
        at: "2026-11-02T10:00:00Z",
      },
    ],
  });
  const faults = (more: { placing?: object; content?: Content; now?: Date; before?: (typeof placing)[] } = {}) =>
    placementFaults(
      shops,
      { ...placing, ...more.placing },
      more.content ?? shared,
      more.now ?? NOW,
      more.before ?? [],
    ).map(({ code }) => code);

  it("takes whom the person let it hear of, up to its last day", () => {
    expect(faults()).toEqual([]);
    expect(faults({ content: aContent() })).toEqual(["consent-missing"]);
    expect(faults({ now: new Date("2026-11-17T09:00:00Z") })).toEqual(["vacancy-closed"]);
  });
  it("goes on after its last day with whom it saw before", () => {
    expect(faults({ now: new Date("2026-11-17T09:00:00Z"), placing: { stage: "filled" }, before: [placing] })).toEqual(
      [],
    );
  });
  it("is one of this programme", () => {
    expect(faults({ placing: { vacancy: "shelf" } })).toEqual(["vacancy-closed"]);
    expect(faults({ placing: { employer: "other" } })).toEqual(["vacancy-closed"]);
  });
  it("never goes back a stage", () => {
    const filled = { ...placing, stage: "filled" } as never;
    expect(faults({ before: [filled] })).toEqual(["not-your-turn"]);
  });

  it("hears wishes and courses, and nothing that says who it is or how well they are", () => {
    const profile = profileOf(
      {
        ...shared,
        facts: { ...shared.facts, rightToWork: true },
        work: { jobPreferences: ["Bakery"], restrictions: ["Bad back"] },
      },
      ["baking-course"],
    );
    expect(profile).toEqual({
      jobPreferences: ["Bakery"],
      preferredHours: undefined,
      rightToWork: true,
      courses: ["baking-course"],
    });
  });
});
