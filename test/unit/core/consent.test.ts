import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataClass, RecipientClass, type Consent } from "../../../schemas/consent.ts";
import { consentVersion, leavesOut, mayShare, permits, takePart } from "../../../src/core/consent.ts";
import { anyConsent } from "../../builders/arbitrary.ts";
import { decide } from "../../../src/core/decide.ts";
import { aContent } from "../../builders/content.ts";
import { aDecision, NOW } from "../../builders/rules.ts";

const CHARITY = { class: "charity", organisation: "sample-coaching" } as const;
const NHS = { class: "nhs", organisation: "sample-link-workers" } as const;

const share = (overrides: Partial<Consent> = {}): Consent => ({
  kind: "share",
  decision: "given",
  purpose: "referral",
  recipientClasses: ["charity"],
  at: "2026-11-01T10:00:00Z",
  ...overrides,
});
const holds = { holds: true };
const fails = (code: string) => ({ holds: false, reason: { code, path: "consents", severity: "error" } });
const asked = (...consents: Consent[]) => mayShare(consents, CHARITY, "referral", NOW);

describe("permission to share", () => {
  it.each([
    ["given for this kind of provider", [share()], holds],
    [
      "given for this provider by name",
      [share({ recipientClasses: undefined, recipients: ["sample-coaching"] })],
      holds,
    ],
    ["given without a purpose", [share({ purpose: undefined })], holds],
    ["never asked", [], fails("consent-missing")],
    ["given for another kind", [share({ recipientClasses: ["nhs", "council"] })], fails("consent-missing")],
    ["given for another provider", [share({ recipientClasses: [], recipients: ["other"] })], fails("consent-missing")],
    ["given for nobody", [share({ recipientClasses: [], recipients: [] })], fails("consent-missing")],
    ["given for another purpose", [share({ purpose: "follow-up" })], fails("consent-missing")],
    ["agreed to take part, not to share", [share({ kind: "take-part" })], fails("consent-missing")],
    ["refused", [share({ decision: "refused" })], fails("consent-refused")],
    ["refused to all", [share({ decision: "refused", recipientClasses: undefined })], fails("consent-refused")],
    ["refused to others", [share(), share({ decision: "refused", recipientClasses: ["council"] })], holds],
    ["run out yesterday", [share({ until: "2026-11-15" })], fails("consent-expired")],
    ["running out today", [share({ until: "2026-11-16" })], holds],
  ] as [string, Consent[], object][])("%s", (_name, consents, expected) => {
    expect(asked(...consents)).toEqual(expected);
  });

  it("follows the newest decision, in whatever order the records come", () => {
    const withdrawn = share({ decision: "withdrawn", at: "2026-11-05T10:00:00Z" });
    const again = share({ at: "2026-11-06T10:00:00Z" });
    expect(asked(share(), withdrawn)).toEqual(fails("consent-withdrawn"));
    expect(asked(withdrawn, share())).toEqual(fails("consent-withdrawn"));
    expect(asked(share(), withdrawn, again)).toEqual(holds);
    expect(asked(again, withdrawn)).toEqual(holds);
  });

  it("lets a yes without a date, or dated in the future, give way to any no", () => {
    const no = share({ decision: "refused", at: "2020-01-01T00:00:00Z" });
    expect(asked(no, share({ at: undefined }))).toEqual(fails("consent-refused"));
    expect(asked(no, share({ at: "2030-01-01T00:00:00Z" }))).toEqual(fails("consent-refused"));
    expect(asked(share({ at: undefined }), share({ decision: "withdrawn", at: undefined }))).toEqual(
      fails("consent-withdrawn"),
    );
  });

  it("for direct care reaches the NHS, and never stretches to anyone else", () => {
    const everyone = [...RecipientClass.options];
    const consents = [share({ purpose: "direct-care", recipientClasses: everyone.slice(0, 6), recipients: ["x"] })];
    expect(mayShare(consents, NHS, "referral", NOW)).toEqual(holds);
    for (const one of everyone.filter((each) => each !== "nhs")) {
      expect(mayShare(consents, { class: one, organisation: "x" }, "referral", NOW)).toEqual(fails("consent-missing"));
      expect(mayShare(consents, { class: one, organisation: "x" }, "direct-care", NOW)).toEqual(
        fails("consent-missing"),
      );
    }
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

describe("agreement to take part", () => {
  it("is needed where it is voluntary, and only there", () => {
    expect(takePart([], "voluntary", NOW)).toEqual(fails("take-part-missing"));
    expect(takePart([share({ kind: "take-part" })], "voluntary", NOW)).toEqual(holds);
    expect(takePart([share({ kind: "take-part", decision: "refused" })], "voluntary", NOW)).toEqual(
      fails("consent-refused"),
    );
    expect(takePart([], "mandatory", NOW)).toEqual(holds);
    expect(takePart([], "mandatory-appointment", NOW)).toEqual(holds);
  });
});

describe("a consent that a programme asks for", () => {
  const content = (...consents: Consent[]) => ({ consents, participation: "voluntary" as const });
  it("is looked for among its own kind", () => {
    const rule = { kind: "duty-to-refer", purpose: "referral" } as const;
    expect(permits(rule, content(share()), CHARITY, NOW)).toEqual(fails("consent-missing"));
    const duty: Consent = { kind: "duty-to-refer", decision: "given", chosenAuthority: "E09000007" };
    expect(permits(rule, content(duty), CHARITY, NOW)).toEqual(holds);
    expect(permits({ kind: "take-part", purpose: "referral" }, content(share()), CHARITY, NOW)).toEqual(
      fails("take-part-missing"),
    );
    expect(permits({ kind: "share", purpose: "referral" }, content(share()), CHARITY, NOW)).toEqual(holds);
  });
});

describe("what was refused to one by name", () => {
  const no = share({
    decision: "refused",
    recipientClasses: undefined,
    recipients: ["sample-coaching"],
    at: "2026-11-02T10:00:00Z",
  });
  const later = "2026-11-10T10:00:00Z";

  it("is not given back by a later yes to its kind, but by one that names it", () => {
    expect(asked(no, share({ at: later }))).toEqual(fails("consent-refused"));
    expect(asked(no, share({ at: later, recipients: ["sample-coaching"] }))).toEqual(holds);
    expect(asked(share({ decision: "refused", at: no.at }), share({ at: later }))).toEqual(holds);
  });

  it("leaves others of its kind alone", () => {
    const other = { ...CHARITY, organisation: "sample-other" };
    expect(mayShare([no, share({ at: later })], other, "referral", NOW)).toEqual(holds);
  });
});

describe("a no with an end", () => {
  const yes = share({ at: "2026-10-01T10:00:00Z" });
  it("ends, where it was a refusal: what was given before stands again", () => {
    const no = share({ decision: "refused", at: "2026-11-01T10:00:00Z", until: "2026-11-15" });
    expect(asked(yes, no)).toEqual(holds);
    expect(asked(yes, { ...no, until: "2026-11-16" })).toEqual(fails("consent-refused"));
    expect(asked(no)).toEqual(fails("consent-missing"));
  });

  it("does not end, where it took a consent back", () => {
    const back = share({ decision: "withdrawn", at: "2026-11-01T10:00:00Z", until: "2026-11-15" });
    expect(asked(yes, back)).toEqual(fails("consent-withdrawn"));
  });
});

describe("kinds of data", () => {
  const left = (...consents: Consent[]) => leavesOut(consents, CHARITY, "referral", NOW);
  const ALL = [...DataClass.options];

  it("all go with a yes that names none; where nobody was asked, all but what was refused", () => {
    expect(left(share())).toEqual([]);
    expect(left()).toEqual([]);
    expect(left(share({ decision: "refused", data: ["health"] }))).toEqual(["health"]);
    expect(left(share({ decision: "refused" }))).toEqual(ALL);
  });

  it("go as far as a yes names them, and nothing goes that does not say who it is", () => {
    expect(left(share({ data: ["identity", "contact"] }))).toEqual(["health", "benefit", "work", "groups"]);
    expect(asked(share({ data: ["identity", "contact"] }))).toEqual(holds);
    expect(asked(share({ data: ["health"] }))).toEqual(fails("consent-missing"));
  });

  it("stay behind one by one: as an exception, or taken back later", () => {
    expect(left(share({ except: [{ decision: "refused", data: ["health"] }] }))).toEqual(["health"]);
    const back = share({ decision: "withdrawn", data: ["benefit"], at: "2026-11-10T10:00:00Z" });
    expect(left(share(), back)).toEqual(["benefit"]);
    expect(asked(share(), back)).toEqual(holds);
    const identity = share({ decision: "withdrawn", data: ["identity"], at: "2026-11-10T10:00:00Z" });
    expect(asked(share(), identity)).toEqual(fails("consent-withdrawn"));
  });

  it("stay behind for one recipient and not for another", () => {
    const but = share({ except: [{ decision: "refused", recipients: ["sample-other"], data: ["health"] }] });
    expect(left(but)).toEqual([]);
    expect(leavesOut([but], { ...CHARITY, organisation: "sample-other" }, "referral", NOW)).toEqual(["health"]);
  });

  it("are withheld from nobody who is not spoken of: an exception is about those of its own rule", () => {
    const charity = share({ except: [{ decision: "refused", data: ["health"] }] });
    const council = share({ recipientClasses: ["council"] });
    const town = { class: "council", organisation: "sample-town" } as const;
    expect(leavesOut([charity, council], town, "referral", NOW)).toEqual([]);
  });
});

describe("a permission that has run out", () => {
  it("has run out with its exceptions: an older yes that still runs is not undone by them", () => {
    const over = share({ until: "2026-11-01", except: [{ decision: "refused", recipients: ["sample-coaching"] }] });
    expect(asked(share({ at: "2026-10-01T10:00:00Z" }), over)).toEqual(holds);
    expect(asked(over)).toEqual(fails("consent-expired"));
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
