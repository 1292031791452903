import { describe, expect, it } from "vitest";
import type { Programme } from "../../../schemas/programme.ts";
import type { Content } from "../../../schemas/referral.ts";
import { decide, programmesFor } from "../../../src/core/decide.ts";
import { aContent, allConsents, CAMDEN, ISLINGTON, SURGERY } from "../../builders/content.ts";
import { aDecision, aDirectory, anOrganisation, aProgramme, aService } from "../../builders/rules.ts";

const codes = (reasons: { code: string; path?: string | undefined }[]) => reasons.map(({ code, path }) => [code, path]);

/** Two services under one programme, each of its own organisation. */
const two = (overrides: Parameters<typeof aService>[0] = {}) =>
  aDirectory({
    organisations: [anOrganisation(), anOrganisation({ id: "sample-other", class: "council" })],
    services: [aService({ ...overrides }), aService({ id: "coaching-holloway", organisation: "sample-other" })],
  });
const both = aProgramme({
  allocation: "capacity",
  services: [
    { service: "coaching-upper-street", share: 1 },
    { service: "coaching-holloway", share: 1 },
  ],
});

describe("a decision", () => {
  it("offers to the service that fits, and says so in a receipt", () => {
    const decision = decide(aDecision());
    expect(decision).toMatchObject({ kind: "offer", programme: "coaching", service: "coaching-upper-street" });
    expect(decision.receipt).toMatchObject({
      outcome: "offered",
      offered: { provider: "sample-coaching" },
      packs: ["coaching@1#digest-of-co"],
      candidates: [{ kept: true, clause: "offered" }],
    });
  });

  it("holds what must not travel by this route before anything is read", () => {
    const decision = decide(aDecision({ content: aContent({ flags: { handling: "out-of-band" } }) }));
    expect(decision).toMatchObject({ kind: "hold", why: "review", asks: [{ code: "out-of-band" }] });
    const emergency = decide(aDecision({ content: aContent({ flags: { emergency: true } }) }));
    expect(emergency).toMatchObject({ kind: "hold", why: "review", asks: [{ code: "emergency-route" }] });
  });

  it("asks for the need when its code is not known", () => {
    expect(decide(aDecision({ content: aContent({ need: undefined }) }))).toMatchObject({
      kind: "hold",
      why: "information",
      asks: [{ code: "need-unknown", path: "need" }],
    });
  });

  it("holds for consent when only consent stands in the way", () => {
    const decision = decide(aDecision({ content: aContent({ consents: [] }) }));
    expect(decision).toMatchObject({ kind: "hold", why: "consent", asks: [{ code: "consent-missing" }] });
    expect(decision.receipt.candidates).toMatchObject([{ kept: false, clause: "consent:share" }]);
    const [shared] = allConsents();
    expect(decide(aDecision({ content: aContent({ consents: shared === undefined ? [] : [shared] }) }))).toMatchObject({
      why: "consent",
      asks: [{ code: "take-part-missing" }],
    });
  });

  it("passes over a provider of a class that the person said no to", () => {
    const content = aContent({
      consents: [
        ...allConsents(),
        { kind: "share", decision: "refused", recipientClasses: ["charity"], at: "2026-11-10T10:00:00Z" },
      ],
    });
    expect(decide(aDecision({ content, directory: two(), programmes: [both] }))).toMatchObject({
      kind: "offer",
      service: "coaching-holloway",
    });
  });

  it("asks for each missing fact by its name", () => {
    const programmes = [
      aProgramme({
        eligibility: [
          { id: "adult", words: "Adult", health: false, test: { age: { atLeast: 18 } } },
          { id: "no-job", words: "No job", health: false, test: { employment: ["out-of-work"] } },
        ],
      }),
    ];
    const content = aContent({ facts: {}, person: { birthDate: undefined } });
    const decision = decide(aDecision({ content, programmes }));
    expect(decision).toMatchObject({ kind: "hold", why: "information" });
    expect(decision.kind === "hold" && codes(decision.asks)).toEqual([
      ["fact-unknown", "person.birthDate"],
      ["fact-unknown", "facts.employment"],
    ]);
  });

  it("asks where the person lives when that alone is missing", () => {
    const content = aContent({ person: { home: { kind: "not-said" } } });
    expect(decide(aDecision({ content }))).toMatchObject({ kind: "hold", asks: [{ code: "area-unknown" }] });
  });

  it("places a person without an address by the authority that the sender names", () => {
    const content = aContent({ person: { home: { kind: "none" }, authority: ISLINGTON, practice: undefined } });
    expect(decide(aDecision({ content }))).toMatchObject({ kind: "offer" });
  });

  it("drops a programme with the one clause that fails, not with every service", () => {
    const eligibility = [
      { id: "no-job", words: "The person has no job.", health: false, test: { employment: ["in-work" as const] } },
      { id: "condition", words: "A condition.", health: true, test: { longTermCondition: false } },
    ];
    const decision = decide(aDecision({ directory: two(), programmes: [{ ...both, eligibility }] }));
    expect(decision).toMatchObject({ kind: "unmet", reasons: [{ code: "not-eligible" }] });
    expect(decision.receipt.candidates).toMatchObject([{ clause: "eligibility:no-job", kept: false }]);
    expect(decision.receipt.candidates[0]).not.toHaveProperty("service");
  });

  it.each([
    ["another door", { doors: ["council"] }, "door"],
    ["other terms", { participation: ["mandatory"] }, "participation"],
    ["another nation", { nations: ["wales"] }, "nation"],
  ] as [string, Partial<Programme>, string][])("drops a programme for %s", (_name, overrides, clause) => {
    const decision = decide(aDecision({ programmes: [aProgramme(overrides)] }));
    expect(decision).toMatchObject({ kind: "unmet", reasons: [{ code: "no-service" }] });
    expect(decision.receipt.candidates).toMatchObject([{ clause }]);
  });

  it.each([
    ["area", { authorities: [CAMDEN] }, "no-service"],
    ["need", { needs: ["training" as const] }, "no-service"],
    ["status", { status: "paused" as const }, "no-service"],
    ["places", { places: 0 }, "no-place"],
  ])("drops a service by its %s", (clause, overrides, code) => {
    const directory = aDirectory({ services: [aService(overrides)] });
    const decision = decide(aDecision({ directory }));
    expect(decision).toMatchObject({ kind: "unmet", reasons: [{ code }] });
    expect(decision.receipt.candidates).toMatchObject([{ service: "coaching-upper-street", clause, kept: false }]);
  });

  it("counts the places that are taken", () => {
    const directory = aDirectory({ services: [aService({ places: 2 })] });
    const taken = (count: number) =>
      decide(aDecision({ directory, capacity: new Map([["coaching-upper-street", { taken: count, drawn: 9 }]]) })).kind;
    expect([taken(1), taken(2)]).toEqual(["offer", "unmet"]);
  });

  it("reaches only providers that may be sent this case", () => {
    expect(decide(aDecision({ reachable: [] }))).toMatchObject({ kind: "unmet", reasons: [{ code: "no-service" }] });
  });

  it("goes to the next service after a no, and ends unmet when all said no", () => {
    const input = { directory: two(), programmes: [both] };
    expect(decide(aDecision({ ...input, declined: ["coaching-holloway"] }))).toMatchObject({
      service: "coaching-upper-street",
    });
    expect(decide(aDecision({ ...input, declined: ["coaching-upper-street"] }))).toMatchObject({
      service: "coaching-holloway",
    });
    expect(decide(aDecision({ ...input, declined: ["coaching-upper-street", "coaching-holloway"] }))).toMatchObject({
      kind: "unmet",
      reasons: [{ code: "all-declined" }],
    });
  });

  it("helps a patient of a surgery where the service works, wherever they live", () => {
    const directory = aDirectory({ services: [aService({ sites: [SURGERY] })] });
    const content = aContent({ person: { home: { kind: "not-said" }, authority: CAMDEN } });
    expect(decide(aDecision({ directory, content })).kind).toBe("offer");
    const elsewhere = aContent({
      person: { home: { kind: "not-said" }, authority: CAMDEN, practice: undefined },
      referrer: { organisation: "Y00001" },
    });
    expect(decide(aDecision({ directory, content: elsewhere })).kind).toBe("unmet");
  });

  it("lets a homeless person choose the authority, and nobody else", () => {
    const directory = aDirectory({
      services: [aService({ authorities: [CAMDEN], needs: ["homelessness", "employment"] })],
    });
    const programmes = [aProgramme({ needs: ["homelessness", "employment"] })];
    const sent = (need: Content["need"]) =>
      decide(aDecision({ directory, programmes, content: aContent({ need, choice: { authority: CAMDEN } }) })).kind;
    expect(sent("homelessness")).toBe("offer");
    expect(sent("employment")).toBe("unmet");
  });

  it("takes the programme that comes first by precedence", () => {
    const programmes = [
      aProgramme({ programme: "later", precedence: 50, services: [{ service: "coaching-upper-street", share: 1 }] }),
      aProgramme({ programme: "sooner", precedence: 10, services: [{ service: "coaching-holloway", share: 1 }] }),
    ];
    expect(decide(aDecision({ directory: two(), programmes }))).toMatchObject({ programme: "sooner" });
    expect(decide(aDecision({ directory: two(), programmes, declined: ["coaching-holloway"] }))).toMatchObject({
      programme: "later",
    });
  });

  it("honours the person's choice where it fits, and explains where it does not", () => {
    const chosen = (service: string) =>
      decide(aDecision({ directory: two(), programmes: [both], content: aContent({ choice: { service } }) }));
    expect(chosen("coaching-upper-street")).toMatchObject({ service: "coaching-upper-street" });
    expect(chosen("coaching-holloway")).toMatchObject({
      service: "coaching-holloway",
      receipt: { tieBreak: "The person chose this service." },
    });
    const other = chosen("Mrs Ashworth's place");
    expect(other.receipt.tieBreak).toContain("does not fit");
    expect(JSON.stringify(other.receipt)).not.toContain("Ashworth");
  });

  it("names the programmes to lock in one order, and none without a need", () => {
    const packs = ["b", "a", "c"].map((programme) => ({ programme: aProgramme({ programme }), digest: "" }));
    packs[2]!.programme.needs = ["training"];
    packs[2]!.programme.services = [{ service: "classroom", share: 1 }];
    expect(programmesFor("employment", packs)).toEqual(["a", "b"]);
    expect(programmesFor(undefined, packs)).toEqual([]);
  });

  it("also locks a programme for another need that draws on the same service, so that a place has one taker", () => {
    const packs = ["b", "a"].map((programme) => ({ programme: aProgramme({ programme }), digest: "" }));
    packs[0]!.programme.needs = ["training"];
    expect(programmesFor("employment", packs)).toEqual(["a", "b"]);
    expect(programmesFor("training", packs)).toEqual(["a", "b"]);
  });
});
