import { describe, expect, it } from "vitest";
import type { Consent } from "../../../schemas/consent.ts";
import { authorityOf } from "../../../src/core/coverage.ts";
import { aContent, HACKNEY, NEWHAM } from "../../builders/content.ts";

const RESIDENT = { home: { authority: NEWHAM }, homeFrom: "sender" } as const;
const duty = (chosenAuthority: string, at?: string): Consent => ({
  kind: "duty-to-refer",
  decision: "given",
  chosenAuthority,
  at,
});
const asked = (consents: Consent[], need: "homelessness" | "employment" = "homelessness", authority?: string) =>
  authorityOf(aContent({ need, consents, choice: authority === undefined ? undefined : { authority } }), RESIDENT);

describe("the authority that a homeless person chose with the consent to be referred (Housing Act 1996, s.213B)", () => {
  it("counts although the person lives elsewhere, through whichever door it came", () => {
    expect(asked([duty(HACKNEY)])).toBe(HACKNEY);
    expect(asked([], "homelessness", HACKNEY)).toBe(HACKNEY);
    expect(asked([])).toBe(NEWHAM);
  });

  it("is the one said last", () => {
    const first = duty("E09000007", "2026-11-01T10:00:00Z");
    const last = duty(HACKNEY, "2026-11-10T10:00:00Z");
    expect(asked([last, first])).toBe(HACKNEY);
    expect(asked([first, last, duty("E09000030")])).toBe(HACKNEY);
  });

  it("counts for that need alone, only while it was given, and only in England", () => {
    expect(asked([duty(HACKNEY)], "employment")).toBe(NEWHAM);
    expect(asked([{ ...duty(HACKNEY), decision: "refused" }])).toBe(NEWHAM);
    expect(asked([duty("W06000015")])).toBe(NEWHAM);
  });
});
