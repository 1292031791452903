// What services say of the offers that a restored store holds as open, beside what the store says: steps to take in, and what differs.
import type { Answer, OfferStatus } from "../../schemas/offer.ts";
import type { Destination, Difference, Doubted, Sighting, ToldSteps } from "../../schemas/reconcile.ts";
import { isTakenBack, nextOffer } from "./lifecycle.ts";

export type Seen = Doubted & { sighting: Sighting };
/** What came of asking; in `differences` the destinations that were silent. */
export type Compared = { destinations: Destination[]; seen: Seen[]; differences: Difference[] };

/**
 * Steps of offers that are here. `endsAnyhow`: references of referrals that are taken back, whatever their services did.
 * `ours`: offers that we took back after the backup, so that what stands there may be our own doing.
 */
export const stepsTold = (
  seen: readonly Seen[],
  endsAnyhow: ReadonlySet<string>,
  ours: ReadonlySet<string>,
): ToldSteps[] =>
  seen.flatMap(({ id, reference, provider, test, lost, sighting }) => {
    if (sighting.kind !== "there" || sighting.answers.length === 0) return [];
    if (lost !== undefined || endsAnyhow.has(reference) || ours.has(id)) return [];
    return [{ id, reference, provider, test, answers: sighting.answers }];
  });

export const takenBackByUs = (differences: readonly Difference[]): Set<string> =>
  new Set(
    differences.flatMap(({ what, offer, status }) =>
      offer !== undefined && (what === "recall-lost" || (status !== undefined && isTakenBack(status))) ? [offer] : [],
    ),
  );

export const standsDifferently = ({ unsent, lost, sighting }: Seen): boolean => {
  if (sighting.kind === "there") return lost !== undefined || sighting.answers.length > 0;
  // One that was not sent is not there, and one that was answered here may stand further here.
  return sighting.kind === "unclear" || (sighting.kind === "absent" && !unsent && lost === undefined);
};

/** What only a person can decide. */
export const differencesSeen = (seen: readonly Seen[], endsAnyhow: ReadonlySet<string>): Difference[] =>
  seen.flatMap((one): Difference[] => {
    const { id: offer, reference, provider, lost, unsent, sighting } = one;
    if (lost !== undefined || endsAnyhow.has(reference)) return [];
    if (sighting.kind === "unclear") return [{ what: "offer-unclear", offer, reference, provider }];
    return sighting.kind === "absent" && !unsent ? [{ what: "offer-missing", offer, reference, provider }] : [];
  });

/** The journal's differences, without those that what the services say takes away, and with what they say of lost offers. */
export const besideTold = (
  differences: readonly Difference[],
  seen: readonly Seen[],
  settled: ReadonlySet<string>,
): Difference[] => {
  const said = new Map(seen.map(({ id, sighting }) => [id, sighting.kind]));
  return differences.flatMap((one) => {
    const { what, offer = "" } = one;
    if (what === "offer-behind" && settled.has(offer)) return [];
    const kind = said.get(offer);
    return what === "offer-lost" && kind !== undefined ? [{ ...one, seen: kind }] : [one];
  });
};

/** Offers that the journal has further than the store, and whose services tell of all that led there. */
export const settledBy = (differences: readonly Difference[], steps: readonly ToldSteps[]): Set<string> => {
  const told = new Map(steps.map(({ id, answers }) => [id, answers]));
  return new Set(
    differences.flatMap(({ what, offer, status, here }) =>
      what === "offer-behind" && offer !== undefined && here !== undefined && status !== undefined
        ? passes(here, told.get(offer) ?? [], status)
          ? [offer]
          : []
        : [],
    ),
  );
};

const passes = (from: OfferStatus, answers: readonly Answer[], through: OfferStatus): boolean => {
  let at = from;
  return answers.some((answer) => {
    at = (answer.verb === "place" ? undefined : nextOffer(at, answer.verb)) ?? at;
    return at === through;
  });
};
