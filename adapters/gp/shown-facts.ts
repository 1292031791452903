// Facts and aims that a programme discloses, in the extensions in which a practice sends facts: read back they are the same.
import { FACTS, HANDOVER, WORK } from "../../schemas/foreign/fhir/systems.ts";
import type { OfferDetail } from "../../schemas/offer.ts";

type Extension = { url: string; [field: string]: unknown };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** R4, datatypes, code: no white space but single spaces inside. */
const CODE = /^\S+( \S+)*$/;

const simple = (url: string, value: unknown): Extension => {
  if (typeof value === "boolean") return { url, valueBoolean: value };
  const text = String(value);
  if (DAY.test(text)) return { url, valueDate: text };
  return CODE.test(text) && text.length <= 64 ? { url, valueCode: text } : { url, valueString: text };
};

const group = (url: string, fields: object): Extension => ({
  url,
  extension: Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [simple(name, value)])),
});

/** "None" has a part of its own, for an empty list cannot be written. */
const NONE: Record<string, string> = { groups: "noGroups", programmes: "noProgrammes", basicSkills: "noBasicSkills" };

const parts = ([name, value]: [string, unknown]): Extension[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [simple(name, value)];
  const none = NONE[name];
  if (value.length === 0) return none === undefined ? [] : [{ url: none, valueBoolean: true }];
  return value.map((one: unknown) => (typeof one === "object" && one !== null ? group(name, one) : simple(name, one)));
};

const words = ([name, value]: [string, unknown]): Extension[] =>
  value === undefined ? [] : [value].flat().map((one) => ({ url: name, valueString: String(one) }));

const whole = (url: string, extension: Extension[]): Extension[] =>
  extension.length === 0 ? [] : [{ url, extension }];

export const shownExtensions = ({ facts = {}, work = {}, handover }: OfferDetail): Extension[] | undefined => {
  const all = [
    ...whole(FACTS, Object.entries(facts).flatMap(parts)),
    ...whole(WORK, Object.entries(work).flatMap(words)),
    ...(handover === undefined ? [] : [{ url: HANDOVER, valueCode: handover }]),
  ];
  return all.length === 0 ? undefined : all;
};
