// The decision: one offer, or a hold that says what is missing, or an unmet need on record. Never without a reason.
import { RECOMMENDED } from "../../schemas/case.ts";
import { outsideEngland } from "../../schemas/consent.ts";
import type { Programme } from "../../schemas/programme.ts";
import { reason, type Reason, type ReasonCode } from "../../schemas/reason.ts";
import { type Account, askPerson, hold, offer, unmet } from "./account.ts";
import { alternativesTo } from "./alternatives.ts";
import { allocate, type Allocation, type Asked } from "./allocate.ts";
import { askFor } from "./asks.ts";
import { knownOf } from "./conditions.ts";
import { chosenFit, whyNotChosen } from "./choice.ts";
import type { DecideInput, Decision } from "./decision.ts";
import { serving } from "./draws.ts";
import { fencesOn } from "./fences.ts";
import { matchProgramme } from "./match.ts";
import { onceBy } from "./once.ts";
import type { Match, Situation } from "./situation.ts";
import { CHOSEN } from "./words/ties.ts";

export const decide = (input: DecideInput): Decision => {
  const { flags, need } = input.content;
  const unread: Account = { input, candidates: [] };
  if (flags.emergency) return hold(unread, { why: "review", asks: [reason("emergency-route")] });
  if (flags.handling === "out-of-band") return hold(unread, { why: "review", asks: [reason("out-of-band")] });
  if (need === undefined) return hold(unread, { why: "information", asks: [reason("need-unknown", "need")] });

  const situation = situationOf(input);
  const programmes = programmesFor(input);
  const matches = programmes.map((programme) => matchProgramme(programme, situation));
  const candidates = allOf(matches, "candidates");
  const chosen = choose(matches, situation);
  const honoured = chosen !== undefined && "fit" in chosen && chosen.fit.service.id === input.content.choice?.service;
  const refused = honoured ? undefined : whyNotChosen(matches, programmes, situation);
  const account: Account = { input, candidates, refused };

  if (chosen !== undefined && "ask" in chosen) return askPerson(account, chosen.ask);
  const advises = chosen?.fit.recommended === true ? chosen.fit.programme.programme : undefined;
  if (advises !== undefined && !takenUp(input, advises))
    return hold(account, { why: "review", asks: [reason("recommended", advises)] });
  if (chosen !== undefined) return offer(account, chosen);

  const ways = alternativesTo(programmes, matches, situation);
  const waiting = (key: "consents" | "missing") => programmes.filter((_, at) => (matches[at]?.[key].length ?? 0) > 0);
  const consents = unique(allOf(matches, "consents"));
  if (consents.length > 0) return hold(account, { why: "consent", asks: consents, waiting: waiting("consents"), ways });
  const missing = [...new Set(allOf(matches, "missing"))];
  if (missing.length > 0)
    return hold(account, { why: "information", asks: missing.map(askFor), waiting: waiting("missing"), ways });
  return unmet(account, [...reasonsWhy(matches), ...abroad(input.content)], ways);
};

const allOf = <Key extends keyof Match>(matches: readonly Match[], key: Key): Match[Key][number][] => {
  const found: Match[Key][number][] = [];
  for (const match of matches) for (const one of match[key]) found.push(one);
  return found;
};

/** What a decision is made from, without what is written on its receipt. */
export type Deciding = Omit<
  DecideInput,
  "referral" | "inputHash" | "consentHash" | "capacityHash" | "receiptId" | "directoryDigest"
> & { referral: Pick<DecideInput["referral"], "door"> };

/** Those that serve the need, in the order in which they are looked at. */
export const programmesFor = ({ content, packs }: Pick<Deciding, "content" | "packs">): readonly Programme[] =>
  inOrder(packs, content.need);

const inOrder = onceBy((packs: Deciding["packs"], need: DecideInput["content"]["need"]) =>
  serving(need, packs)
    .map(({ programme }) => programme)
    .sort((a, b) => a.precedence - b.precedence || (a.programme < b.programme ? -1 : 1)),
);

export const situationOf = (input: Deciding): Situation => {
  const { content, area, directory, reachable, capacity, declined, siblings, overrides, now, referral } = input;
  const known = knownOf(input);
  const { day } = known;
  return {
    content,
    area,
    door: referral.door,
    directory,
    reachable,
    capacity,
    fences: fencesOn(input.packs, day),
    declined,
    siblings,
    overrides,
    now,
    day,
    known,
    said: new Map(),
  };
};

/** The person's own choice where it fits; else the first programme by precedence, and its strategy. */
const choose = (matches: readonly Match[], situation: Situation): Allocation | Asked | undefined => {
  const fit = chosenFit(matches, situation);
  if (fit !== undefined) return { fit, because: CHOSEN, tieBreak: CHOSEN };
  const first = matches.find(({ fits }) => fits.length > 0);
  return first === undefined ? undefined : allocate(first.fits, situation);
};

/** Someone who may refer has taken the recommendation up. */
const takenUp = ({ overrides }: DecideInput, programme: string): boolean =>
  overrides.some((one) => one.programme === programme && one.clause === RECOMMENDED);

const unique = (reasons: readonly Reason[]): Reason[] => [
  ...new Map(reasons.map((one) => [`${one.code} ${one.path ?? ""}`, one])).values(),
];

/** The duty to refer, and with it the choice of a council, is one of England. */
const abroad = ({ need, choice }: DecideInput["content"]): Reason[] =>
  need === "homelessness" && outsideEngland(choice?.authority)
    ? [reason("authority-not-england", "choice.authority")]
    : [];

/** The nearest miss speaks: who fits and is full says more than who never fitted. */
const NEARNESS: readonly (readonly ReasonCode[])[] = [["all-declined", "no-place", "no-course"], ["not-eligible"]];

const reasonsWhy = (matches: readonly Match[]): Reason[] => {
  const why = new Set(allOf(matches, "why"));
  for (const codes of NEARNESS) {
    const found = codes.filter((code) => why.has(code));
    if (found.length > 0) return found.map((code) => reason(code));
  }
  return [reason("no-service")];
};
