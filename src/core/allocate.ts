// Which of several services that fit is asked first, and why that one: the tie-break goes into the receipt.
import type { Content } from "../../schemas/referral.ts";
import { seenAt } from "./eligibility.ts";
import type { Capacity, Fit } from "./match.ts";

export type Allocation = { fit: Fit; tieBreak: string };

type Scored = { fit: Fit; score: number };

const freePlaces = ({ service }: Fit, capacity: Capacity): number =>
  service.places === undefined ? Number.POSITIVE_INFINITY : service.places - (capacity.get(service.id)?.taken ?? 0);

/** Seen there goes before registered there, and that before anywhere else. */
const nearness = ({ service }: Fit, content: Content): number => {
  if (service.sites.includes(seenAt(content))) return 2;
  return content.person.practice !== undefined && service.sites.includes(content.person.practice) ? 1 : 0;
};

/**
 * The next place by share. Tijdeman's rule for the chairman assignment problem: among those that lag behind their
 * target enough, the one whose turn would pass first. It keeps each within one place of its target, whatever the shares;
 * "least drawn for its share" alone does not.
 */
const turns = (fits: readonly Fit[], capacity: Capacity): Scored[] => {
  if (fits.length === 1) return fits.map((fit) => ({ fit, score: 0 }));
  const drawn = (fit: Fit): number => capacity.get(fit.service.id)?.drawn ?? 0;
  const shares = fits.reduce((sum, fit) => sum + fit.share, 0);
  const turn = fits.reduce((sum, fit) => sum + drawn(fit), 0) + 1;
  const slack = 1 / (2 * fits.length - 2);
  return fits.map((fit) => {
    const part = fit.share / shares;
    const lag = part * turn - drawn(fit);
    // Lags add up to one, so that some lag is always large enough; a rounding error must not empty the list.
    return { fit, score: lag >= slack - 1e-9 ? -(1 - slack - lag) / part : Number.NEGATIVE_INFINITY };
  });
};

const best = (scored: readonly Scored[], because: string, otherwise: string): Allocation | undefined => {
  const top = Math.max(...scored.map(({ score }) => score));
  const equals = scored
    .filter(({ score }) => score >= top - 1e-9 || score === top)
    .map(({ fit }) => fit)
    .sort((a, b) => (a.service.id < b.service.id ? -1 : 1));
  const fit = equals[0];
  if (fit === undefined) return undefined;
  if (scored.length === 1) return { fit, tieBreak: "The only service that fits." };
  return { fit, tieBreak: equals.length === 1 ? because : `${otherwise} First by id.` };
};

/** One of the fits of one programme, by its strategy; equal ones go by id, so that the same input gives the same answer. */
export const allocate = (
  fits: readonly Fit[],
  { content, capacity }: { content: Content; capacity: Capacity },
): Allocation | undefined => {
  switch (fits[0]?.programme.allocation) {
    case undefined:
      return undefined;
    case "single":
      return best(
        fits.map((fit) => ({ fit, score: 0 })),
        "One contract for this area.",
        "Several contracts fit here.",
      );
    case "on-site":
      return best(
        fits.map((fit) => ({ fit, score: nearness(fit, content) })),
        "It works where the person is seen.",
        "None is nearer to where the person is seen.",
      );
    case "capacity":
      return best(
        fits.map((fit) => ({ fit, score: freePlaces(fit, capacity) })),
        "It has the most free places.",
        "Equally many free places.",
      );
    case "fair-share":
      return best(turns(fits, capacity), "It is furthest behind its share.", "Equally far behind their shares.");
  }
};
