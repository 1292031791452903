// Which of several services that fit is asked first, and why that one: the tie-break goes into the receipt.
import type { Partnership } from "../../schemas/provider.ts";
import { inPartnership } from "./area.ts";
import { authorityOf, whereIs } from "./coverage.ts";
import { partnershipIn } from "./directory.ts";
import { kmBetween } from "./distance.ts";
import { seenAt } from "./eligibility.ts";
import type { Fit, Situation } from "./situation.ts";
import { carriedOver, turnsOf } from "./shares.ts";
import { byId, CAPACITY, CHOICE, contractFirst, NEAREST, ON_SITE, ONLY, SHARE, SINGLE } from "./words/ties.ts";

/** `because` is short and says nothing of others; `tieBreak` is the whole of it. */
export type Allocation = { fit: Fit; because: string; tieBreak: string };
/** Several fit, and the programme leaves the choice to the person. */
export type Asked = { ask: Fit[] };

export type Stage = Pick<Situation, "content" | "area" | "directory" | "capacity" | "day">;

type Where = Parameters<typeof whereIs>[0];

/** Higher goes first, by the first number that differs. */
type Scored = { fit: Fit; score: readonly number[] };

const ROUNDING = 1e-9;

const compare = (a: readonly number[], b: readonly number[]): number => {
  for (const [at, one] of a.entries()) {
    const other = b[at] ?? 0;
    // Two infinities are equal, though their difference is no number.
    if (one !== other && Math.abs(one - other) > ROUNDING) return one - other;
  }
  return 0;
};

/** Equal ones go by id, so that the same input gives the same answer. */
const best = (scored: readonly Scored[], because: string, otherwise: string): Allocation | undefined => {
  const [top] = scored.toSorted((a, b) => compare(b.score, a.score));
  if (top === undefined) return undefined;
  const equals = scored
    .filter(({ score }) => compare(score, top.score) === 0)
    .map(({ fit }) => fit)
    .sort((a, b) => (a.service.id < b.service.id ? -1 : 1));
  const fit = equals[0] ?? top.fit;
  const words = scored.length === 1 ? ONLY : equals.length === 1 ? because : byId(otherwise);
  return { fit, because: words, tieBreak: words };
};

const scoredBy = (fits: readonly Fit[], score: (fit: Fit) => number[]): Scored[] =>
  fits.map((fit) => ({ fit, score: score(fit) }));

/** The partnership by which a contract covers this person: of several, the one that goes first. */
const partnershipOf = (
  { contract }: Pick<Fit, "contract">,
  stage: Pick<Stage, keyof Where>,
): Partnership | undefined => {
  const where = whereIs(stage);
  return contract.areas
    .flatMap((rule) => ("partnership" in rule ? rule.partnership : []))
    .filter((id) => inPartnership([id], where).is === true)
    .flatMap((id) => partnershipIn(stage.directory, id) ?? [])
    .sort((a, b) => a.precedence - b.precedence || (a.id < b.id ? -1 : 1))[0];
};

/** A contract that names the place itself goes before any partnership, and one for everywhere comes last. */
export const precedenceOf = (fit: Pick<Fit, "contract">, stage: Pick<Stage, keyof Where>): number =>
  fit.contract.areas.length === 0 ? Number.POSITIVE_INFINITY : (partnershipOf(fit, stage)?.precedence ?? 0);

/** One contract for each area: where partnerships overlap, the lower precedence goes first. */
const single = (fits: readonly Fit[], stage: Stage): Allocation | undefined => {
  const scored = scoredBy(fits, (fit) => [-precedenceOf(fit, stage)]);
  const contracts = new Set(fits.map(({ contract }) => contract.contract));
  const several = contracts.size === 1 ? SINGLE.oneContract : SINGLE.manyContracts;
  const found = best(scored, "", several);
  if (found === undefined || found.because !== "") return found;
  const words = contractFirst(partnershipOf(found.fit, stage)?.name);
  return { ...found, because: words, tieBreak: words };
};

/** Seen there goes before registered there, and that before anywhere else. */
const onSite = (fits: readonly Fit[], { content }: Stage): Allocation | undefined => {
  const nearness = ({ service }: Fit): number => {
    if (service.sites.includes(seenAt(content))) return 2;
    return content.person.practice !== undefined && service.sites.includes(content.person.practice) ? 1 : 0;
  };
  const scored = scoredBy(fits, (fit) => [nearness(fit)]);
  return best(scored, ON_SITE.first, ON_SITE.equal);
};

/** The shortest way first; who is nobody knows how far comes last, and of those the services of the person's own council first. */
const nearest = (fits: readonly Fit[], { content, area }: Stage): Allocation | undefined => {
  const home = area.home?.at;
  const authority = authorityOf(content, area);
  const km = ({ service: { at } }: Fit): number =>
    home === undefined || at === undefined ? Number.POSITIVE_INFINITY : kmBetween(home, at);
  const own = ({ service }: Fit): number =>
    authority !== undefined && service.authorities.includes(authority) ? 1 : 0;
  const found = best(
    scoredBy(fits, (fit) => [-km(fit), own(fit)]),
    NEAREST.first,
    NEAREST.equal,
  );
  if (found === undefined || found.because === ONLY || Number.isFinite(km(found.fit))) return found;
  const one = own(found.fit) === 1 && fits.filter((fit) => own(fit) === 1).length === 1;
  const words = one ? NEAREST.own : byId(NEAREST.unknown);
  return { ...found, because: words, tieBreak: words };
};

const fairShare = (fits: readonly Fit[], { capacity, day }: Stage): Allocation | undefined => {
  const turns = turnsOf(fits, capacity);
  const scored = fits.map((fit, at) => ({ fit, score: [turns[at] ?? 0] }));
  const found = best(scored, SHARE.first, SHARE.equal);
  const carried = carriedOver(fits, day, capacity);
  return found === undefined || carried === undefined ? found : { ...found, tieBreak: `${found.because} ${carried}` };
};

/** One of the fits of one programme, by its strategy. */
export const allocate = (fits: readonly Fit[], stage: Stage): Allocation | Asked | undefined => {
  switch (fits[0]?.programme.allocation) {
    case undefined:
      return undefined;
    case "single":
      return single(fits, stage);
    case "on-site":
      return onSite(fits, stage);
    case "nearest":
      return nearest(fits, stage);
    case "capacity": {
      const scored = scoredBy(fits, ({ free }) => [free]);
      return best(scored, CAPACITY.first, CAPACITY.equal);
    }
    case "fair-share":
      return fairShare(fits, stage);
    case "persons-choice": {
      const services = new Set(fits.map(({ service }) => service.id));
      return services.size > 1
        ? { ask: [...fits] }
        : best(
            scoredBy(fits, () => [0]),
            "",
            CHOICE.one,
          );
    }
  }
};
