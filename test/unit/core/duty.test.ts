// The duty to refer homeless people (Housing Act 1996, section 213B): who has it, whose choice counts, and what the receipt says.
import { describe, expect, it } from "vitest";
import { AuthorityType, DUTY_TO_REFER } from "../../../schemas/duty.ts";
import type { AreaRule } from "../../../schemas/area.ts";
import type { Consent } from "../../../schemas/consent.ts";
import type { Content } from "../../../schemas/referral.ts";
import { decide } from "../../../src/core/decide.ts";
import { listedAs } from "../../../src/core/duty.ts";
import { project } from "../../../src/core/project.ts";
import { stillHolds } from "../../../src/core/recheck.ts";
import { aContent, HACKNEY, NEWHAM, SURGERY } from "../../builders/content.ts";
import { anOffer } from "../../builders/journey.ts";
import { aContract, aDecision, aDirectory, anOrganisation, aProgramme, aService, NOW } from "../../builders/rules.ts";

const at = "2026-11-10T10:00:00Z";
const agreed = (authority = HACKNEY): Consent[] => [
  { kind: "duty-to-refer", decision: "given", purpose: "duty-to-refer", chosenAuthority: authority, at },
  { kind: "contact-details", decision: "given", purpose: "duty-to-refer", at },
];
const homeless = (more: Parameters<typeof aContent>[0] = {}): Content =>
  aContent({
    need: "homelessness",
    facts: { housing: "homeless" },
    consents: agreed(),
    ...more,
    person: { home: { kind: "address", lines: [], postcode: "E6 2RP" }, ...more.person },
  });

const directory = aDirectory({
  organisations: [
    anOrganisation({ id: "hackney-team", class: "council" }),
    anOrganisation({ id: "newham-team", class: "council" }),
  ],
  services: [
    aService({ id: "hackney", organisation: "hackney-team", needs: ["homelessness"], authorities: [HACKNEY] }),
    aService({
      id: "newham",
      organisation: "newham-team",
      needs: ["homelessness"],
      authorities: [NEWHAM],
      sites: [SURGERY],
    }),
  ],
});
const teams = (newham: AreaRule[] = [{ authority: [NEWHAM] }]) =>
  aProgramme({
    needs: ["homelessness"],
    consents: [
      { kind: "duty-to-refer", purpose: "duty-to-refer" },
      { kind: "contact-details", purpose: "duty-to-refer" },
    ],
    contracts: [
      aContract({
        contract: "hackney",
        prime: "hackney-team",
        areas: [{ authority: [HACKNEY] }],
        services: [{ service: "hackney", share: 1 }],
      }),
      aContract({
        contract: "newham",
        prime: "newham-team",
        areas: newham,
        services: [{ service: "newham", share: 1 }],
      }),
    ],
  });
const question = (content: Content, authority?: AuthorityType, programme = teams()) => {
  const input = aDecision({ content, directory, programmes: [programme] });
  return { ...input, referral: { ...input.referral, ...(authority === undefined ? {} : { authority }) } };
};
const decided = (...given: Parameters<typeof question>) => decide(question(...given));

describe("who sends it", () => {
  it("is a listed body by what it said at registration; a Jobcentre is one, and a practice is none", () => {
    expect(listedAs({ kind: "gp" })).toBeUndefined();
    expect(listedAs({ kind: "council" })).toBeUndefined();
    expect(listedAs({ kind: "jobcentre" })).toBe("jobcentre-plus");
    expect(listedAs({ kind: "jobcentre", authorityType: "probation" })).toBe("probation");
    expect(listedAs({ kind: "gp", authorityType: "inpatient-hospital" })).toBe("inpatient-hospital");
  });

  it.each(AuthorityType.options)("%s sends under the duty, and the receipt cites the statute", (type) => {
    expect(decided(homeless(), type).receipt.duty).toEqual({
      referred: "under-duty",
      as: type,
      authority: HACKNEY,
      ...DUTY_TO_REFER,
      words: "Sent under the duty to refer, to the council that the person chose.",
    });
  });

  it("anybody else refers voluntarily, to the same team", () => {
    const { kind, receipt } = decided(homeless());
    expect([kind, receipt.offered?.service]).toEqual(["offer", "hackney"]);
    expect(receipt.duty).toMatchObject({ referred: "voluntary", authority: HACKNEY, ...DUTY_TO_REFER });
    expect(receipt.duty?.as).toBeUndefined();
    expect(receipt.duty?.words).toContain("voluntary referral");
  });

  it("is said by no receipt of another need, nor where nobody asks for the statutory consent", () => {
    const other = aProgramme({ ...teams(), needs: ["homelessness"], consents: [] });
    expect(decided(homeless(), "prison", other).receipt).not.toHaveProperty("duty");
    const chosen = aContent({ choice: { authority: HACKNEY } });
    expect(decide(aDecision({ content: chosen })).receipt).not.toHaveProperty("duty");
  });
});

