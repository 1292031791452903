import { describe, expect, it } from "vitest";
import type { Programme } from "../../../schemas/programme.ts";
import type { Service } from "../../../schemas/provider.ts";
import type { Content } from "../../../schemas/referral.ts";
import { placeOf } from "../../../src/core/area.ts";
import { stillHolds } from "../../../src/core/recheck.ts";
import { aContent, allConsents } from "../../builders/content.ts";
import { anOffer } from "../../builders/journey.ts";
import { aDirectory, aProgramme, aService, NOW } from "../../builders/rules.ts";

type Changed = { content?: Content; programme?: Partial<Programme> | "gone"; service?: Partial<Service>; now?: Date };

const recheck = ({ content = aContent(), programme = {}, service = {}, now = NOW }: Changed) => {
  const directory = aDirectory({ services: [aService(service)] });
  return stillHolds({
    content,
    area: placeOf(content.person, directory),
    offer: anOffer(),
    packs: programme === "gone" ? [] : [{ programme: aProgramme(programme), digest: "" }],
    directory,
    now,
  });
};
const codes = (changed: Changed) => {
  const standing = recheck(changed);
  return standing.holds ? [] : standing.reasons.map((one) => one.code);
};

describe("an offer, right before it goes out,", () => {
  it("stands while nothing has changed", () => {
    expect(recheck({})).toEqual({ holds: true });
  });

  it.each([
    [
      "consent was taken back",
      {
        content: aContent({
          consents: [...allConsents(), { kind: "share", decision: "withdrawn", at: "2026-11-10T10:00:00Z" }],
        }),
      },
      ["consent-withdrawn"],
    ],
    [
      "consent ran out",
      { content: aContent({ consents: allConsents().map((one) => Object.assign(one, { until: "2026-11-15" })) }) },
      ["consent-expired", "consent-expired"],
    ],
    ["the programme is over", { programme: "gone" }, ["no-service"]],
    [
      "the programme left this service",
      { programme: { services: [{ service: "another", share: 1 }] } },
      ["no-service"],
    ],
    ["the service paused", { service: { status: "paused" } }, ["no-service"]],
    [
      "the person is no longer eligible",
      {
        programme: { eligibility: [{ id: "job", words: "No job", health: false, test: { employment: ["in-work"] } }] },
      },
      ["not-eligible"],
    ],
    [
      "a fact is needed that nobody knows",
      { programme: { eligibility: [{ id: "rtw", words: "May work", health: false, test: { rightToWork: true } }] } },
      ["fact-unknown"],
    ],
  ] as [string, Changed, string[]][])("falls when %s", (_name, changed, expected) => {
    expect(codes(changed)).toEqual(expected);
  });
});
