// Checks the attributes of a request against their definition, each fault under the name that was sent.
import { ATTRIBUTES, type Attribute } from "../../schemas/foreign/open311.ts";
import { read } from "../../schemas/faults.ts";
import { reason, warning, type Reason } from "../../schemas/reason.ts";
import type { Form } from "./form.ts";

export type Answers = {
  /** The first value, in normal form. */
  one(code: string): string | undefined;
  many(code: string): readonly string[];
  /** Undefined when the question was not answered, which is neither yes nor no. */
  yes(code: string): boolean | undefined;
};

export const nameOf = (code: string): string => `attribute[${code}]`;

const NAMED = /^attribute\[(.*)\]$/;

type Checked = { values: string[]; faults: Reason[] };

const check = (attribute: Attribute, sent: readonly string[]): Checked => {
  const name = nameOf(attribute.code);
  if (sent.length === 0) return { values: [], faults: attribute.required ? [reason("required", name)] : [] };
  if (sent.length > 1 && attribute.datatype !== "multivaluelist")
    return { values: [], faults: [reason("too-many", name)] };
  if (attribute.values !== undefined) {
    const keys = new Set(attribute.values.map(([key]) => key));
    return sent.every((one) => keys.has(one))
      ? { values: [...new Set(sent)], faults: [] }
      : { values: [], faults: [reason("not-one-of", name)] };
  }
  const value = attribute.shape === undefined ? undefined : read(attribute.shape, sent[0], name);
  if (value === undefined) return { values: [...sent], faults: [] };
  return value.ok ? { values: [value.value], faults: [] } : { values: [], faults: value.reasons };
};

/** Attributes that we do not know are taken with a warning, as councils' servers do. */
const strangers = (form: Form): Reason[] =>
  [...form.keys()].flatMap((name) => {
    const code = NAMED.exec(name)?.[1];
    return code === undefined || ATTRIBUTES.some((one) => one.code === code)
      ? []
      : [warning("field-ignored", name.slice(0, 100))];
  });

export const readAttributes = (form: Form): { answers: Answers; faults: Reason[] } => {
  const checked = new Map(ATTRIBUTES.map((one) => [one.code, check(one, form.get(nameOf(one.code)) ?? [])]));
  const many = (code: string): readonly string[] => checked.get(code)?.values ?? [];
  const one = (code: string): string | undefined => many(code)[0];
  const yes = (code: string): boolean | undefined => (one(code) === undefined ? undefined : one(code) === "yes");
  const faults = [...checked.values()].flatMap((each) => each.faults);
  return { answers: { one, many, yes }, faults: [...faults, ...strangers(form)] };
};
