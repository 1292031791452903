// Asking the person: whom it may reach, what is asked, and what the answer becomes. Each rule is tried from both sides.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConsentRequest } from "../../../schemas/asking.ts";
import { Consent } from "../../../schemas/consent.ts";
import {
  askedJustNow,
  asksFor,
  askStanding,
  consentsFrom,
  mayAskOnceMore,
  safeWays,
  waitsForConsent,
} from "../../../src/core/asking.ts";
import { decide } from "../../../src/core/decide.ts";
import { fieldsOpenTo, kindsOf } from "../../../src/core/withhold.ts";
import { anyInput } from "../../builders/decisions.ts";
import { aContent, allConsents } from "../../builders/content.ts";
import { aContract, aDecision, aDirectory, anOrganisation, aProgramme, aService, NOW } from "../../builders/rules.ts";

const person = (safeContact: object, phones = ["07700 900123"], email: string | undefined = "imogen@example.org") => ({
  safeContact,
  phones,
  email,
});

describe("a contact", () => {
  it("is used only where the person said that it is safe, a text first", () => {
    expect(safeWays(person({ text: true, email: true }))).toEqual([
      { by: "text", mobile: "+447700900123" },
      { by: "email", address: "imogen@example.org" },
    ]);
    expect(safeWays(person({ text: true, email: false })).map(({ by }) => by)).toEqual(["text"]);
    for (const unsafe of [{}, { text: false, email: false }, { phone: true, voicemail: true, letter: true }])
      expect(safeWays(person(unsafe))).toEqual([]);
  });
  it.each([
    ["07700 900123", "+447700900123"],
    ["+44 (0)7700 900123", "+447700900123"],
    ["0044 7700 900123", "+447700900123"],
    ["+44 7700-900123", "+447700900123"],
    ["+33 6 12 34 56 78", "+33612345678"],
  ])("reads %s as %s", (written, mobile) => {
    expect(safeWays(person({ text: true }, [written]))).toEqual([{ by: "text", mobile }]);
  });
  it.each(["020 7946 0000", "+44 20 7946 0000", "0300 000 0000", "her sister's", "077009001", ""])(
    "sends no text to %s",
    (written) => expect(safeWays(person({ text: true }, [written]))).toEqual([]),
  );
  it("takes the first number that is a mobile, and no address that is none", () => {
    expect(safeWays(person({ text: true }, ["020 7946 0000", "07700 900321"]))).toEqual([
      { by: "text", mobile: "+447700900321" },
    ]);
    expect(safeWays({ ...person({ email: true }), email: undefined })).toEqual([]);
  });
});

