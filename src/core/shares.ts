// Fair shares: who is next by share, and what is carried over while not all can be drawn.
import type { Programme } from "../../schemas/programme.ts";
import { contractsOn } from "./contracts.ts";
import type { Fit } from "./situation.ts";
import type { Capacity } from "./places.ts";
import { carried } from "./words/ties.ts";

const drawnBy = ({ programme }: Programme, service: string, capacity: Capacity): number =>
  capacity.get(service)?.drawn[programme] ?? 0;

/** Lags add up to one, so that some lag is always large enough; a rounding error must not empty the list. */
const ROUNDING = 1e-9;

/**
 * The next place by share: the highest score. Tijdeman's rule for the chairman assignment problem: among those that lag
 * behind their target enough, the one whose turn would pass first. It keeps each within one place of its target, whatever
 * the shares; "least drawn for its share" alone does not.
 */
export const turnsOf = (fits: readonly Fit[], capacity: Capacity): number[] => {
  if (fits.length === 1) return [0];
  const drawn = fits.map(({ programme, service }) => drawnBy(programme, service.id, capacity));
  const shares = fits.reduce((sum, fit) => sum + fit.share, 0);
  const turn = drawn.reduce((sum, one) => sum + one, 0) + 1;
  const slack = 1 / (2 * fits.length - 2);
  return fits.map(({ share }, at) => {
    const part = share / shares;
    const lag = part * turn - (drawn[at] ?? 0);
    return lag >= slack - ROUNDING ? -(1 - slack - lag) / part : Number.NEGATIVE_INFINITY;
  });
};

type Deficit = { service: string; behind: number };

/** How many places each service of the programme is behind its share of all that the programme drew. */
export const deficitsOf = (programme: Programme, day: string, capacity: Capacity): Deficit[] => {
  const all = contractsOn(programme, day).flatMap(({ services }) => services);
  const shares = all.reduce((sum, one) => sum + one.share, 0);
  const drawn = all.reduce((sum, one) => sum + drawnBy(programme, one.service, capacity), 0);
  return all.map(({ service, share }) => ({
    service,
    behind: (share / shares) * drawn - drawnBy(programme, service, capacity),
  }));
};

const SHOWN = 3;
/** While all can be drawn, nobody is ever two places away. */
const FAIR = 2;

/** What is carried over, in words: where not all can be drawn now, or could not before. Undefined where all is fair. */
export const carriedOver = (fits: readonly Fit[], day: string, capacity: Capacity): string | undefined => {
  const programme = fits[0]?.programme;
  if (programme === undefined) return undefined;
  const deficits = deficitsOf(programme, day, capacity);
  const drawable = new Set(fits.map(({ service }) => service.id));
  const all = deficits.every(({ service }) => drawable.has(service));
  if (all && deficits.every(({ behind }) => Math.abs(behind) < FAIR)) return undefined;
  const behind = deficits
    .map(({ service, behind: places }) => ({ service, places: Math.round(places) }))
    .filter(({ places }) => places > 0)
    .sort((a, b) => b.places - a.places || (a.service < b.service ? -1 : 1))
    .slice(0, SHOWN);
  return carried(all, behind);
};
