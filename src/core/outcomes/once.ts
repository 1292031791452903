// Counts people, not referrals: cases that share a number of one person, by its keyed digest, are one person.
export type Reached = { programme: string; outcome: string; caseId: string };
export type Key = { caseId: string; digest: string };
export type Count = { programme: string; outcome: string; people: number; referrals: number };

/** Who is who: each case by one name that it shares with every case that is joined to it, through however many others. */
export const personsOf = (keys: readonly Key[]): ((caseId: string) => string) => {
  const parent = new Map<string, string>();
  const root = (name: string): string => {
    const up = parent.get(name) ?? name;
    if (up === name) return name;
    const top = root(up);
    parent.set(name, top);
    return top;
  };
  for (const { caseId, digest } of keys) {
    const [one, other] = [root(`case:${caseId}`), root(`key:${digest}`)];
    if (one !== other) parent.set(one, other);
  }
  return (caseId) => root(`case:${caseId}`);
};

/** By programme and outcome, in their order. */
export const countOnce = (reached: readonly Reached[], keys: readonly Key[]): Count[] => {
  const person = personsOf(keys);
  const counts = new Map<string, { programme: string; outcome: string; people: Set<string>; referrals: number }>();
  for (const { programme, outcome, caseId } of reached) {
    const name = `${programme} ${outcome}`;
    const row = counts.get(name) ?? { programme, outcome, people: new Set(), referrals: 0 };
    row.people.add(person(caseId));
    counts.set(name, { ...row, referrals: row.referrals + 1 });
  }
  return [...counts.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { people, ...row }]) => ({ ...row, people: people.size }));
};
