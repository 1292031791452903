// Yes, no, or not known for want of a fact that is named (Kleene's three values), and how answers combine.

/** `missing` names facts by their path in the content, or `area`. */
export type Verdict = { is: true } | { is: false } | { is: "unknown"; missing: string[] };

export const YES: Verdict = { is: true };
export const NO: Verdict = { is: false };
export const unknown = (...missing: string[]): Verdict => ({ is: "unknown", missing });
export const sure = (holds: boolean): Verdict => (holds ? YES : NO);

/** The facts for want of which it is not known. */
export const missingIn = (verdict: Verdict): string[] => (verdict.is === "unknown" ? verdict.missing : []);

const missingOf = (verdicts: readonly Verdict[]): string[] => {
  const open = verdicts.filter((one) => one.is === "unknown");
  return open.length === 0 ? [] : [...new Set(open.flatMap(missingIn))];
};

export const not = (verdict: Verdict): Verdict => (verdict.is === "unknown" ? verdict : sure(!verdict.is));

export const all = (verdicts: readonly Verdict[]): Verdict => {
  if (verdicts.some((one) => one.is === false)) return NO;
  const missing = missingOf(verdicts);
  return missing.length === 0 ? YES : unknown(...missing);
};

export const any = (verdicts: readonly Verdict[]): Verdict => {
  if (verdicts.some((one) => one.is === true)) return YES;
  const missing = missingOf(verdicts);
  return missing.length === 0 ? NO : unknown(...missing);
};

/** At least so many are true: no, once too few are left that could be. */
export const atLeast = (wanted: number, verdicts: readonly Verdict[]): Verdict => {
  const yes = verdicts.filter((one) => one.is === true).length;
  if (yes >= wanted) return YES;
  const open = verdicts.filter((one) => one.is === "unknown");
  return yes + open.length < wanted ? NO : unknown(...missingOf(open));
};
