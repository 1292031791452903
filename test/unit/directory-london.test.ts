// The London packs as a whole: who is sent where. Each case is one that the demonstration shows too.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadRulebook } from "../../adapters/directory/packs.ts";
import type { Content, Door } from "../../schemas/referral.ts";
import { placeOf } from "../../src/core/area.ts";
import { servicesOf } from "../../src/core/contracts.ts";
import { reachedOn } from "../../src/core/outcomes/reached.ts";
import { wageRates } from "../../src/packs.ts";
import { decide } from "../../src/core/decide.ts";
import { aContent, allConsents, CAMDEN, HACKNEY, ISLINGTON, NEWHAM, SURGERY } from "../builders/content.ts";
import { aDecision, NOW } from "../builders/rules.ts";

const loaded = loadRulebook(join(import.meta.dirname, "../../packs/london"));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
const directory = loaded.rulebook.directory();

const sent = (door: Door, content: Content, declined: string[] = []) => {
  const input = aDecision({ content, directory, declined, area: placeOf(content.person, directory) });
  return decide({ ...input, packs: loaded.rulebook.inForce(NOW), referral: { ...input.referral, door } });
};
const nobody = { birthDate: "1988-05-05", practice: undefined, home: { kind: "none" } } as const;

describe("what a job is worth, by sub-region", () => {
  const programmeOf = (id: string) =>
    loaded.rulebook.inForce(NOW).find(({ programme }) => programme.programme === id)?.programme;
  /** A job that begins on a day with such pay, under one of the four. */
  const reached = (id: string, hourlyRate: number, on = "2026-11-16"): string[] => {
    const programme = programmeOf(id);
    const report = { what: "job-started", on, employment: "paid", hours: 20, hourlyRate, evidence: "payslip" } as const;
    const told = { reports: [{ report, at: NOW }], startedOn: "2026-05-04", rates: wageRates() };
    return (programme?.outcomes ?? [])
      .filter((rule) => programme && reachedOn(programme, rule, told))
      .map(({ id: one }) => one);
  };
  const TIERS = ["central", "west", "south"].map((one) => `connect-to-work-${one}-london`);

  it.each(TIERS)("%s has a tier for the London Living Wage of its day", (id) => {
    expect(reached(id, 14.8)).toContain("london-living-wage");
    expect(reached(id, 14.79)).not.toContain("london-living-wage");
    expect(reached(id, 13.85, "2026-05-01")).not.toContain("london-living-wage");
  });

  it("local London has none", () => {
    expect(programmeOf("connect-to-work-local-london")?.outcomes).not.toEqual([]);
    expect(reached("connect-to-work-local-london", 99)).not.toContain("london-living-wage");
    expect(reached("connect-to-work-local-london", 99)).not.toEqual([]);
  });
});

describe("wage rates", () => {
  it("each names the page with which it was compared", () => {
    for (const rows of Object.values(wageRates().rates))
      for (const { source, unverified } of rows) {
        expect(unverified).toBe(false);
        expect(new URL(source).pathname.length).toBeGreaterThan(1);
      }
  });
});

