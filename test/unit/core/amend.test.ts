import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Amendment } from "../../../schemas/amendment.ts";
import type { EventBody } from "../../../schemas/event.ts";
import type { Offer } from "../../../schemas/offer.ts";
import { reason } from "../../../schemas/reason.ts";
import type { Content, Status } from "../../../schemas/referral.ts";
import { against, amend } from "../../../src/core/amend.ts";
import { followsFrom } from "../../../src/core/follows.ts";
import { mayShare } from "../../../src/core/consent.ts";
import { anyConsent, anyFacts } from "../../builders/arbitrary.ts";
import { aContent, allConsents } from "../../builders/content.ts";
import { aJourney, anOffer, CLIENT, OFFER } from "../../builders/journey.ts";
import { NOW } from "../../builders/rules.ts";

const codes = (reasons: readonly { code: string; path?: string }[]) => reasons.map(({ code, path }) => [code, path]);
const CHARITY = { class: "charity", organisation: "sample-coaching" } as const;

describe("what a referral says from now on", () => {
  it("is what was said before, with what is given in its place, by the names of what differs", () => {
    const before = aContent({ facts: { employment: "out-of-work", disability: true } });
    const { content, fields } = amend(
      before,
      { facts: { employment: "in-work", disability: true, rightToWork: true }, person: { authority: "E09000012" } },
      NOW,
    );
    expect(content.facts).toEqual({ employment: "in-work", disability: true, rightToWork: true });
    expect(content.person).toEqual({ ...before.person, authority: "E09000012" });
    expect(fields).toEqual(["facts.employment", "facts.rightToWork", "person.authority"]);
  });

  it("leaves alone what is not spoken of, and is unchanged when nothing new is said", () => {
    const before = aContent();
    expect(amend(before, { facts: { employment: undefined } }, NOW)).toEqual({ content: before, fields: [] });
    expect(amend(before, { consents: allConsents(), facts: before.facts }, NOW)).toEqual({
      content: before,
      fields: [],
    });
  });

  it("takes what comes without a time as said now, and nothing as said tomorrow", () => {
    const share = { kind: "share", decision: "withdrawn" } as const;
    const at = (given?: string) =>
      amend(aContent({ consents: [] }), { consents: [given === undefined ? share : { ...share, at: given }] }, NOW)
        .content.consents[0]?.at;
    expect(at()).toBe(NOW.toISOString());
    expect(at("2027-01-01T00:00:00Z")).toBe(NOW.toISOString());
    expect(at("2026-11-01T00:00:00+01:00")).toBe("2026-11-01T00:00:00+01:00");
  });

  it("lets a withdrawal that comes without a time end what was given before", () => {
    const { content } = amend(aContent(), { consents: [{ kind: "share", decision: "withdrawn" }] }, NOW);
    expect(mayShare(content.consents, CHARITY, "referral", NOW)).toMatchObject({
      reason: { code: "consent-withdrawn" },
    });
  });

  it("never touches the lawful basis: a permission and a basis are two things", () => {
    const lawfulBasis = { gdpr: "6(1)(a)" } as const;
    const { content } = amend(aContent({ lawfulBasis }), { consents: [{ kind: "share", decision: "withdrawn" }] }, NOW);
    expect(content.lawfulBasis).toEqual(lawfulBasis);
  });

  it("says the same when it is said twice, and names every field that differs and no other", () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, fc.array(anyConsent, { maxLength: 3 }), (facts, later, consents) => {
        const before = aContent({ facts });
        const once = amend(before, { facts: later, consents }, NOW);
        expect(amend(once.content, { facts: later, consents: once.content.consents }, NOW).fields).toEqual([]);
        for (const [name, value] of Object.entries(later)) {
          const is = JSON.stringify(value) !== JSON.stringify(facts[name as keyof typeof facts]);
          expect(once.fields.includes(`facts.${name}`)).toBe(value !== undefined && is);
        }
      }),
    );
  });
});

