import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Consent, type Purpose, RecipientClass } from "../../../schemas/consent.ts";
import { consentVersion, leavesOut, mayShare, permits } from "../../../src/core/consent.ts";
import { anyConsent } from "../../builders/arbitrary.ts";
import { decide } from "../../../src/core/decide.ts";
import { aContent } from "../../builders/content.ts";
import { aDecision, NOW } from "../../builders/rules.ts";
import { answerIn, ASKED, CHARITY, LEFT_OUT, share, SHARING } from "./cases/consents.ts";

describe("permission to share", () => {
  it.each(SHARING)("%s", (_name, consents, answer, to = CHARITY) => {
    expect(answerIn(mayShare(consents, to, "referral", NOW))).toBe(answer);
  });

  it("for direct care reaches the NHS, and never stretches to anyone else", () => {
    const everyone = [...RecipientClass.options];
    const consents = [share({ purpose: "direct-care", recipientClasses: everyone.slice(0, 6), recipients: ["x"] })];
    const answers = (purpose: Purpose) =>
      everyone.filter((one) => mayShare(consents, { class: one, organisation: "x" }, purpose, NOW).holds);
    expect(answers("referral")).toEqual(["nhs"]);
    expect(answers("direct-care")).toEqual(["nhs"]);
  });

  it("that does not stand says why, by the path of the consents", () => {
    const reason = { code: "consent-missing", path: "consents", severity: "error" };
    expect(mayShare([], CHARITY, "referral", NOW)).toEqual({ holds: false, reason });
  });

  it("is never lost by saying yes once more", () => {
    const yes = anyConsent.map((one): Consent => ({ ...one, decision: "given" }));
    fc.assert(
      fc.property(fc.array(anyConsent, { maxLength: 6 }), yes, (consents, more) => {
        const before = mayShare(consents, CHARITY, "referral", NOW).holds;
        const after = mayShare([...consents, more], CHARITY, "referral", NOW).holds;
        expect(before && !after).toBe(false);
      }),
    );
  });
});

describe("a consent that a programme asks for", () => {
  it.each(ASKED)("%s", (_name, rule, { consents = [], participation = "voluntary", to = CHARITY }, answer) => {
    expect(answerIn(permits(rule, { consents, participation }, to, NOW))).toBe(answer);
  });
});

describe("the person leaves out", () => {
  it.each(LEFT_OUT)("%s", (_name, consents, kinds, to = CHARITY) => {
    expect(leavesOut(consents, to, "referral", NOW)).toEqual(kinds);
  });
});

describe("permission and lawful basis", () => {
  const decided = (overrides: Parameters<typeof aContent>[0]) =>
    decide(aDecision({ content: aContent(overrides) })).kind;
  it("are two things: neither is evidence of the other", () => {
    expect(decided({ lawfulBasis: { gdpr: "6(1)(a)" }, consents: [] })).toBe("hold");
    expect(decided({ lawfulBasis: undefined })).toBe("offer");
    expect(decided({ lawfulBasis: { gdpr: "6(1)(e)" } })).toBe("offer");
  });
});

describe("the version of the consents", () => {
  it("is one text for one set, and another when any record changes", () => {
    const a = share();
    const b = share({ decision: "refused" });
    expect(consentVersion([a, b])).toBe(consentVersion([b, a]));
    expect(consentVersion([a])).not.toBe(consentVersion([{ ...a, until: "2027-01-01" }]));
    expect(consentVersion([])).toBe("[]");
  });
});
