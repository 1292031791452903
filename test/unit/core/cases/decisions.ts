// Decisions, one row for each clause that can keep or drop somebody: what was read, and what came of it in short.
import { RECOMMENDED } from "../../../../schemas/case.ts";
import type { Programme } from "../../../../schemas/programme.ts";
import type { Directory, Service } from "../../../../schemas/provider.ts";
import type { Content, Facts } from "../../../../schemas/referral.ts";
import type { Clause, Test } from "../../../../schemas/rule.ts";
import type { DecideInput, Decision } from "../../../../src/core/decision.ts";
import { aContent, allConsents, CAMDEN, HACKNEY, ISLINGTON, SURGERY, TOWN_HALL } from "../../../builders/content.ts";
import {
  aContract,
  aDecision,
  aDirectory,
  anOrganisation,
  aProgramme,
  aService,
  TODAY,
} from "../../../builders/rules.ts";

/** `offer coaching/one one+one#course:c`, `hold consent consent-missing`, `unmet no-place`; then each candidate by its clause, with `health` where it tells of that. */
export const inShort = (decision: Decision): string[] => {
  const { receipt } = decision;
  const codes = (reasons: { code: string; path?: string | undefined }[]): string =>
    reasons.map(({ code, path }) => (path === undefined ? code : `${code}:${path}`)).join(" ");
  const came =
    decision.kind === "offer"
      ? `offer ${decision.programme}/${decision.service} ${decision.places.join("+")}`
      : decision.kind === "hold"
        ? `hold ${decision.why} ${codes(decision.asks)}`
        : `unmet ${codes(decision.reasons)}`;
  const candidates = receipt.candidates.map(
    (one) =>
      `${one.kept ? "+" : "-"}${one.programme}${one.service === undefined ? "" : `/${one.service}`} ${one.clause}${one.health === true ? " health" : ""}`,
  );
  return [came, ...candidates];
};

type Given = Omit<NonNullable<Parameters<typeof aDecision>[0]>, "directory" | "programmes"> & {
  content?: Content;
  /** Of the first service. */
  one?: Partial<Service>;
  two?: Partial<Service>;
  directory?: Partial<Directory>;
  door?: "gp" | "jobcentre" | "council";
  taken?: Record<string, number>;
  drawn?: Record<string, number>;
  also?: Programme[];
  programme?: Partial<Programme>;
};

const CONTRACTS = [
  aContract({ contract: "a", prime: "sample-coaching", services: [{ service: "one", share: 1 }] }),
  aContract({ contract: "b", prime: "sample-other", services: [{ service: "two", share: 1 }] }),
];

/** Two services, each of its own organisation, in one programme. Nothing stands against either. */
export const deciding = ({
  one,
  two,
  programme,
  also = [],
  directory,
  door,
  taken,
  drawn,
  ...rest
}: Given): DecideInput => {
  const input = aDecision({
    ...rest,
    directory: aDirectory({
      organisations: [anOrganisation(), anOrganisation({ id: "sample-other", class: "council" })],
      services: [
        aService({ id: "one", ...one }),
        aService({ id: "two", name: "Two (sample)", organisation: "sample-other", ...two }),
      ],
      ...directory,
    }),
    programmes: [aProgramme({ contracts: CONTRACTS, allocation: "capacity", ...programme }), ...also],
    capacity: new Map(
      [...new Set([...Object.keys(taken ?? {}), ...Object.keys(drawn ?? {})])].map((key) => [
        key,
        { taken: taken?.[key] ?? 0, drawn: { coaching: drawn?.[key] ?? 0 } },
      ]),
    ),
  });
  return door === undefined ? input : { ...input, referral: { ...input.referral, door } };
};

const clause = (test: Test, more: Partial<Clause> = {}): Clause[] => [
  { id: "c", words: "The clause.", health: false, test, ...more },
];
const facts = (more: Facts): Content => aContent({ facts: { employment: "out-of-work", ...more } });
const SOMEWHERE = { kind: "address" as const, lines: [], postcode: "ZE1 0AA" };
const unplaced = aContent({
  person: { home: { kind: "not-said" }, practice: undefined },
  referrer: { organisation: "Y00001" },
});
const on = (code: string, endedOn?: string): Content =>
  facts({ programmes: [{ code, startedOn: "2026-01-01", ...(endedOn === undefined ? {} : { endedOn }) }] });
const BOTH = ["+coaching/one offered", "+coaching/two fits"];
const FITS = ["offer coaching/one one", ...BOTH];
const not = (line: string): string[] => [`unmet not-eligible`, `-coaching ${line}`];
const asks = (fact: string, line: string): string[] => [
  `hold information fact-unknown:facts.${fact}`,
  `-coaching ${line}`,
];
const AREA = "area-unknown:person.authority";
const aside = (programme: string, name: string) => ({ overrides: [{ programme, clause: name }] });

const sharing = (...more: Content["consents"]): Content => aContent({ consents: [...allConsents(), ...more] });
const withdrawn = (recipientClass: "charity" | "council"): Content =>
  sharing({ kind: "share", decision: "withdrawn", recipientClasses: [recipientClass], at: "2026-11-10T10:00:00Z" });

const toRefer = (
  decision: "given" | "refused",
  day: string,
  chosenAuthority?: string,
): Content["consents"][number] => ({
  kind: "duty-to-refer",
  decision,
  at: `${day}T10:00:00Z`,
  ...(chosenAuthority === undefined ? {} : { chosenAuthority }),
});
const shareWith = (more: Partial<Content["consents"][number]>): Content["consents"][number] => ({
  kind: "share",
  decision: "given",
  purpose: "referral",
  at: "2026-11-02T10:00:00Z",
  ...more,
});
const sharesOnly: Partial<Programme> = { consents: [{ kind: "share", purpose: "referral" }] };
const twoCharities: Partial<Directory> = {
  organisations: [anOrganisation(), anOrganisation({ id: "sample-other" })],
};

