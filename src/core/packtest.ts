// Runs the cases that a commissioner wrote into a pack: made-up facts, and the decision that must come out.
import { type Consent, ConsentKind, type Purpose, RecipientClass } from "../../schemas/consent.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { PackTest } from "../../schemas/packtest.ts";
import { nationOf } from "../../schemas/place.ts";
import type { Directory } from "../../schemas/provider.ts";
import type { Content } from "../../schemas/referral.ts";
import { placeOf } from "./area.ts";
import { noonOf } from "./calendar.ts";
import { conditionsOf } from "./conditions.ts";
import { chosenAuthority } from "./coverage.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { nobody } from "./nobody.ts";

export type Found = { result: PackTest["expect"]; because?: string };

/** A yes to everything that the programme asks, said in good time. */
const everyConsent = ({ consents }: Programme, on: string): Consent[] =>
  ConsentKind.options.flatMap((kind): Consent[] => {
    const purposes = new Set<Purpose>([
      "referral",
      ...consents.flatMap((one) => (one.kind === kind ? one.purpose : [])),
    ]);
    return [...purposes].map((purpose) => ({
      kind,
      decision: "given",
      purpose,
      recipientClasses: [...RecipientClass.options],
      at: `${on}T00:00:00Z`,
    }));
  });

const contentOf = (programme: Programme, test: PackTest): Content => ({
  ...nobody({
    ...test,
    authority: test.livesIn,
    practice: test.registeredAt,
    site: test.seenAt,
    consents: test.consents ?? everyConsent(programme, test.on),
  }),
  ...(test.choice === undefined ? {} : { choice: test.choice }),
});

/** What the pack says of a case. `because` is a clause, or `door`, `participation`, `need` or `nation`. */
export const findingOf = (programme: Programme, directory: Directory, test: PackTest): Found => {
  if (![...programme.mayRefer, ...programme.mayRecommend].includes(test.door))
    return { result: "not-eligible", because: "door" };
  if (!programme.participation.includes(test.participation ?? "voluntary"))
    return { result: "not-eligible", because: "participation" };
  if (!programme.needs.includes(test.need)) return { result: "not-eligible", because: "need" };
  const content = contentOf(programme, test);
  const authority = chosenAuthority(content) ?? test.livesIn;
  const nation = authority === undefined ? undefined : nationOf(authority);
  if (nation !== undefined && !programme.nations.includes(nation)) return { result: "not-eligible", because: "nation" };

  const now = noonOf(test.on);
  const area = placeOf(content.person, directory);
  const conditions = conditionsOf(programme, { content, area, directory, siblings: [], overrides: [], now });
  for (const [is, result] of [
    [false, "not-eligible"],
    ["unknown", "unknown"],
  ] as const) {
    const found = conditions.find(({ verdict }) => verdict.is === is);
    if (found !== undefined) return { result, because: found.clause.replace(/^(eligibility|exclusion):/, "") };
  }
  return { result: "eligible" };
};

/** A case speaks of rules, not of the state of a day: every service is open, free and can be reached. */
const atEase = (directory: Directory): Directory => ({
  ...directory,
  services: directory.services.map((service) => ({ ...service, status: "open" })),
});

/** The decision on a case where this programme is the only one there is. */
export const decisionOn = (programme: Programme, directory: Directory, test: PackTest): Decision => {
  const content = contentOf(programme, test);
  return decide({
    referral: { id: NOBODY, reference: "WM-2222-2222", door: test.door, test: true },
    content,
    area: placeOf(content.person, directory),
    packs: [{ programme, digest: "" }],
    directory: atEase(directory),
    directoryDigest: "",
    reachable: directory.organisations.map(({ id }) => id),
    capacity: new Map(),
    declined: [],
    siblings: [],
    overrides: [],
    inputHash: "",
    consentHash: "",
    capacityHash: "",
    receiptId: NOBODY,
    now: noonOf(test.on),
  });
};

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Why a case does not come out as its author expects; undefined when it does. */
export const failureOf = (programme: Programme, directory: Directory, test: PackTest): string | undefined => {
  const found = findingOf(programme, directory, test);
  const because = found.because === undefined ? "" : ` because of ${found.because}`;
  const right = found.result === test.expect && (test.because === undefined || test.because === found.because);
  if (!right)
    return `expected ${test.expect}${test.because === undefined ? "" : ` because of ${test.because}`}, found ${found.result}${because}`;
  return test.gets === undefined ? undefined : wrongService(decisionOn(programme, directory, test), test.gets);
};

const wrongService = (decision: Decision, wanted: string): string | undefined => {
  if (decision.kind === "offer" && decision.service === wanted) return undefined;
  if (decision.kind === "offer") return `expected ${wanted}, found ${decision.service}`;
  const why = (decision.kind === "hold" ? decision.asks : decision.reasons).map(({ code }) => code);
  return `expected ${wanted}, found ${decision.kind === "hold" ? "a hold" : "no service"} (${why.join(", ")})`;
};