describe("the person's choice", () => {
  it("goes before every rule on areas: home, practice, surgery and deprivation", () => {
    const rules: AreaRule[][] = [
      [{ authority: [NEWHAM] }],
      [{ registeredWith: [SURGERY] }],
      [{ registeredWith: ["E54000029", SURGERY] }],
      [{ ward: ["E05013904"] }],
      [{ lsoa: ["E01003479"] }],
    ];
    const content = homeless({ person: { practice: SURGERY } });
    for (const areas of rules)
      expect([areas, decided(content, "jobcentre-plus", teams(areas)).receipt.offered?.service]).toEqual([
        areas,
        "hackney",
      ]);
    const declined = { ...question(content, "jobcentre-plus"), declined: ["hackney"] };
    // Newham's team works at the surgery where the person was seen, and is still not the one that they chose.
    expect(decide(declined).kind).toBe("unmet");
    const poor = aProgramme({ ...teams(), areas: [{ deprivation: { atMost: 1 } }] });
    expect(decided(content, "jobcentre-plus", poor).receipt.offered?.service).toBe("hackney");
  });

  it("still stands when the offer is judged again before it leaves", () => {
    const input = question(homeless(), "jobcentre-plus");
    const offer = anOffer({ contract: "hackney", service: "hackney", provider: "hackney-team", places: ["hackney"] });
    expect(stillHolds({ ...input, offer })).toEqual({ holds: true });
  });

  it("counts from wherever the person is, and is one of England alone", () => {
    const from = (authority: string, chosen: string) =>
      decided(
        homeless({
          person: { practice: undefined, home: { kind: "not-said" }, authority },
          consents: [],
          choice: { authority: chosen },
        }),
        "prison",
        aProgramme({ ...teams(), consents: [] }),
      );
    expect(from("W06000015", HACKNEY).receipt.offered?.service).toBe("hackney");
    expect(from(NEWHAM, "W06000015").receipt.offered?.service).toBe("newham");
    for (const abroad of ["W06000015", "S12000036", "N09000003"]) {
      const { kind, receipt } = from(abroad, abroad);
      expect(kind).toBe("unmet");
      expect(receipt.reasons.map(({ code }) => code)).toEqual(["no-service", "authority-not-england"]);
    }
    expect(from("W06000015", "E09000008").receipt.reasons.map(({ code }) => code)).toEqual(["no-service"]);
  });
});

describe("the statutory consents", () => {
  it("are both needed: the yes to the referral, and leave to pass on how the person can be reached", () => {
    const [duty, contact] = agreed() as [Consent, Consent];
    for (const consents of [[], [duty], [contact]]) {
      const content = homeless({ consents, choice: { authority: HACKNEY } });
      const held = decided(content, "prison");
      expect(held).toMatchObject({ kind: "hold", why: "consent", asks: [{ code: "consent-missing" }] });
      expect(held.receipt.duty).toMatchObject({ referred: "under-duty" });
    }
    expect(decided(homeless({ consents: [{ ...duty, decision: "refused" }, contact] }), "prison").kind).not.toBe(
      "offer",
    );
  });

  it("stand where they name the authority itself, whichever team serves it", () => {
    const consents = agreed().map((one) => ({ ...one, chosenAuthority: HACKNEY, recipients: [HACKNEY] }));
    expect(decided(homeless({ consents })).receipt.offered?.service).toBe("hackney");
    const another = agreed().map((one) => ({ ...one, recipients: ["some-charity"] }));
    expect(decided(homeless({ consents: another })).kind).toBe("hold");
  });
});

it("is shown to the sender, the team and the commissioner with the offer, and tells a Jobcentre nothing before", () => {
  const { receipt } = decided(homeless(), "jobcentre-plus");
  const shown = (kind: "gp" | "jobcentre" | "provider" | "operator", organisation = "hackney-team") =>
    project(receipt, { kind, organisation }).duty?.referred;
  expect(shown("gp")).toBe("under-duty");
  expect(shown("jobcentre")).toBe("under-duty");
  expect(shown("provider")).toBe("under-duty");
  expect(shown("provider", "newham-team")).toBeUndefined();
  expect(shown("operator")).toBe("under-duty");
  const held = decided(homeless({ consents: agreed().slice(0, 1) }), "jobcentre-plus").receipt;
  expect(held.duty).toBeDefined();
  expect(project(held, { kind: "jobcentre", organisation: "x" }).duty).toBeUndefined();
  expect(NOW.getTime()).toBe(Date.parse(receipt.decidedAt));
});
