import { describe, expect, it } from "vitest";
import { Programme } from "../../../schemas/programme.ts";
import type { Clause } from "../../../schemas/rule.ts";
import type { Content } from "../../../schemas/referral.ts";
import { decide } from "../../../src/core/decide.ts";
import type { DecideInput } from "../../../src/core/decision.ts";
import { drawsFor } from "../../../src/core/draws.ts";
import { aContent, allConsents, CAMDEN, ISLINGTON, SURGERY } from "../../builders/content.ts";
import { aContract, aDecision, aDirectory, anOrganisation, aProgramme, aService } from "../../builders/rules.ts";

const codes = (reasons: { code: string; path?: string | undefined }[]) => reasons.map(({ code, path }) => [code, path]);

/** Two services under one programme, each of its own organisation. */
const two = (overrides: Parameters<typeof aService>[0] = {}) =>
  aDirectory({
    organisations: [anOrganisation(), anOrganisation({ id: "sample-other", class: "council" })],
    services: [
      aService({ ...overrides }),
      aService({ id: "coaching-holloway", organisation: "sample-other", name: "Coaching at Holloway (sample)" }),
    ],
  });
const both = aProgramme({
  allocation: "capacity",
  services: [
    { service: "coaching-upper-street", share: 1 },
    { service: "coaching-holloway", share: 1 },
  ],
});

