// Mapping speaks of everything it finds: a value and the reasons met on the way, gathered up to the whole message.
import type { z } from "zod";
import { read } from "../../schemas/faults.ts";
import type { Reason } from "../../schemas/reason.ts";

/** With an error among the reasons the value is only a placeholder: the referral is refused as a whole. */
export type Mapped<T> = { value: T; reasons: Reason[] };

export const mapped = <T>(value: T, reasons: Reason[] = []): Mapped<T> => ({ value, reasons });

/** Parses one value; undefined, with its faults, when it does not hold. */
export const take = <S extends z.ZodType>(schema: S, input: unknown, path: string): Mapped<z.output<S> | undefined> => {
  const result = read(schema, input, path);
  return result.ok ? mapped(result.value) : mapped(undefined, result.reasons);
};

/** A list with its limit: nothing past the limit is dropped in silence. */
export const atMost = <T>(limit: number, items: T[], path: string, reason: (path: string) => Reason): Mapped<T[]> =>
  items.length > limit ? mapped(items.slice(0, limit), [reason(path)]) : mapped(items);

/** Keeps values and remembers their reasons. */
export const notebook = () => {
  const reasons: Reason[] = [];
  return {
    reasons,
    add: (...more: Reason[]): void => void reasons.push(...more),
    keep: <T>(one: Mapped<T>): T => {
      reasons.push(...one.reasons);
      return one.value;
    },
  };
};

export const errorsOf = (reasons: readonly Reason[]): Reason[] => reasons.filter((one) => one.severity === "error");
