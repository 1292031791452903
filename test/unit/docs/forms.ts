// A zod schema in the words of the documents: every field with its path, whether it is needed, and the form of its value.
import { z } from "zod";
import { GssCode, OdsCode, OrganisationId, Uuid } from "../../../schemas/ids.ts";
import { NhsNumber, Nino } from "../../../schemas/numbers.ts";
import { Postcode } from "../../../schemas/place.ts";

type Json = z.core.JSONSchema.JSONSchema;

/** Forms that have a name of their own. */
const NAMED = new Map<unknown, string>([
  [GssCode, "GSS code"],
  [OdsCode, "ODS code"],
  [OrganisationId, "organisation id"],
  [Uuid, "UUID"],
  [NhsNumber, "NHS number"],
  [Nino, "National Insurance number"],
  [Postcode, "postcode"],
]);

export const jsonOf = (schema: z.ZodType): Json =>
  z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const name = NAMED.get(zodSchema);
      if (name !== undefined) jsonSchema.title = name;
    },
  });

/** What a pattern means to whoever fills in the field. */
const PATTERNS: Record<string, string> = {
  "^\\d{1,12}$": "1 to 12 digits",
  "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$": "BCP 47 tag",
  "^[\\w\\-./:]{1,80}$": "letters, digits and `-_./:`, at most 80",
  "^-?\\d{1,9}(\\.\\d{1,6})?$": "number",
  "^[a-z0-9][a-z0-9-]{1,63}$": "lower-case letters, digits and dashes, 2 to 64",
  "^[a-z0-9][a-z0-9-]{1,79}$": "lower-case letters, digits and dashes, 2 to 80",
  "^[a-z0-9][a-z0-9-]{0,39}$": "lower-case letters, digits and dashes, at most 40",
};

const list = (words: readonly unknown[]): string => words.map((word) => `\`${String(word)}\``).join(", ");

const between = (least: number | undefined, most: number | undefined): string =>
  `${least ?? "…"} to ${most === Number.MAX_SAFE_INTEGER ? "…" : (most ?? "…")}`;

const isPlain = (value: unknown): value is Json => typeof value === "object" && value !== null;

export const formOf = (json: Json): string => {
  if (json.title !== undefined) return json.title;
  if (json.$ref !== undefined) return "test";
  if (json.const !== undefined) return list([json.const]);
  if (json.enum !== undefined) return list(json.enum);
  if (json.anyOf !== undefined) {
    const [first = "", ...others] = json.anyOf.filter(isPlain).map(formOf);
    // A list that may also be given as one value.
    return others.every((other) => first.endsWith(`: ${other}`))
      ? `${first}; or one alone`
      : [first, ...others].join(", or ");
  }
  switch (json.type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `whole number, ${between(json.minimum, json.maximum)}`;
    case "number":
      return "number";
    case "array": {
      const item = isPlain(json.items) && !Array.isArray(json.items) ? json.items : {};
      return `list${json.maxItems === undefined ? "" : ` of at most ${json.maxItems}`}: ${formOf(item)}`;
    }
    case "object":
      return "group";
    default:
  }
  if (json.format === "date") return "day";
  if (json.format === "date-time") return "moment";
  if (json.format === "email") return "e-mail address";
  if (json.format === "uuid" || json.format === "guid") return "UUID";
  if (json.maxLength !== undefined) return `text, at most ${json.maxLength}`;
  if (json.pattern === undefined) return "text";
  const said = PATTERNS[json.pattern];
  if (said === undefined) throw new Error(`say in words what ${json.pattern} means`);
  return said;
};

/** Path, needed or not, form. A group is followed by its own fields; a list of groups is written `name[]`. */
export const fieldsOf = (json: Json, root = ""): string[][] =>
  Object.entries(json.properties ?? {}).flatMap(([name, value]) => {
    if (!isPlain(value)) return [];
    const path = root === "" ? name : `${root}.${name}`;
    const needed = json.required?.includes(name) === true ? "yes" : "no";
    const items = isPlain(value.items) && !Array.isArray(value.items) ? value.items : undefined;
    const inner = items?.properties === undefined ? value : items;
    const at = items?.properties === undefined ? path : `${path}[]`;
    return [[`\`${at}\``, needed, formOf(value)], ...(inner.properties === undefined ? [] : fieldsOf(inner, at))];
  });