const ALLOCATIONS = Programme.shape.allocation.options;

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
    expect(decision).toMatchObject({
      kind: "hold",
      why: "consent",
      asks: [{ code: "consent-missing" }, { code: "take-part-missing" }],
    });
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
    ["another door", { mayRefer: ["council"] }, "door"],
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
      decide(
        aDecision({
          directory,
          capacity: new Map([["coaching-upper-street", { taken: count, drawn: { coaching: 9 } }]]),
        }),
      ).kind;
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
    expect(other.receipt.tieBreak).toContain("The person chose a service that we do not know.");
    expect(JSON.stringify(other.receipt)).not.toContain("Ashworth");
  });

  describe("of which the person chose a service that cannot be asked", () => {
    const why = (choice: string, changed: Partial<DecideInput> = {}, programmes = [both], directory = two()) => {
      const content = aContent({ choice: { service: choice } });
      const { kind, receipt } = decide(aDecision({ directory, programmes, content, ...changed }));
      return [kind, receipt.tieBreak ?? receipt.words];
    };
    const chose = "The person chose Coaching at Upper Street (sample), which cannot be asked:";

    it("asks another and says which clause dropped the chosen one", () => {
      expect(why("coaching-upper-street", { declined: ["coaching-upper-street"] })).toEqual([
        "offer",
        `${chose} It has been asked and will not take it. It alone fits.`,
      ]);
      const full = new Map([["coaching-upper-street", { taken: 3, drawn: {} }]]);
      const directory = two({ places: 3 });
      expect(why("coaching-upper-street", { capacity: full }, [both], directory)[1]).toContain(
        `${chose} It has no free place.`,
      );
    });

    it("says which condition of its programme does not hold or is not known", () => {
      const eligibility = (test: Clause["test"]) => [{ id: "c", words: "The person may work.", health: false, test }];
      const other = aProgramme({ programme: "other", services: [{ service: "coaching-holloway", share: 1 }] });
      const no = aProgramme({ eligibility: eligibility({ employment: ["in-work"] }) });
      expect(why("coaching-upper-street", {}, [no, other])[1]).toContain(
        `${chose} Does not hold: The person may work.`,
      );
      const open = aProgramme({ eligibility: eligibility({ rightToWork: true }) });
      expect(why("coaching-upper-street", {}, [open, other])[1]).toContain(`${chose} Not known: The person may work.`);
      expect(why("coaching-upper-street", {}, [open])).toEqual([
        "hold",
        `A service may fit. A fact is missing. ${chose} Not known: The person may work.`,
      ]);
      expect(why("coaching-upper-street", {}, [no])).toEqual([
        "unmet",
        `No local service can take this as things stand. ${chose} Does not hold: The person may work.`,
      ]);
    });

    it("says that no programme brings it for this need", () => {
      const other = aProgramme({ services: [{ service: "coaching-holloway", share: 1 }] });
      expect(why("coaching-upper-street", {}, [other])[1]).toContain(`${chose} It gives no help of this kind here.`);
    });

    it("is honoured in whichever programme brings it, under every strategy", () => {
      for (const allocation of ALLOCATIONS) {
        const programmes = [
          aProgramme({ programme: "sooner", precedence: 1, services: [{ service: "coaching-holloway", share: 1 }] }),
          aProgramme({
            programme: "later",
            precedence: 2,
            allocation,
            services: both.contracts.flatMap((one) => one.services),
          }),
        ];
        expect(why("coaching-upper-street", {}, programmes)).toEqual(["offer", "The person chose this service."]);
      }
    });
  });

  it("asks the person who chose nothing where the programme leaves it to them, naming what fits", () => {
    const programmes = [{ ...both, allocation: "persons-choice" as const }];
    const decision = decide(aDecision({ directory: two(), programmes }));
    expect(decision).toMatchObject({
      kind: "hold",
      why: "information",
      asks: [{ code: "choice-needed", path: "choice.service" }],
    });
    expect(decision.receipt.words).toBe(
      "Some services fit. The person can choose: Coaching at Upper Street (sample), Coaching at Holloway (sample).",
    );
    expect(decision.receipt.candidates.map(({ kept }) => kept)).toEqual([true, true]);
    expect(decide(aDecision({ directory: two(), programmes, declined: ["coaching-holloway"] }))).toMatchObject({
      kind: "offer",
      service: "coaching-upper-street",
    });
    const content = aContent({ choice: { service: "nowhere" } });
    expect(decide(aDecision({ directory: two(), programmes, content }))).toMatchObject({ kind: "hold" });
  });

  it("names the programmes to lock in one order, and none without a need", () => {
    const packs = ["b", "a", "c"].map((programme) => ({ programme: aProgramme({ programme }), digest: "" }));
    packs[2]!.programme.needs = ["training"];
    packs[2]!.programme.contracts = [aContract({ services: [{ service: "classroom", share: 1 }] })];
    expect(drawsFor("employment", packs).programmes).toEqual(["a", "b"]);
    expect(drawsFor("employment", packs).services).toEqual(["coaching-upper-street"]);
    expect(drawsFor("employment", [...packs, ...packs]).programmes).toEqual(["a", "b"]);
    expect(drawsFor(undefined, packs)).toEqual({ programmes: [], services: [] });
  });

  it("also locks a programme for another need that draws on the same service, so that a place has one taker", () => {
    const packs = ["b", "a"].map((programme) => ({ programme: aProgramme({ programme }), digest: "" }));
    packs[0]!.programme.needs = ["training"];
    expect(drawsFor("employment", packs).programmes).toEqual(["a", "b"]);
    expect(drawsFor("training", packs).programmes).toEqual(["a", "b"]);
  });

  it("says which clause an adviser set aside, where the pack lets them, and takes nothing else aside", () => {
    const clause = { id: "old", words: "Is 60 or older.", health: false, test: { age: { atLeast: 60 } } };
    const with60 = (override: boolean, overrides: { programme: string; clause: string }[]) =>
      decide(aDecision({ programmes: [aProgramme({ eligibility: [{ ...clause, override }] })], overrides }));
    const set = [{ programme: "coaching", clause: "old" }];
    const offered = with60(true, set);
    expect(offered.kind).toBe("offer");
    expect(offered.receipt.candidates).toContainEqual(
      expect.objectContaining({
        clause: "override:eligibility:old",
        words: "An adviser set this aside: Is 60 or older.",
      }),
    );
    expect(with60(false, set).kind).toBe("unmet");
    expect(with60(true, []).kind).toBe("unmet");
    expect(with60(true, [{ programme: "other", clause: "old" }]).kind).toBe("unmet");
  });

  it("holds what was only recommended until someone who may refer takes it up", () => {
    const programmes = [aProgramme({ mayRefer: ["jobcentre"], mayRecommend: ["gp"] })];
    expect(decide(aDecision({ programmes }))).toMatchObject({
      kind: "hold",
      why: "review",
      asks: [{ code: "recommended" }],
    });
    const overrides = [{ programme: "coaching", clause: "recommended" }];
    expect(decide(aDecision({ programmes, overrides })).kind).toBe("offer");
  });
});