describe("what is asked", () => {
  const unasked = (consents: Consent[] = []) => aDecision({ content: aContent({ consents }) });

  it("is leave to share with the organisation that waits, and to take part", () => {
    expect(asksFor(unasked())).toEqual([
      { kind: "share", purpose: "referral", programme: "coaching", recipient: "sample-coaching" },
      { kind: "take-part", purpose: "referral", programme: "coaching" },
    ]);
    const [share] = allConsents();
    expect(asksFor(unasked(share === undefined ? [] : [share])).map(({ kind }) => kind)).toEqual(["take-part"]);
    expect(asksFor(unasked(allConsents()))).toEqual([]);
  });
  it("is asked anew where a yes has run out, and never where the person said no or took it back", () => {
    const [share, takes] = allConsents() as [Consent, Consent];
    expect(asksFor(unasked([{ ...share, until: "2026-11-01" }, takes])).map(({ kind }) => kind)).toEqual(["share"]);
    for (const decision of ["refused", "withdrawn"] as const) {
      expect(asksFor(unasked([{ ...share, decision }, takes]))).toEqual([]);
      expect(asksFor(unasked([{ ...share, decision }]))).toEqual([]);
    }
  });
  it("is nothing where a fact is missing or nobody could help anyway", () => {
    const programme = (test: object) =>
      aProgramme({ eligibility: [{ id: "x", words: "X.", health: false, test: test as never }] });
    const content = aContent({ consents: [] });
    expect(asksFor(aDecision({ content, programmes: [programme({ housing: ["homeless"] })] }))).toEqual([]);
    expect(asksFor(aDecision({ content, programmes: [programme({ employment: ["in-work"] })] }))).toEqual([]);
    expect(asksFor(aDecision({ content, reachable: [] }))).toEqual([]);
    expect(asksFor(aDecision({ content, declined: ["coaching-upper-street"] }))).toEqual([]);
  });
  it("is nothing where something is needed that this page does not ask", () => {
    const duty = aProgramme({
      consents: [
        { kind: "share", purpose: "referral" },
        { kind: "duty-to-refer", purpose: "duty-to-refer" },
      ],
    });
    expect(asksFor(aDecision({ content: aContent({ consents: [] }), programmes: [duty] }))).toEqual([]);
  });
  it("names the prime and its partner, and each once, whatever number of programmes wait", () => {
    const directory = aDirectory({
      organisations: [anOrganisation(), anOrganisation({ id: "sample-prime", class: "company" })],
      services: [aService()],
    });
    const under = (programme: string, precedence: number) =>
      aProgramme({ programme, precedence, contracts: [aContract({ prime: "sample-prime" })] });
    const asks = asksFor(
      aDecision({
        content: aContent({ consents: [] }),
        directory,
        reachable: ["sample-prime"],
        programmes: [under("second", 2), under("first", 1)],
      }),
    );
    expect(asks.map(({ kind, recipient, programme }) => [kind, recipient, programme])).toEqual([
      ["share", "sample-prime", "first"],
      ["share", "sample-coaching", "first"],
      ["take-part", undefined, "first"],
    ]);
  });
  it("is of no more than five organisations, and always whether to take part", () => {
    const names = Array.from({ length: 9 }, (_, at) => `sample-${at}`);
    const directory = aDirectory({
      organisations: names.map((id) => anOrganisation({ id })),
      services: names.map((id) => aService({ id: `at-${id}`, organisation: id })),
    });
    const services = names.map((id) => ({ service: `at-${id}`, share: 1 }));
    const asks = asksFor(
      aDecision({
        content: aContent({ consents: [] }),
        directory,
        reachable: names,
        programmes: [aProgramme({ services, allocation: "nearest" })],
      }),
    );
    expect(asks.map(({ kind }) => kind)).toEqual([...Array.from({ length: 5 }, () => "share"), "take-part"]);
  });
  it("once all is said yes to, never leaves the decision waiting for any of it", () => {
    let asked = 0;
    fc.assert(
      fc.property(anyInput, (any) => {
        // Nothing but consents stands in the way, so that most of them have something to ask.
        const packs = any.packs.map(({ programme, digest }) => ({
          digest,
          programme: {
            ...programme,
            eligibility: [],
            exclusions: [],
            areas: [],
            participation: [any.content.participation],
          },
        }));
        const consents = any.content.consents.slice(0, 1);
        const input = { ...any, packs, content: { ...any.content, consents } };
        const asks = asksFor(input);
        if (asks.length === 0) return;
        asked += 1;
        const yes = consentsFrom(
          asks,
          asks.map(() => true),
          input.now,
        );
        const content = { ...input.content, consents: [...input.content.consents, ...yes] };
        expect(asksFor({ ...input, content })).toEqual([]);
        expect(decide({ ...input, content }).kind).not.toBe("unmet");
      }),
      { numRuns: 300 },
    );
    expect(asked).toBeGreaterThan(10);
  });
});

