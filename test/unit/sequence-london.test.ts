// Course, then interview, then job, by the sample packs as they stand: each step opens the next, and nothing comes before its turn.
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadRulebook } from "../../adapters/directory/packs.ts";
import type { Sibling } from "../../schemas/case.ts";
import type { Consent } from "../../schemas/consent.ts";
import type { Content } from "../../schemas/referral.ts";
import { placeOf } from "../../src/core/area.ts";
import { decide } from "../../src/core/decide.ts";
import { followsFrom, startWaitsFor } from "../../src/core/pathway.ts";
import { placementFaults, profileOf } from "../../src/core/placement.ts";
import { aContent, allConsents, NEWHAM } from "../builders/content.ts";
import { aDecision, NOW } from "../builders/rules.ts";

const loaded = loadRulebook(join(import.meta.dirname, "../../packs/london"));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
const { rulebook } = loaded;
const directory = rulebook.directory();
const packs = rulebook.inForce(NOW);
const packOf = (name: string) => packs.find(({ programme }) => programme.programme === name)!.programme;
const BOOTCAMP = packOf("skills-bootcamp");
const INTERVIEWS = packOf("newham-guaranteed-interviews");

/** Lives in Newham, lost work a short while ago, has a small child. */
const needing = (need: Content["need"], consents: Consent[] = allConsents()): Content =>
  aContent({
    need,
    consents,
    person: { birthDate: "1993-05-05", practice: undefined, home: { kind: "not-said" }, authority: NEWHAM },
    facts: {
      employment: "out-of-work",
      unemployedSince: "2026-10-01",
      rightToWork: true,
      longTermCondition: false,
      disability: false,
      groups: [],
      childcareNeeded: true,
      programmes: [],
    },
  });
const circumstances = (content: Content, siblings: Sibling[]) => ({
  ...aDecision({ content, directory, siblings, area: placeOf(content.person, directory) }),
  packs,
});
const decided = (need: Content["need"], siblings: Sibling[]) => decide(circumstances(needing(need), siblings));
const course = (done: Partial<Sibling>): Sibling => ({
  need: "training",
  programme: "skills-bootcamp",
  started: true,
  completed: false,
  ...done,
});

it("the course comes first, and a good end of it opens the interview", () => {
  expect(decided("training", [])).toMatchObject({ kind: "offer", programme: "skills-bootcamp" });
  const after = (reason: "completed" | "left-early") =>
    followsFrom(BOOTCAMP, { type: "ended", offer: "o", reason, on: "2026-11-16" }).map(({ need }) => need);
  expect(after("completed")).toEqual(["employment"]);
  expect(after("left-early")).toEqual([]);
});

it("nobody is sent to the interview before the course is done", () => {
  for (const siblings of [[], [course({ started: false })], [course({})]]) {
    const { receipt } = decided("employment", siblings);
    expect(receipt.offered?.programme).not.toBe(INTERVIEWS.programme);
    expect(receipt.candidates.find(({ programme }) => programme === INTERVIEWS.programme)?.clause).toBe(
      "requires:skills-bootcamp",
    );
  }
  expect(decided("employment", [course({ completed: true })])).toMatchObject({
    kind: "offer",
    programme: INTERVIEWS.programme,
    service: "sample-interviews-newham",
  });
});

it("the start waits for childcare, and with it comes advice on a wage", () => {
  const waits = (childcare: Partial<Sibling>[]) =>
    startWaitsFor(
      INTERVIEWS,
      circumstances(
        needing("employment"),
        childcare.map((one) => ({ need: "childcare", started: false, completed: false, ...one })),
      ),
    ).map(({ code, path }) => `${code} ${path}`);
  expect(waits([])).toEqual(["start-waits childcare"]);
  expect(waits([{}])).toEqual(["start-waits childcare"]);
  expect(waits([{ started: true }])).toEqual([]);
  expect(followsFrom(INTERVIEWS, { type: "started", offer: "o", on: "2026-11-16" })).toEqual([
    { need: "benefits-advice", why: "follows" },
  ]);
});

it("an employer is shown whom the person lets it see, with the course and without a name, and never goes back a stage", () => {
  const role = { employer: "sample-department-store", vacancy: "sales-assistant" };
  const yes: Consent = {
    kind: "share",
    decision: "given",
    purpose: "referral",
    recipientClasses: ["employer"],
    at: "2026-11-02T10:00:00Z",
  };
  const offered = { ...role, stage: "offered" as const };
  const faults = (consents: Consent[], before: Parameters<typeof placementFaults>[4] = [], on = NOW) =>
    placementFaults(INTERVIEWS, offered, needing("employment", consents), on, before).map(({ code }) => code);
  expect(faults(allConsents())).toEqual(["consent-missing"]);
  expect(faults([yes])).toEqual([]);
  expect(faults([yes], [{ ...role, stage: "filled" }])).toEqual(["not-your-turn"]);
  expect(faults([yes], [], new Date("2027-01-16T09:30:00Z"))).toEqual(["vacancy-closed"]);
  expect(profileOf(needing("employment"), ["skills-bootcamp"])).toEqual({
    jobPreferences: [],
    rightToWork: true,
    courses: ["skills-bootcamp"],
  });
});