describe("in London", () => {
  it("an Islington patient with a long-term condition and no job goes to coaching at the surgery", () => {
    const decision = sent("gp", aContent());
    expect(decision).toMatchObject({ kind: "offer", service: "sample-coaching-at-the-surgery" });
    expect(decision.receipt.tieBreak).toBe("It works where the person is seen.");
    expect(sent("gp", aContent(), ["sample-coaching-at-the-surgery"])).toMatchObject({
      service: "sample-coaching-town-hall",
    });
  });

  it("a Newham resident long out of work is handed to Workplace by the Jobcentre", () => {
    const content = aContent({
      person: { ...nobody, home: { kind: "address", lines: [], postcode: "E6 2RP" } },
      facts: { employment: "out-of-work", unemployedSince: "2024-11-01" },
      referrer: { organisation: "sample-jobcentre" },
    });
    expect(sent("jobcentre", content)).toMatchObject({ kind: "offer", service: "sample-newham-workplace" });
  });

  it("a homeless person without an address goes to Ready to Work, by the council's code", () => {
    const content = aContent({
      person: { ...nobody, authority: CAMDEN },
      facts: { employment: "out-of-work" },
      referrer: { organisation: CAMDEN },
    });
    expect(sent("council", content)).toMatchObject({ kind: "offer", programme: "ready-to-work" });
    const help = aContent({ ...content, need: "homelessness" });
    expect(sent("council", help)).toMatchObject({ kind: "offer", programme: "homelessness-support" });
    expect(sent("council", aContent({ ...help, choice: { authority: NEWHAM } }))).toMatchObject({
      service: "sample-streets-to-home-east",
    });
  });

  it("a homeless person goes to the housing team of the council that they chose, wherever they live or were seen", () => {
    const said = { decision: "given", purpose: "duty-to-refer", at: "2026-11-02T10:00:00Z" } as const;
    const content = aContent({
      need: "homelessness",
      person: { ...nobody, practice: "F84999", home: { kind: "address", lines: [], postcode: "E6 2RP" } },
      referrer: { organisation: "F84999", site: "F84999" },
      facts: { housing: "threatened" },
      consents: [
        { ...said, kind: "duty-to-refer", chosenAuthority: HACKNEY },
        { ...said, kind: "contact-details" },
      ],
    });
    for (const door of ["gp", "jobcentre", "council"] as const) {
      const decision = sent(door, content);
      expect(decision).toMatchObject({ kind: "offer", service: "sample-housing-options-hackney" });
      expect(decision.receipt.duty).toMatchObject({ authority: HACKNEY });
      expect(decision.receipt.withheld).toEqual(expect.not.arrayContaining(["phones"]));
    }
  });

  it("a person who gave no permission waits, and the referrer is told", () => {
    expect(sent("gp", aContent({ consents: [] }))).toMatchObject({ kind: "hold", why: "consent" });
  });

  it("a consent to direct care reaches link workers of the NHS, and no charity", () => {
    const [share] = allConsents();
    const care = { ...share, kind: "share", decision: "given", purpose: "direct-care" } as const;
    const content = (need: Content["need"]) =>
      aContent({ need, consents: [{ ...care, recipientClasses: ["nhs", "charity"] }] });
    expect(sent("gp", content("social-support"))).toMatchObject({ kind: "offer", provider: "sample-link-workers" });
    expect(sent("gp", content("legal-advice"))).toMatchObject({ kind: "hold", why: "consent" });
  });

  it("a person whom nobody serves is recorded as unmet need", () => {
    const home = { kind: "address", lines: [], postcode: "CR0 1EA" } as const;
    const content = (need: Content["need"], facts: Content["facts"] = {}) =>
      aContent({ need, facts, person: { ...nobody, home: { ...home, lines: [] } } });
    expect(sent("gp", content("debt-advice"))).toMatchObject({ kind: "unmet", reasons: [{ code: "not-eligible" }] });
  });

  it.each([
    ["E09000009", "sample-connect-west"],
    ["E09000008", "sample-connect-south"],
    ["E09000031", "sample-connect-local-london"],
    ["E09000032", "sample-connect-central"],
  ])("Connect to Work follows the sub-region: %s goes to %s", (authority, service) => {
    const content = aContent({
      need: "supported-employment",
      person: { ...nobody, home: { kind: "not-said" }, authority },
      facts: { employment: "out-of-work", rightToWork: true, disability: true, programmes: [] },
    });
    expect(sent("jobcentre", content)).toMatchObject({ kind: "offer", service });
  });

  it("shares Connect to Work in Islington, Camden and Hackney between the council and the city-wide service", () => {
    for (const [authority, council] of [
      [ISLINGTON, "sample-connect-islington"],
      [CAMDEN, "sample-connect-camden"],
      [HACKNEY, "sample-connect-hackney"],
    ] as const) {
      const content = aContent({
        need: "supported-employment",
        person: { ...nobody, home: { kind: "not-said" }, authority },
        facts: { employment: "out-of-work", rightToWork: true, disability: true, programmes: [] },
      });
      expect(sent("gp", content)).toMatchObject({ service: council });
      expect(sent("gp", content, [council])).toMatchObject({ service: "sample-connect-central" });
    }
  });

  it("every service of the directory can be reached through some programme, and every site is a known practice", () => {
    const used = new Set(loaded.rulebook.inForce(NOW).flatMap(({ programme }) => servicesOf(programme)));
    const practices = new Set(directory.places.map((place) => place.practice));
    for (const service of directory.services) {
      expect(used).toContain(service.id);
      for (const site of service.sites) expect(practices).toContain(site);
    }
    expect(practices).toContain(SURGERY);
  });
});
