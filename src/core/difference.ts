// The first place where two values differ, in the order of their canonical form.
import { canonical } from "./canonical.ts";

export type Difference = { path: string; was: string; now: string };

/** In JSON `undefined` is not there. */
const entriesOf = (value: unknown): [string, unknown][] | undefined =>
  value !== null && typeof value === "object"
    ? Object.entries(value).filter(([, inner]) => inner !== undefined)
    : undefined;

const differs = (was: unknown, now: unknown, path: string): Difference | undefined => {
  const [before, after] = [entriesOf(was), entriesOf(now)];
  const sameKind = Array.isArray(was) === Array.isArray(now);
  if (before === undefined || after === undefined || !sameKind) {
    const [left, right] = [canonical(was), canonical(now)];
    return left === right ? undefined : { path, was: left, now: right };
  }
  const [left, right] = [new Map(before), new Map(after)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const ordered = Array.isArray(was) ? names : names.sort();
  for (const name of ordered) {
    const here = path === "" ? name : `${path}.${name}`;
    if (!left.has(name)) return { path: here, was: "", now: canonical(right.get(name)) };
    if (!right.has(name)) return { path: here, was: canonical(left.get(name)), now: "" };
    const found = differs(left.get(name), right.get(name), here);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Undefined where both have the same canonical form. Values are JSON, empty where there is none. */
export const firstDifference = (was: unknown, now: unknown): Difference | undefined => differs(was, now, "");