const fence = (id: string, test: Test, places: number, until = TODAY) => ({
  id,
  words: "Held.",
  service: "one",
  places,
  until,
  for: test,
});
const course = (id: string, opens: string, closes: string, starts: string) => ({
  id,
  service: "one",
  opens,
  closes,
  starts,
  places: 2,
});
const onlyOne = { contracts: [CONTRACTS[0]!] };
const HOME = { lat: 51.54, lon: -0.1 };
const atHome = (home?: typeof HOME): Partial<Directory> => ({
  places: [{ postcode: TOWN_HALL, authority: ISLINGTON, ...(home === undefined ? {} : { at: home }) }],
});
const partnership = (id: string, precedence: number, from = "2026-01-01", to?: string) => ({
  id,
  name: id,
  precedence,
  members: [{ authority: ISLINGTON, from, ...(to === undefined ? {} : { to }) }],
});
const byPartnership = (first: string, second: string): Partial<Programme> => ({
  allocation: "single",
  contracts: [
    { ...CONTRACTS[0]!, areas: [{ partnership: [first] }] },
    { ...CONTRACTS[1]!, areas: [{ partnership: [second] }] },
  ],
});

const chose = (chosenAuthority: string | undefined, more: Partial<Content["consents"][number]> = {}) => ({
  kind: "duty-to-refer" as const,
  decision: "given" as const,
  at: "2026-11-10T10:00:00Z",
  ...(chosenAuthority === undefined ? {} : { chosenAuthority }),
  ...more,
});
const THERE = ["offer coaching/one one", "+coaching/one offered"];
const NOT_THERE = ["unmet no-service", "-coaching/one area"];
const LATER = { at: "2026-11-12T10:00:00Z" };
/** What was said with a consent to be referred; at home is Islington, and the service is Camden's. */
const CHOSEN: [said: string, consents: Content["consents"], came: string[]][] = [
  ["chosen with the consent", [chose(CAMDEN)], THERE],
  ["chosen last, whatever the order", [chose(CAMDEN, LATER), chose(HACKNEY)], THERE],
  ["chosen first and then another", [chose(CAMDEN), chose(HACKNEY, LATER)], NOT_THERE],
  ["chosen at one time with another", [chose(HACKNEY), chose(CAMDEN)], THERE],
  ["refused", [chose(CAMDEN, { decision: "refused" })], NOT_THERE],
  ["named with another consent", [chose(CAMDEN, { kind: "contact-details" })], NOT_THERE],
  ["chosen, and later a consent without a council", [chose(CAMDEN), chose(undefined, LATER)], THERE],
];

