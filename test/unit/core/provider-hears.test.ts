import { describe, expect, it } from "vitest";
import type { DisclosureField } from "../../../schemas/disclosure.ts";
import { reason } from "../../../schemas/reason.ts";
import { providerHears } from "../../../src/core/provider-hears.ts";
import { aProgramme } from "../../builders/rules.ts";

const opening = (...fields: DisclosureField[]) => ({
  disclosures: [{ ...aProgramme().disclosures[0]!, to: ["charity" as const], fields }],
});

describe("a provider hears of a refusal", () => {
  const asks = [reason("fact-unknown", "facts.disability"), reason("fact-unknown", "facts.rightToWork")];

  it("with the facts named that its disclosures open to its class, and no other", () => {
    expect(providerHears(asks, opening("right-to-work", "name"), "charity")).toEqual([
      reason("fact-unknown"),
      reason("fact-unknown", "facts.rightToWork"),
    ]);
    expect(providerHears(asks, opening("right-to-work", "health"), "charity")).toEqual(asks);
    expect(providerHears(asks, opening("right-to-work", "health"), "company")).toEqual([reason("fact-unknown")]);
    expect(providerHears(asks, opening("right-to-work", "health"), undefined)).toEqual([reason("fact-unknown")]);
  });

  it("without a path into the consents or to what nobody discloses", () => {
    expect(
      providerHears(
        [reason("consent-withdrawn", "consents"), reason("fact-unknown", "facts.belief")],
        opening("sex"),
        "charity",
      ),
    ).toEqual([reason("consent-withdrawn"), reason("fact-unknown")]);
  });

  it("with what is its own: its message and the area", () => {
    const own = [reason("not-yet", "on"), reason("area-unknown", "person.authority")];
    expect(providerHears(own, opening("name"), "charity")).toEqual(own);
  });
});
