// Offers that are read again, before they leave and before a start is recorded: one row for each thing that may have changed.
import type { Override } from "../../../../schemas/case.ts";
import type { RingFence } from "../../../../schemas/contract.ts";
import type { Offer } from "../../../../schemas/offer.ts";
import type { Programme } from "../../../../schemas/programme.ts";
import type { Service } from "../../../../schemas/provider.ts";
import type { Content } from "../../../../schemas/referral.ts";
import { placeOf } from "../../../../src/core/area.ts";
import type { Standing } from "../../../../src/core/recheck.ts";
import { aContent, allConsents, CAMDEN, ISLINGTON } from "../../../builders/content.ts";
import { anOffer } from "../../../builders/journey.ts";
import { aContract, aDirectory, anOrganisation, aProgramme, aService, NOW, TODAY } from "../../../builders/rules.ts";

export type Changed = {
  content?: Content;
  programme?: Partial<Programme> | "gone";
  service?: Partial<Service>;
  offer?: Partial<Offer>;
  overrides?: Override[];
  now?: Date;
};

export const inputOf = ({
  content = aContent({ facts: FACTS }),
  programme = {},
  service = {},
  offer = {},
  overrides = [],
  now = NOW,
}: Changed) => {
  const directory = aDirectory({
    organisations: [anOrganisation(), anOrganisation({ id: "sample-partner", class: "company" })],
    services: [aService(service)],
  });
  return {
    content,
    area: placeOf(content.person, directory),
    offer: anOffer(offer),
    packs: programme === "gone" ? [] : [{ programme: aProgramme(programme), digest: "" }],
    directory,
    siblings: [],
    overrides,
    now,
  };
};
const FACTS: Content["facts"] = { employment: "out-of-work", longTermCondition: true, rightToWork: true };
export const codesOf = (standing: Standing) => (standing.holds ? [] : standing.reasons.map((one) => one.code));

const course = (closes: string): Partial<Programme> => ({
  cohorts: [
    { id: "spring", service: "coaching-upper-street", opens: "2026-11-01", closes, starts: "2026-12-01", places: 9 },
  ],
});
const onCourse = { places: ["coaching-upper-street", "coaching-upper-street#course:spring"] };
const fence = (test: RingFence["for"], until = TODAY): Partial<Programme> => ({
  ringFences: [{ id: "held", words: "Held.", service: "coaching-upper-street", places: 3, until, for: test }],
});
const onFence = { places: ["coaching-upper-street", "coaching-upper-street#fence:held"] };
const notTo = (recipientClass: "charity" | "company") =>
  aContent({
    consents: [
      ...allConsents(),
      { kind: "share", decision: "withdrawn", recipientClasses: [recipientClass], at: "2026-11-10T10:00:00Z" },
    ],
  });

/** Before it leaves; no codes where it stands. */
export const LEAVING: [string, Changed, string[]][] = [
  ["nothing has changed", {}, []],
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
    { programme: { contracts: [aContract({ services: [{ service: "another", share: 1 }] })] } },
    ["contract-over"],
  ],
  [
    "the contract ended yesterday",
    { programme: { contracts: [aContract({ to: "2026-11-15" })] }, offer: { contract: "main" } },
    ["contract-over"],
  ],
  [
    "another contract now brings the service",
    { programme: { contracts: [aContract({ contract: "next" })] }, offer: { contract: "main" } },
    ["contract-over"],
  ],
  [
    "the person moved out of the contract's area",
    { programme: { contracts: [aContract({ areas: [{ authority: [CAMDEN] }] })] } },
    ["out-of-area"],
  ],
  [
    "the person moved to nobody knows where",
    {
      content: aContent({ person: { home: { kind: "withheld" } } }),
      programme: { contracts: [aContract({ areas: [{ authority: [ISLINGTON] }] })] },
    },
    ["area-unknown"],
  ],
  ["the prime may no longer hear of them", { content: notTo("charity") }, ["consent-withdrawn"]],
  [
    "the partner that runs the service may no longer hear of them",
    { content: notTo("company"), service: { organisation: "sample-partner" } },
    ["consent-withdrawn"],
  ],
  ["the course has closed", { programme: course("2026-11-15"), offer: onCourse }, ["no-course"]],
  [
    "its held place is not for them any more",
    { programme: fence({ rightToWork: false }), offer: onFence },
    ["no-place"],
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
    { programme: { eligibility: [{ id: "dis", words: "Disabled", health: true, test: { disability: true } }] } },
    ["fact-unknown"],
  ],
  ["on the last day of its contract", { programme: { contracts: [aContract({ to: TODAY })] } }, []],
  ["on the last day to join the course", { programme: course(TODAY), offer: onCourse }, []],
  ["for a partner of no class that was refused", { content: notTo("company") }, []],
  ["with its held place", { programme: fence({ rightToWork: true }), offer: onFence }, []],
  ["when places are held no longer", { programme: fence({ rightToWork: false }, "2026-11-15"), offer: onFence }, []],
  ["nobody knows whether its held place is for them", { programme: fence({ disability: true }), offer: onFence }, []],
  ["under its own contract", { offer: { contract: "main" } }, []],
  [
    "an adviser set the clause aside that does not hold",
    {
      programme: {
        eligibility: [{ id: "job", words: "No job", health: false, override: true, test: { employment: ["in-work"] } }],
      },
      overrides: [{ programme: "coaching", clause: "job" }],
    },
    [],
  ],
  ["under another programme too", { programme: { programme: "other" } }, ["no-service"]],
];

const BORN = aContent({ person: { birthDate: "1983-11-14" } });
const ended = { contracts: [aContract({ to: "2026-11-12" })] };
const ofAge = { eligibility: [{ id: "age", words: "Under 43", health: false, test: { age: { atMost: 42 } } }] };

/** Before a start is recorded, with its day. */
export const STARTING: [string, Changed, string, string[]][] = [
  ["nothing has changed", {}, TODAY, []],
  ["the service has paused", { service: { status: "paused" } }, TODAY, []],
  ["the course has closed to others", { programme: course("2026-11-10"), offer: onCourse }, TODAY, []],
  ["eligible on that day", { content: BORN, programme: ofAge }, "2026-11-13", []],
  ["no longer eligible on that day", { content: BORN, programme: ofAge }, "2026-11-14", ["not-eligible"]],
  ["on the last day of the contract", { programme: ended }, "2026-11-12", []],
  ["after the contract", { programme: ended }, "2026-11-13", ["contract-over"]],
  ["consent was taken back since", { content: notTo("charity") }, "2026-11-03", ["consent-withdrawn"]],
  ["the programme is over", { programme: "gone" }, TODAY, ["contract-over"]],
  ["its course is no longer held", { offer: onCourse }, TODAY, ["no-course"]],
  [
    "a fact is missing",
    { programme: { eligibility: [{ id: "dis", words: "Disabled", health: true, test: { disability: true } }] } },
    TODAY,
    ["fact-unknown"],
  ],
  ["its day has not come", {}, "2026-11-17", ["not-yet"]],
];