describe("what stands against an amendment", () => {
  type Told = { status?: Status; content?: Content; timeline?: { at: Date; body: EventBody }[] };
  const asked = (amendment: Amendment, { status = "held", content = aContent(), timeline = [] }: Told = {}) => {
    const { fields } = amend(content, amendment, NOW);
    return codes(
      against({ status, content, receivedAt: new Date("2026-11-10T12:00:00Z"), timeline }, amendment, fields, NOW),
    );
  };
  const amended = (on: string, ...fields: string[]) => ({
    at: new Date(`${on}T12:00:00Z`),
    body: { type: "amended", fields, by: "referrer" } as EventBody,
  });

  it.each(["received", "held", "unmet", "seeking", "offered", "acknowledged", "accepted", "started"] as const)(
    "is nothing while it is open: %s",
    (status) => expect(asked({ facts: { rightToWork: true } }, { status })).toEqual([]),
  );

  it.each([
    ["ended", "referral-closed"],
    ["withdrawn", "referral-closed"],
    ["expired", "hold-expired"],
  ] as const)("is its end: %s", (status, code) => {
    expect(asked({ facts: { rightToWork: true } }, { status })).toEqual([[code, undefined]]);
    expect(asked({ consents: [{ kind: "share", decision: "withdrawn" }] }, { status })).toEqual([[code, undefined]]);
  });

  it("is a day ahead of us", () => {
    expect(asked({ facts: { employment: "in-work" }, effective: "2026-11-17" })).toEqual([
      ["effective-future", "effective"],
    ]);
    expect(asked({ facts: { employment: "in-work" }, effective: "2026-11-16" })).toEqual([]);
  });

  it("is that something newer was said of the same field, and of no other", () => {
    const timeline = [amended("2026-11-14", "facts.employment")];
    const told = { timeline };
    expect(asked({ facts: { employment: "in-work" }, effective: "2026-11-13" }, told)).toEqual([
      ["amendment-old", "facts.employment"],
    ]);
    expect(asked({ facts: { employment: "in-work" }, effective: "2026-11-14" }, told)).toEqual([]);
    expect(asked({ facts: { rightToWork: true }, effective: "2026-10-01" }, told)).toEqual([]);
    const named = [
      {
        ...amended("2026-11-15", "facts.employment"),
        body: { ...amended("2026-11-15", "facts.employment").body, effective: "2026-11-12" } as EventBody,
      },
    ];
    expect(asked({ facts: { employment: "in-work" }, effective: "2026-11-13" }, { timeline: named })).toEqual([]);
  });

  it("is that the referral itself said something newer; what it left open may be said as of any day", () => {
    expect(asked({ facts: { employment: "in-work" }, effective: "2026-11-09" })).toEqual([
      ["amendment-old", "facts.employment"],
    ]);
    expect(asked({ facts: { rightToWork: true }, effective: "2026-11-09" })).toEqual([]);
    expect(asked({ person: { authority: "E09000012" }, effective: "2026-11-09" })).toEqual([]);
  });

  it("is another need than the one that stands, never the one that was missing", () => {
    expect(asked({ need: "debt-advice" })).toEqual([["need-stands", "need"]]);
    expect(asked({ need: "debt-advice" }, { content: aContent({ need: undefined }) })).toEqual([]);
    expect(asked({ need: "employment" })).toEqual([]);
  });

  it("is a birth date that cannot be, and all of it is said at once", () => {
    expect(asked({ need: "debt-advice", person: { birthDate: "2031-01-01" }, effective: "2027-01-01" })).toEqual([
      ["effective-future", "effective"],
      ["birth-date-future", "person.birthDate"],
      ["need-stands", "need"],
    ]);
  });

  it("is too many permissions; a no is always taken", () => {
    const many = Array.from({ length: 100 }, (_, at) => ({
      ...allConsents()[0],
      takenBy: `worker ${at}`,
    })) as Content["consents"];
    const content = aContent({ consents: many });
    expect(asked({ consents: [{ kind: "take-part", decision: "given" }] }, { content })).toEqual([
      ["too-many", "consents"],
    ]);
    expect(asked({ consents: [{ kind: "share", decision: "withdrawn" }] }, { content })).toEqual([]);
  });
});

describe("what follows from it", () => {
  let count = 0;
  const nextId = () => `019a0000-0000-7000-8000-${String((count += 1)).padStart(12, "0")}`;
  const content = aContent({ facts: { unemployedSince: "2026-01-10" } });
  const follows = (status: Status, offers: Offer[], holds: boolean) =>
    followsFrom(
      aJourney({ status, version: 5, sequence: 3, offers }),
      { content, fields: ["facts.unemployedSince"], by: "referrer", actor: CLIENT, effective: "2026-11-10" },
      {
        stands: () => (holds ? { holds } : { holds, reasons: [reason("not-eligible")] }),
        refusals: () => [],
        changedFor: () => [],
        under: () => ({ answerBy: "2026-11-24" }),
      },
      nextId,
      NOW,
    );
  const kinds = (change: { work?: { kind: string }[] }) => (change.work ?? []).map(({ kind }) => kind);

  it("is an event with names and no values, and the content of one commit", () => {
    const change = follows("held", [], true);
    expect(change).toMatchObject({ version: 5, status: "held", content });
    expect(change.events).toMatchObject([
      {
        sequence: 4,
        actor: CLIENT,
        body: { type: "amended", fields: ["facts.unemployedSince"], by: "referrer", effective: "2026-11-10" },
      },
    ]);
    expect(JSON.stringify(change.events)).not.toContain("in-work");
  });

  it("is a new decision where it waits for one, and none where one is coming or nobody is asked any more", () => {
    expect(kinds(follows("held", [], true))).toEqual(["assess"]);
    expect(kinds(follows("unmet", [], true))).toEqual(["assess"]);
    expect(kinds(follows("received", [], true))).toEqual([]);
    expect(kinds(follows("seeking", [anOffer({ status: "declined" })], true))).toEqual([]);
    expect(kinds(follows("accepted", [anOffer({ status: "accepted" })], false))).toEqual([]);
  });

  it.each(["sent", "acknowledged"] as const)("takes back an offer that was %s and no longer holds", (status) => {
    const change = follows(status === "sent" ? "offered" : "acknowledged", [anOffer({ status })], false);
    expect(change.status).toBe("seeking");
    expect(change.events.map(({ sequence, body }) => [sequence, body.type])).toEqual([
      [4, "amended"],
      [5, "recalled"],
    ]);
    expect(change).toMatchObject({
      version: 5,
      content,
      offers: [{ id: OFFER, status: "recalled" }],
      callbacks: [{ type: "referral.seeking", reasons: [{ code: "not-eligible" }] }],
      places: [{ taken: -1 }],
    });
    expect(kinds(change)).toContain("assess");
  });

  it("leaves an offer that still holds, and one that was taken", () => {
    for (const [status, offer, holds] of [
      ["offered", "sent", true],
      ["accepted", "accepted", false],
      ["started", "started", false],
    ] as const) {
      const change = follows(status, [anOffer({ status: offer })], holds);
      expect(change.status).toBe(status);
      expect(change.events).toHaveLength(1);
      expect("offers" in change).toBe(false);
    }
  });
});