export const DECISIONS: [name: string, given: Given, came: string[]][] = [
  ["nothing stands against either", {}, FITS],

  // What is held before anything is read
  ["an emergency", { content: aContent({ flags: { emergency: true } }) }, ["hold review emergency-route"]],
  ["out of band", { content: aContent({ flags: { handling: "out-of-band" } }) }, ["hold review out-of-band"]],
  ["no need that we know", { content: aContent({ need: undefined }) }, ["hold information need-unknown:need"]],
  ["a need that no programme serves", { content: aContent({ need: "training" }) }, ["unmet no-service"]],

  // Who refers, how, and in which nation
  ["another door", { programme: { mayRefer: ["council"] } }, ["unmet no-service", "-coaching door"]],
  [
    "a door that may only recommend",
    { programme: { mayRefer: ["council"], mayRecommend: ["gp"] } },
    ["hold review recommended:coaching", "+coaching/one fits", "+coaching/two fits"],
  ],
  [
    "a recommendation that was taken up",
    { programme: { mayRefer: ["council"], mayRecommend: ["gp"] }, ...aside("coaching", RECOMMENDED) },
    FITS,
  ],
  [
    "a recommendation to another programme that was taken up",
    { programme: { mayRefer: ["council"], mayRecommend: ["gp"] }, ...aside("other", RECOMMENDED) },
    ["hold review recommended:coaching", "+coaching/one fits", "+coaching/two fits"],
  ],
  ["other terms", { programme: { participation: ["mandatory"] } }, ["unmet no-service", "-coaching participation"]],
  ["another nation", { programme: { nations: ["wales"] } }, ["unmet no-service", "-coaching nation"]],
  ["a nation nobody knows", { content: unplaced }, [`hold information ${AREA}`, "-coaching nation"]],
  [
    "a nation nobody knows, and a programme in all of them",
    {
      content: unplaced,
      programme: { nations: ["england", "wales", "scotland", "northern-ireland"] },
      one: { authorities: [] },
    },
    ["offer coaching/one one", "+coaching/one offered", "-coaching/two area"],
  ],
  [
    "the nation of the practice where nobody knows the home",
    { content: aContent({ person: { home: SOMEWHERE } }), programme: { nations: ["wales"] } },
    ["unmet no-service", "-coaching nation"],
  ],

  // What the programme asks of everyone
  ["from its area", { programme: { areas: [{ authority: [ISLINGTON] }] } }, FITS],
  ["not from its area", { programme: { areas: [{ authority: [CAMDEN] }] } }, ["unmet no-service", "-coaching area"]],
  [
    "from an area nobody knows",
    { programme: { areas: [{ ward: ["E05013700"] }] } },
    [`hold information ${AREA}`, "-coaching area"],
  ],
  [
    "on a programme that rules it out",
    { programme: { compatibility: { excludes: ["x"] } }, content: on("x") },
    not("compatibility"),
  ],
  [
    "on it until yesterday",
    { programme: { compatibility: { excludes: ["x"] } }, content: on("x", "2026-11-15") },
    FITS,
  ],
  [
    "on it until tomorrow",
    { programme: { compatibility: { excludes: ["x"] } }, content: on("x", "2026-11-17") },
    not("compatibility"),
  ],
  ["on another", { programme: { compatibility: { excludes: ["x"] } }, content: on("y") }, FITS],
  ["programmes not said", { programme: { compatibility: { excludes: ["x"] } } }, asks("programmes", "compatibility")],
  [
    "on one of those that alone are allowed",
    { programme: { compatibility: { excludes: [], only: ["x"] } }, content: on("x") },
    FITS,
  ],
  [
    "on one that is not",
    { programme: { compatibility: { excludes: [], only: ["x"] } }, content: on("y") },
    not("compatibility"),
  ],
  ...(["started", "completed"] as const).flatMap((is): [string, Given, string[]][] => {
    const requires = { programme: { requires: [{ programme: "x", is, words: "First x." }] } };
    const past = (completed?: boolean) =>
      facts({
        programmes: [{ code: "x", startedOn: "2026-01-01", ...(completed === undefined ? {} : { completed }) }],
      });
    const sibling = (programme: string, started: boolean, completed: boolean) => ({
      siblings: [{ programme, started, completed }],
    });
    return [
      [`must have ${is}, in this case`, { ...requires, ...sibling("x", is === "started", is === "completed") }, FITS],
      [
        `must have ${is}, and has not in this case`,
        { ...requires, content: facts({ programmes: [] }), ...sibling("x", is !== "started", is !== "completed") },
        not("requires:x"),
      ],
      [
        `must have ${is}, and has another`,
        { ...requires, content: facts({ programmes: [] }), ...sibling("y", true, true) },
        not("requires:x"),
      ],
      [`must have ${is}, before`, { ...requires, content: past(true) }, FITS],
      [
        `must have ${is}, and did not end it`,
        { ...requires, content: past(false) },
        is === "started" ? FITS : not("requires:x"),
      ],
      [
        `must have ${is}, and was only referred`,
        { ...requires, content: facts({ programmes: [{ code: "x" }] }) },
        not("requires:x"),
      ],
      [
        `must have ${is}, and did another`,
        { ...requires, content: facts({ programmes: [{ code: "y", startedOn: "2026-01-01", completed: true }] }) },
        not("requires:x"),
      ],
      [`must have ${is}, and nobody said`, requires, asks("programmes", "requires:x")],
    ];
  }),
  [
    "a clause that does not hold",
    { programme: { eligibility: clause({ rightToWork: true }) }, content: facts({ rightToWork: false }) },
    not("eligibility:c"),
  ],
  [
    "a clause that holds",
    { programme: { eligibility: clause({ rightToWork: true }) }, content: facts({ rightToWork: true }) },
    FITS,
  ],
  [
    "a clause that nobody knows",
    { programme: { eligibility: clause({ rightToWork: true }) } },
    asks("rightToWork", "eligibility:c"),
  ],
  [
    "the first that does not hold speaks, though one before it is not known",
    {
      programme: { eligibility: [...clause({ disability: true }), { ...clause({ rightToWork: true })[0]!, id: "d" }] },
      content: facts({ rightToWork: false }),
    },
    not("eligibility:d"),
  ],
  [
    "a clause that an adviser set aside",
    {
      programme: { eligibility: clause({ rightToWork: true }, { override: true }) },
      content: facts({ rightToWork: false }),
      ...aside("coaching", "c"),
    },
    ["offer coaching/one one", "+coaching/one offered", "+coaching override:eligibility:c", "+coaching/two fits"],
  ],
  [
    "a clause that holds, though an adviser set it aside",
    {
      programme: { eligibility: clause({ rightToWork: true }, { override: true }) },
      content: facts({ rightToWork: true }),
      ...aside("coaching", "c"),
    },
    FITS,
  ],
  [
    "a clause that no adviser may set aside",
    {
      programme: { eligibility: clause({ rightToWork: true }) },
      content: facts({ rightToWork: false }),
      ...aside("coaching", "c"),
    },
    not("eligibility:c"),
  ],
  [
    "a clause of another programme that was set aside",
    {
      programme: { eligibility: clause({ rightToWork: true }, { override: true }) },
      content: facts({ rightToWork: false }),
      ...aside("other", "c"),
    },
    not("eligibility:c"),
  ],
  [
    "another clause that was set aside",
    {
      programme: { eligibility: clause({ rightToWork: true }, { override: true }) },
      content: facts({ rightToWork: false }),
      ...aside("coaching", "d"),
    },
    not("eligibility:c"),
  ],
  [
    "under an exclusion",
    { programme: { exclusions: clause({ rightToWork: true }) }, content: facts({ rightToWork: true }) },
    not("exclusion:c"),
  ],
  [
    "under no exclusion",
    { programme: { exclusions: clause({ rightToWork: true }) }, content: facts({ rightToWork: false }) },
    FITS,
  ],
  [
    "an exclusion that nobody knows",
    { programme: { exclusions: clause({ rightToWork: true }) } },
    asks("rightToWork", "exclusion:c"),
  ],

  [
    "past a clause on health",
    {
      programme: { eligibility: clause({ rightToWork: true }, { health: true }) },
      content: facts({ rightToWork: true }),
    },
    ["offer coaching/one one", "+coaching/one offered health", "+coaching/two fits health"],
  ],
  [
    "dropped by another clause of a programme that asks about health",
    {
      programme: {
        eligibility: [
          ...clause({ rightToWork: true }),
          { ...clause({ disability: true }, { health: true })[0]!, id: "d" },
        ],
      },
      content: facts({ rightToWork: false }),
    },
    ["unmet not-eligible", "-coaching eligibility:c health"],
  ],

  // Contracts and services
  [
    "a contract from today",
    { programme: { contracts: [{ ...CONTRACTS[0]!, from: TODAY }] } },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "a contract from tomorrow",
    { programme: { contracts: [{ ...CONTRACTS[0]!, from: "2026-11-17" }] } },
    ["unmet no-service"],
  ],
  [
    "a contract until today",
    { programme: { contracts: [{ ...CONTRACTS[0]!, to: TODAY }] } },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "a contract until yesterday",
    { programme: { contracts: [{ ...CONTRACTS[0]!, to: "2026-11-15" }] } },
    ["unmet no-service"],
  ],
  [
    "a contract of another place",
    { programme: { contracts: [{ ...CONTRACTS[0]!, areas: [{ authority: [CAMDEN] }] }, CONTRACTS[1]!] } },
    ["offer coaching/two two", "+coaching/two offered", "-coaching/one contract-area"],
  ],
  [
    "a contract of a place that nobody can tell",
    { programme: { contracts: [{ ...CONTRACTS[0]!, areas: [{ ward: ["E05013700"] }] }] } },
    [`hold information ${AREA}`, "-coaching/one area"],
  ],
  [
    "a closed service of a place that nobody can tell is closed",
    { programme: { contracts: [{ ...CONTRACTS[0]!, areas: [{ ward: ["E05013700"] }] }] }, one: { status: "closed" } },
    ["unmet no-service", "-coaching/one status"],
  ],
  ["another need", { programme: onlyOne, one: { needs: ["training"] } }, ["unmet no-service", "-coaching/one need"]],
  ["another place", { programme: onlyOne, one: { authorities: [CAMDEN] } }, ["unmet no-service", "-coaching/one area"]],
  ["everywhere", { programme: onlyOne, one: { authorities: [] } }, ["offer coaching/one one", "+coaching/one offered"]],
  [
    "elsewhere, but where the person is seen",
    {
      programme: onlyOne,
      one: { authorities: [CAMDEN], sites: ["Y00009"] },
      content: aContent({ referrer: { organisation: SURGERY, site: "Y00009" } }),
    },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "elsewhere, but where the person is registered",
    {
      programme: onlyOne,
      one: { authorities: [CAMDEN], sites: [SURGERY] },
      content: aContent({ referrer: { organisation: "Y00001" } }),
    },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "a place that nobody knows",
    { programme: onlyOne, content: aContent({ person: { home: SOMEWHERE } }) },
    [`hold information ${AREA}`, "-coaching/one area"],
  ],
  [
    "a homeless person's chosen council",
    {
      programme: { ...onlyOne, needs: ["homelessness"] },
      one: { needs: ["homelessness"], authorities: [CAMDEN] },
      content: aContent({ need: "homelessness", choice: { authority: CAMDEN } }),
    },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  ...CHOSEN.map(([name, consents, came]): [string, Given, string[]] => [
    `a homeless person's council, ${name}`,
    {
      programme: { ...onlyOne, needs: ["homelessness"] },
      one: { needs: ["homelessness"], authorities: [CAMDEN] },
      content: aContent({ need: "homelessness", consents: [...allConsents(), ...consents] }),
    },
    came,
  ]),
  [
    "the council that a homeless person chose with their consent, the last one they said yes to",
    {
      programme: { ...onlyOne, needs: ["homelessness"] },
      one: { needs: ["homelessness"], authorities: [CAMDEN] },
      content: aContent({
        need: "homelessness",
        choice: { authority: HACKNEY },
        consents: [
          ...allConsents(),
          toRefer("given", "2026-11-03", CAMDEN),
          toRefer("given", "2026-11-02", HACKNEY),
          toRefer("refused", "2026-11-04", HACKNEY),
          { ...toRefer("given", "2026-11-05", HACKNEY), kind: "contact-details" },
          toRefer("given", "2026-11-06"),
        ],
      }),
    },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "a homeless person's chosen council, and not the surgery where another's service works",
    {
      programme: { ...onlyOne, needs: ["homelessness"] },
      one: { needs: ["homelessness"], sites: [SURGERY] },
      content: aContent({ need: "homelessness", choice: { authority: CAMDEN } }),
    },
    NOT_THERE,
  ],
  [
    "a homeless person's chosen council, in Wales",
    {
      programme: { ...onlyOne, needs: ["homelessness"] },
      one: { needs: ["homelessness"], authorities: [CAMDEN] },
      content: aContent({ need: "homelessness", choice: { authority: "W06000015" } }),
    },
    ["unmet no-service authority-not-england:choice.authority", "-coaching/one area"],
  ],
  [
    "anybody else's chosen council, in Wales",
    { programme: onlyOne, one: { authorities: [CAMDEN] }, content: aContent({ choice: { authority: "W06000015" } }) },
    ["unmet no-service", "-coaching/one area"],
  ],
  [
    "anybody else's chosen council",
    { programme: onlyOne, one: { authorities: [CAMDEN] }, content: aContent({ choice: { authority: CAMDEN } }) },
    ["unmet no-service", "-coaching/one area"],
  ],
  [
    "a service that paused",
    { programme: onlyOne, one: { status: "paused" } },
    ["unmet no-service", "-coaching/one status"],
  ],
  [
    "a prime that cannot be reached",
    { reachable: ["sample-other"] },
    ["offer coaching/two two", "+coaching/two offered", "-coaching/one reachable"],
  ],
  [
    "one that said no",
    { declined: ["one"] },
    ["offer coaching/two two", "+coaching/two offered", "-coaching/one declined"],
  ],
  [
    "all said no",
    { declined: ["one", "two"] },
    ["unmet all-declined", "-coaching/one declined", "-coaching/two declined"],
  ],
  [
    "the last place",
    { one: { places: 3 }, taken: { one: 2 }, programme: onlyOne },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "no place",
    { one: { places: 3 }, taken: { one: 3 }, programme: onlyOne },
    ["unmet no-place", "-coaching/one places"],
  ],
  [
    "what fits nearly speaks before what never fitted",
    {
      one: { places: 1 },
      taken: { one: 1 },
      also: [aProgramme({ programme: "other", contracts: CONTRACTS, eligibility: clause({ age: { atLeast: 99 } }) })],
      declined: ["two"],
    },
    ["unmet all-declined no-place", "-coaching/one places", "-coaching/two declined", "-other eligibility:c"],
  ],
  [
    "who is not eligible speaks before what is not there",
    {
      programme: { mayRefer: ["council"] },
      also: [aProgramme({ programme: "other", contracts: CONTRACTS, eligibility: clause({ age: { atLeast: 99 } }) })],
    },
    ["unmet not-eligible", "-coaching door", "-other eligibility:c"],
  ],

  // Courses and places held back
  [
    "on a course",
    { programme: { ...onlyOne, cohorts: [course("c", TODAY, TODAY, "2026-12-01")] } },
    ["offer coaching/one one+one#course:c", "+coaching/one offered"],
  ],
  [
    "the earliest course",
    {
      programme: {
        ...onlyOne,
        cohorts: [course("late", TODAY, TODAY, "2026-12-02"), course("soon", TODAY, TODAY, "2026-12-01")],
      },
    },
    ["offer coaching/one one+one#course:soon", "+coaching/one offered"],
  ],
  [
    "courses that start on one day",
    {
      programme: {
        ...onlyOne,
        cohorts: [course("b", TODAY, TODAY, "2026-12-01"), course("a", TODAY, TODAY, "2026-12-01")],
      },
    },
    ["offer coaching/one one+one#course:a", "+coaching/one offered"],
  ],
  [
    "a course that is full",
    { programme: { ...onlyOne, cohorts: [course("c", TODAY, TODAY, "2026-12-01")] }, taken: { "one#course:c": 2 } },
    ["unmet no-course", "-coaching/one course"],
  ],
  [
    "a course that has closed",
    { programme: { ...onlyOne, cohorts: [course("c", "2026-11-01", "2026-11-15", "2026-12-01")] } },
    ["unmet no-course", "-coaching/one course"],
  ],
  [
    "a course that has not opened",
    { programme: { ...onlyOne, cohorts: [course("c", "2026-11-17", "2026-11-30", "2026-12-01")] } },
    ["unmet no-course", "-coaching/one course"],
  ],
  [
    "a course of another service",
    { programme: { cohorts: [{ ...course("c", "2026-11-17", "2026-11-30", "2026-12-01"), service: "two" }] } },
    ["offer coaching/one one", "+coaching/one offered", "-coaching/two course"],
  ],
  [
    "a held place",
    { programme: { ...onlyOne, ringFences: [fence("f", { age: { atLeast: 18 } }, 2)] }, one: { places: 5 } },
    ["offer coaching/one one+one#fence:f", "+coaching/one offered"],
  ],
  [
    "the held places are gone",
    {
      programme: { ...onlyOne, ringFences: [fence("f", { age: { atLeast: 18 } }, 2)] },
      one: { places: 5 },
      taken: { one: 2, "one#fence:f": 2 },
    },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "places held until yesterday",
    {
      programme: { ...onlyOne, ringFences: [fence("f", { age: { atLeast: 99 } }, 5, "2026-11-15")] },
      one: { places: 5 },
    },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "a place beside those held for others",
    {
      programme: { ...onlyOne, ringFences: [fence("f", { age: { atLeast: 99 } }, 2)] },
      one: { places: 5 },
      taken: { one: 2 },
    },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "only those held for others",
    {
      programme: { ...onlyOne, ringFences: [fence("f", { age: { atLeast: 99 } }, 2)] },
      one: { places: 5 },
      taken: { one: 3 },
    },
    ["unmet no-place", "-coaching/one places"],
  ],
  [
    "only those held, and nobody knows for whom",
    {
      programme: { ...onlyOne, ringFences: [fence("f", { rightToWork: true }, 2)] },
      one: { places: 5 },
      taken: { one: 3 },
    },
    ["hold information fact-unknown:facts.rightToWork", "-coaching/one fence:f"],
  ],
  [
    "others too, and nobody knows for whom some are held",
    { programme: { ...onlyOne, ringFences: [fence("f", { rightToWork: true }, 2)] }, one: { places: 5 } },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "a held place whose test reads health",
    { programme: { ...onlyOne, ringFences: [fence("f", { longTermCondition: true }, 2)] }, one: { places: 5 } },
    ["offer coaching/one one+one#fence:f", "+coaching/one offered health"],
  ],
  [
    "only those held for others by their health",
    {
      programme: { ...onlyOne, ringFences: [fence("f", { longTermCondition: false }, 2)] },
      one: { places: 5 },
      taken: { one: 3 },
    },
    ["unmet no-place", "-coaching/one places health"],
  ],
  [
    "held back by another programme",
    {
      programme: onlyOne,
      one: { places: 5 },
      taken: { one: 3 },
      also: [
        aProgramme({ programme: "other", needs: ["training"], ringFences: [fence("f", { age: { atLeast: 18 } }, 2)] }),
      ],
    },
    ["unmet no-place", "-coaching/one places"],
  ],
  [
    "the larger of two fences of one id",
    {
      programme: { ...onlyOne, ringFences: [fence("f", { age: { atLeast: 99 } }, 1)] },
      one: { places: 5 },
      taken: { one: 3 },
      also: [
        aProgramme({ programme: "other", needs: ["training"], ringFences: [fence("f", { age: { atLeast: 18 } }, 2)] }),
      ],
    },
    ["unmet no-place", "-coaching/one places"],
  ],
  [
    "the fence of another service",
    {
      programme: { ringFences: [{ ...fence("f", { age: { atLeast: 18 } }, 2), service: "two" }] },
      one: { places: 9 },
      two: { places: 5 },
    },
    FITS,
  ],

  // Consent
  [
    "no consent to the prime",
    { content: withdrawn("charity") },
    ["offer coaching/two two", "+coaching/two offered", "-coaching/one consent:share"],
  ],
  [
    "no consent to the partner that runs it",
    { content: withdrawn("council"), programme: onlyOne, one: { organisation: "sample-other" } },
    ["hold consent consent-withdrawn:consents", "-coaching/one consent:share"],
  ],
  [
    "consent to both",
    { content: withdrawn("council"), programme: onlyOne },
    ["offer coaching/one one", "+coaching/one offered"],
  ],
  [
    "consent is asked for before facts",
    {
      content: aContent({ consents: [] }),
      programme: onlyOne,
      also: [
        aProgramme({ programme: "other", contracts: [CONTRACTS[1]!], eligibility: clause({ rightToWork: true }) }),
      ],
    },
    [
      "hold consent consent-missing:consents take-part-missing:consents",
      "-coaching/one consent:share",
      "-other eligibility:c",
    ],
  ],

  [
    "consent to one organisation by its name",
    {
      directory: twoCharities,
      programme: sharesOnly,
      content: aContent({ consents: [shareWith({ recipients: ["sample-coaching"] })] }),
    },
    ["offer coaching/one one", "+coaching/one offered", "-coaching/two consent:share"],
  ],
  [
    "consent to charities, but not to one of them",
    {
      directory: twoCharities,
      programme: sharesOnly,
      content: aContent({
        consents: [
          shareWith({
            recipientClasses: ["charity"],
            except: [{ decision: "refused", recipients: ["sample-coaching"] }],
          }),
        ],
      }),
    },
    ["offer coaching/two two", "+coaching/two offered", "-coaching/one consent:share"],
  ],

  // Which of several
  [
    "the programme that comes first",
    {
      programme: { precedence: 20 },
      also: [aProgramme({ programme: "other", precedence: 10, contracts: [CONTRACTS[1]!] })],
    },
    ["offer other/two two", "+other/two offered", "+coaching/one fits", "+coaching/two fits"],
  ],
  [
    "the next programme where the first has nobody",
    {
      programme: { precedence: 1, ...onlyOne },
      declined: ["one"],
      also: [aProgramme({ programme: "other", contracts: [CONTRACTS[1]!] })],
    },
    ["offer other/two two", "+other/two offered", "-coaching/one declined"],
  ],
  [
    "programmes of one precedence, by their names",
    { also: [aProgramme({ programme: "b", contracts: [CONTRACTS[1]!] })], programme: { programme: "c" } },
    ["offer b/two two", "+b/two offered", "+c/one fits", "+c/two fits"],
  ],
  [
    "the person's choice",
    { content: aContent({ choice: { service: "two" } }) },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "the person's choice in a later programme",
    {
      programme: onlyOne,
      content: aContent({ choice: { service: "two" } }),
      also: [aProgramme({ programme: "other", precedence: 200, contracts: [CONTRACTS[1]!] })],
    },
    ["offer other/two two", "+other/two offered", "+coaching/one fits"],
  ],
  [
    "a choice that cannot be asked",
    { content: aContent({ choice: { service: "two" } }), declined: ["two"] },
    ["offer coaching/one one", "+coaching/one offered", "-coaching/two declined"],
  ],
  [
    "left to the person",
    { programme: { allocation: "persons-choice" } },
    ["hold information choice-needed:choice.service", "+coaching/one fits", "+coaching/two fits"],
  ],
  [
    "left to the person, with one alone",
    { programme: { allocation: "persons-choice" }, declined: ["one"] },
    ["offer coaching/two two", "+coaching/two offered", "-coaching/one declined"],
  ],
  [
    "most places",
    { one: { places: 3 }, two: { places: 9 } },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "most places left",
    { one: { places: 9 }, two: { places: 9 }, taken: { one: 1 } },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "most places left beside held ones",
    { one: { places: 9 }, two: { places: 8 }, programme: { ringFences: [fence("f", { age: { atLeast: 99 } }, 2)] } },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "where the person is seen",
    { programme: { allocation: "on-site" }, two: { sites: [SURGERY] } },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "seen there before registered there",
    {
      programme: { allocation: "on-site" },
      one: { sites: [SURGERY] },
      two: { sites: ["Y00009"] },
      content: aContent({ referrer: { organisation: SURGERY, site: "Y00009" } }),
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "registered there before elsewhere",
    {
      programme: { allocation: "on-site" },
      two: { sites: [SURGERY] },
      content: aContent({ referrer: { organisation: "Y00001" } }),
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "the nearest",
    {
      programme: { allocation: "nearest" },
      directory: {
        ...atHome(HOME),
        services: [
          aService({ id: "one", at: { lat: 51.6, lon: -0.1 } }),
          aService({ id: "two", organisation: "sample-other", at: { lat: 51.55, lon: -0.1 } }),
        ],
      },
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "who is nobody knows how far comes last",
    {
      programme: { allocation: "nearest" },
      directory: {
        ...atHome(HOME),
        services: [aService({ id: "one" }), aService({ id: "two", organisation: "sample-other", at: HOME })],
      },
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "the person's own council where nobody knows how far",
    {
      programme: { allocation: "nearest" },
      directory: {
        ...atHome(),
        services: [
          aService({ id: "one", authorities: [] }),
          aService({ id: "two", organisation: "sample-other", at: HOME }),
        ],
      },
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "the lower precedence of two partnerships",
    {
      programme: byPartnership("west", "central"),
      directory: { partnerships: [partnership("west", 20), partnership("central", 10)] },
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "a partnership that has begun",
    {
      programme: byPartnership("west", "central"),
      directory: { partnerships: [partnership("west", 20), partnership("central", 10, "2026-11-17")] },
    },
    ["offer coaching/one one", "+coaching/one offered", "-coaching/two contract-area"],
  ],
  [
    "a partnership that has not ended",
    {
      programme: byPartnership("west", "central"),
      directory: { partnerships: [partnership("west", 20), partnership("central", 10, "2026-01-01", "2026-11-15")] },
    },
    ["offer coaching/one one", "+coaching/one offered", "-coaching/two contract-area"],
  ],
  [
    "a contract that names the place before a partnership",
    {
      programme: {
        allocation: "single",
        contracts: [
          { ...CONTRACTS[0]!, areas: [{ partnership: ["west"] }] },
          { ...CONTRACTS[1]!, areas: [{ authority: [ISLINGTON] }] },
        ],
      },
      directory: { partnerships: [partnership("west", 20)] },
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "a contract for everywhere last",
    {
      programme: {
        allocation: "single",
        contracts: [CONTRACTS[0]!, { ...CONTRACTS[1]!, areas: [{ partnership: ["west"] }] }],
      },
      directory: { partnerships: [partnership("west", 20)] },
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "whose turn it is",
    { programme: { allocation: "fair-share" }, drawn: { one: 1 } },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "whose turn it is by the shares",
    {
      programme: {
        allocation: "fair-share",
        contracts: [CONTRACTS[0]!, { ...CONTRACTS[1]!, services: [{ service: "two", share: 3 }] }],
      },
      drawn: { one: 1, two: 2 },
    },
    ["offer coaching/two two", "+coaching/two offered", "+coaching/one fits"],
  ],
  [
    "in another council of the directory",
    {
      content: aContent({ person: { home: { kind: "address", lines: [], postcode: "E8 1EA" } } }),
      one: { authorities: [HACKNEY] },
    },
    ["offer coaching/one one", "+coaching/one offered", "-coaching/two area"],
  ],
];

const waitsFor = (holdDays: number): Partial<Programme> => ({
  clocks: { acknowledgeWithin: 2, contactWithin: 10, holdDays },
});
const closed = (holdDays: number): Programme =>
  aProgramme({ programme: "other", mayRefer: ["council"], contracts: CONTRACTS, ...waitsFor(holdDays) });

/** How many days a hold waits: the longest of the programmes that wait for what is asked. */
export const HOLDS: [name: string, given: Given, days: number | undefined][] = [
  ["for consent", { content: aContent({ consents: [] }), programme: waitsFor(40) }, 40],
  [
    "for consent, beside a programme that waits for nothing",
    { content: aContent({ consents: [] }), programme: waitsFor(40), also: [closed(90)] },
    40,
  ],
  ["for a fact", { programme: { ...waitsFor(40), eligibility: clause({ rightToWork: true }) } }, 40],
  ["for a choice", { programme: { ...waitsFor(40), allocation: "persons-choice" } }, 40],
  ["for a person of ours", { content: aContent({ flags: { emergency: true } }) }, undefined],
];

const drawing = (programme: string, needs: Programme["needs"], ...services: string[]) => ({
  programme: aProgramme({ programme, needs, services: services.map((service) => ({ service, share: 1 })) }),
  digest: "",
});
export const DRAWN = [
  drawing("b", ["training"], "two"),
  drawing("a", ["employment"], "one", "two"),
  drawing("c", ["debt-advice"], "three"),
];

/** What a decision on a need locks and counts. */
export const DRAWS: [name: string, need: Content["need"], programmes: string[], services: string[]][] = [
  ["its own programmes, and who shares their services", "employment", ["a", "b"], ["one", "two"]],
  ["from the other side", "training", ["a", "b"], ["two"]],
  ["nobody else", "debt-advice", ["c"], ["three"]],
  ["nothing without a need", undefined, [], []],
];

const choosing = (service: string): Content => aContent({ choice: { service } });
const three = {
  contracts: [...CONTRACTS, aContract({ contract: "c", services: [{ service: "three", share: 1 }] })],
};
const thirdService = aService({ id: "three", authorities: [] });
const services = (...more: Partial<Service>[]) => ({
  services: more.map((one, at) => aService({ id: ["one", "two", "three"][at]!, ...one })),
});

/** What a receipt must say, and what it must not: in its words, its tie-break and the words of each candidate. */
export const TOLD: [name: string, given: Given, says: RegExp, never?: RegExp][] = [
  ["one alone", { programme: onlyOne }, /only|alone/, /First by id|Carried over|The person chose/],
  ["what the person chose", { content: choosing("two") }, /The person chose this service/, /cannot be asked/],
  ["a service nobody knows", { content: choosing("nowhere") }, /a service that we do not know/, /cannot be asked/],
  [
    "a service that no programme brings",
    {
      content: choosing("three"),
      directory: { services: [aService({ id: "one" }), aService({ id: "two" }), thirdService] },
    },
    /cannot be asked: It gives no help of this kind/,
  ],
  [
    "the clause of the service chosen",
    { content: choosing("two"), declined: ["two"] },
    /cannot be asked: It has been asked/,
  ],
  [
    "the clause of that service, not of another",
    { content: choosing("two"), declined: ["two"], one: { status: "paused" } },
    /cannot be asked: It has been asked/,
  ],
  [
    "the clause of the programme that brings it, not of another",
    {
      content: choosing("three"),
      programme: { mayRefer: ["council"], precedence: 1 },
      also: [
        aProgramme({
          programme: "other",
          contracts: [aContract({ services: [{ service: "three", share: 1 }] })],
          participation: ["mandatory"],
        }),
      ],
      directory: { services: [aService({ id: "one" }), aService({ id: "two" }), thirdService] },
    },
    /cannot be asked: It does not take people on these terms/,
  ],
  ["equal places", {}, /First by id/],
  ["more places", { one: { places: 3 } }, /most free places/, /First by id/],
  [
    "two contracts without a precedence",
    { programme: { allocation: "single" } },
    /At least two contracts fit here/,
    /one contract/i,
  ],
  [
    "two services of one contract",
    {
      programme: {
        allocation: "single",
        contracts: [
          aContract({
            services: [
              { service: "one", share: 1 },
              { service: "two", share: 1 },
            ],
          }),
        ],
      },
    },
    /one contract/i,
    /contracts? fits? here/,
  ],
  [
    "which partnership goes first",
    {
      programme: byPartnership("west", "central"),
      directory: { partnerships: [partnership("west", 20), partnership("central", 10)] },
    },
    /central goes first/,
    /First by id|names the place/,
  ],
  [
    "which partnership of two of one precedence",
    {
      programme: {
        allocation: "single",
        contracts: [
          { ...CONTRACTS[0]!, areas: [{ partnership: ["z", "central"] }] },
          { ...CONTRACTS[1]!, areas: [{ partnership: ["west"] }] },
        ],
      },
      directory: { partnerships: [partnership("west", 20), partnership("central", 10), partnership("z", 10)] },
    },
    /central goes first/,
  ],
  [
    "a contract that names the place",
    {
      programme: {
        allocation: "single",
        contracts: [
          { ...CONTRACTS[0]!, areas: [{ partnership: ["west"] }] },
          { ...CONTRACTS[1]!, areas: [{ authority: [ISLINGTON] }] },
        ],
      },
      directory: { partnerships: [partnership("west", 20)] },
    },
    /names the place itself/,
    /goes first/,
  ],
  [
    "the nearest",
    {
      programme: { allocation: "nearest" },
      directory: { ...atHome(HOME), ...services({ at: HOME }, { at: { lat: 51.6, lon: 0 } }) },
    },
    /nearest to where the person lives/,
    /not known|First by id/,
  ],
  [
    "nobody knows how far, and one of the own council",
    { programme: { allocation: "nearest" }, directory: { ...atHome(HOME), ...services({ authorities: [] }, {}) } },
    /own council/,
    /First by id/,
  ],
  [
    "nobody knows how far, and several of the own council",
    {
      programme: { allocation: "nearest", ...three },
      directory: { ...atHome(HOME), ...services({}, {}, { authorities: [] }) },
    },
    /not known/,
    /own council/,
  ],
  [
    "nobody knows how far, and none of the own council",
    {
      programme: { allocation: "nearest" },
      directory: { ...atHome(HOME), ...services({ authorities: [] }, { authorities: [] }) },
    },
    /not known/,
    /own council/,
  ],
  [
    "one alone, and nobody knows how far",
    { programme: { allocation: "nearest", ...onlyOne } },
    /only|alone/,
    /not known/,
  ],
  [
    "nothing carried over",
    { programme: { allocation: "fair-share" }, drawn: { one: 1 } },
    /furthest behind/,
    /Carried over/,
  ],
  [
    "what is carried over",
    { programme: { allocation: "fair-share" }, drawn: { one: 9 } },
    /two is 5 behind/,
    /Not all can/,
  ],
  [
    "who is left out meanwhile",
    { programme: { allocation: "fair-share" }, declined: ["two"] },
    /Not all can be asked now\. Carried over: nobody is a whole place behind\./,
  ],
  [
    "what is carried over, from two places on",
    { programme: { allocation: "fair-share" }, drawn: { one: 4 } },
    /two is 2 behind/,
  ],
  [
    "what is carried over, of two that are as far behind the first by its id",
    {
      programme: {
        allocation: "fair-share",
        contracts: [aContract({ services: ["two", "one", "three"].map((service) => ({ service, share: 1 })) })],
      },
      drawn: { one: 9 },
      directory: { services: [aService({ id: "two" }), aService({ id: "one" }), thirdService] },
    },
    /Carried over: three is 3 behind, two is 3 behind\./,
  ],
  [
    "the held place and the start of the course",
    {
      programme: {
        ...onlyOne,
        ringFences: [fence("f", { age: { atLeast: 18 } }, 2)],
        cohorts: [course("c", TODAY, TODAY, "2026-12-01")],
      },
      one: { places: 5 },
    },
    /starts on 1 December 2026\. It takes a held place: Held\./,
  ],
  [
    "the held place alone",
    { programme: { ...onlyOne, ringFences: [fence("f", { age: { atLeast: 18 } }, 2)] }, one: { places: 5 } },
    /held place/,
    /starts on/,
  ],
  [
    "the course alone",
    { programme: { ...onlyOne, cohorts: [course("c", TODAY, TODAY, "2026-12-01")] } },
    /starts on 1 December 2026/,
    /held place/,
  ],
  ["neither", { programme: onlyOne }, /only|alone/, /held place|starts on/],
  [
    "when the next course opens",
    {
      programme: {
        ...onlyOne,
        cohorts: [
          course("c", "2026-11-17", "2026-11-30", "2026-12-01"),
          course("d", "2026-11-20", "2026-11-30", "2026-12-01"),
        ],
      },
    },
    /No course can be joined now\. The next one opens on 17 November 2026/,
  ],
  [
    "that the open course is full",
    { programme: { ...onlyOne, cohorts: [course("c", TODAY, TODAY, "2026-12-01")] }, taken: { "one#course:c": 2 } },
    /Each open course is full\. No (further|more)/,
  ],
  [
    "that no course comes",
    { programme: { ...onlyOne, cohorts: [course("c", "2026-11-01", "2026-11-15", "2026-12-01")] } },
    /No course can be joined now\. No (further|more)/,
  ],
  [
    "why the chosen one waits",
    { content: choosing("one"), programme: { eligibility: clause({ rightToWork: true }) } },
    /The person chose .*cannot be asked: Not known/,
  ],
];

export const saidIn = ({ receipt }: Decision): string =>
  [receipt.words, receipt.tieBreak, ...receipt.candidates.map(({ words }) => words)].join(" ");