describe("an answer", () => {
  const asks = asksFor(aDecision({ content: aContent({ consents: [] }) }));
  it("is a consent for each, given or refused, dated, by name", () => {
    const [share, takes] = consentsFrom(asks, [true, false], NOW);
    expect(share).toMatchObject({
      kind: "share",
      decision: "given",
      recipients: ["sample-coaching"],
      purpose: "referral",
    });
    expect(takes).toMatchObject({ kind: "take-part", decision: "refused", at: NOW.toISOString(), how: "electronic" });
    expect(takes).not.toHaveProperty("recipients");
    for (const one of [share, takes]) expect(Consent.safeParse(one).success).toBe(true);
  });
  it("is a yes to the kinds of data that were read of, and a no to all", () => {
    const read = asks.map((one) => ({ ...one, data: kindsOf(["name", "phones"]) }));
    const [yes, takes] = consentsFrom(read, [true, true], NOW);
    expect([yes?.data, takes?.data]).toEqual([["identity", "contact"], undefined]);
    expect(consentsFrom(read, [false, false], NOW)[0]).not.toHaveProperty("data");
    expect(kindsOf([])).toEqual(["identity"]);
    // What a pack adds later stays closed.
    const content = aContent({ consents: consentsFrom(read, [true, true], NOW) });
    const programme = aProgramme();
    const to = { class: "charity", organisation: "sample-coaching" } as const;
    expect(fieldsOpenTo(programme, to, content, NOW)).toEqual([
      "name",
      "birth-date",
      "address",
      "phones",
      "email",
      "representative",
      "referrer",
    ]);
    expect(fieldsOpenTo(programme, to, aContent({ consents: consentsFrom(asks, [true, true], NOW) }), NOW)).toContain(
      "detail",
    );
  });
  it("is a no where nothing was said", () => {
    expect(consentsFrom(asks, [], NOW).map(({ decision }) => decision)).toEqual(["refused", "refused"]);
  });
});

describe("a link", () => {
  const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
  const request = (more: Partial<ConsentRequest> = {}): ConsentRequest => ({
    id: "a",
    referral: "r",
    organisation: "F83999",
    by: "email",
    asks: [],
    once: false,
    madeAt: NOW,
    endsAt: later(10),
    ...more,
  });
  const held = { status: "held", hold: { why: "consent" } } as const;

  it("is open until its end, its answer, a newer one, or the end of the wait", () => {
    expect(askStanding(request(), held, false, later(9))).toBe("open");
    expect(askStanding(request(), held, false, later(10))).toBe("ended");
    expect(askStanding(request({ replacedAt: NOW }), held, false, NOW)).toBe("replaced");
    expect(askStanding(request({ replacedAt: NOW }), held, true, later(99))).toBe("answered");
    expect(askStanding(request(), { ...held, hold: { why: "information" } }, false, NOW)).toBe("closed");
    for (const status of ["received", "offered", "withdrawn", "expired", "unmet"] as const)
      expect(waitsForConsent({ ...held, status })).toBe(false);
    expect(waitsForConsent(held)).toBe(true);
  });
  it("is followed by two more in a day and five in all; one that was asked for twice is one", () => {
    const made = (count: number, minutes: number) =>
      Array.from({ length: count }, () => request({ madeAt: later(minutes) }));
    expect(mayAskOnceMore(made(2, 0), later(60))).toBe(true);
    expect(mayAskOnceMore(made(3, 0), later(60))).toBe(false);
    expect(mayAskOnceMore(made(3, 0), later(24 * 60))).toBe(true);
    expect(mayAskOnceMore(made(5, 0), later(24 * 60))).toBe(true);
    expect(mayAskOnceMore(made(6, 0), later(24 * 60))).toBe(false);
    expect(askedJustNow([request()], "email", later(9))).toBeDefined();
    expect(askedJustNow([request()], "email", later(10))).toBeUndefined();
    expect(askedJustNow([request()], "text", NOW)).toBeUndefined();
    expect(askedJustNow([request({ replacedAt: NOW })], "email", NOW)).toBeUndefined();
  });
});
