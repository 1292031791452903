// Medians and ranges. One run of one round is a sample; a ratio is taken inside its round, so that a drifting machine cancels out.

export type Summary = { median: number; least: number; most: number; samples: number };

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** Linear between neighbours; `at` in [0, 1]. NaN for no values. */
export const quantile = (values: readonly number[], at: number): number => {
  const ordered = sorted(values);
  const place = (ordered.length - 1) * at;
  const below = ordered[Math.floor(place)] ?? Number.NaN;
  const above = ordered[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
};

export const summary = (values: readonly number[]): Summary => ({
  median: quantile(values, 0.5),
  least: quantile(values, 0),
  most: quantile(values, 1),
  samples: values.length,
});

export const ratios = (ours: readonly number[], theirs: readonly number[]): Summary =>
  summary(ours.map((value, at) => value / (theirs[at] ?? Number.NaN)));
