// Values of facts that are one or several of a list: two that no rule tells apart count as one.

/** Put together by which of the lists hold them. What no list holds is of one kind too. */
export const groupsOf = <T>(values: readonly T[], lists: readonly (readonly unknown[])[]): T[][] => {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const sign = lists.map((list) => (list.includes(value) ? "1" : "0")).join("");
    groups.set(sign, [...(groups.get(sign) ?? []), value]);
  }
  return [...groups.values()];
};

/** The first of each kind. */
export const kindsOf = <T>(values: readonly T[], lists: readonly (readonly unknown[])[]): T[] =>
  groupsOf(values, lists).flatMap(([first]) => (first === undefined ? [] : [first]));

/** Every part of a list, the empty one first. Given one by one: there may be more than anybody wants to see. */
export function* partsOf<T>(list: readonly T[]): Generator<T[]> {
  const [first, ...rest] = list;
  if (first === undefined) return yield [];
  for (const part of partsOf(rest)) {
    yield part;
    yield [first, ...part];
  }
}

/** One of each list, in every way. */
export function* waysOf<T>(lists: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...rest] = lists;
  if (first === undefined) return yield [];
  for (const one of first) for (const way of waysOf(rest)) yield [one, ...way];
}

export function* eachOf<T, U>(items: Iterable<T>, of: (item: T) => U): Generator<U> {
  for (const item of items) yield of(item);
}
