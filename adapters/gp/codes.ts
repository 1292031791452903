// Reading codings, identifiers and extensions, forgiving the drift of case and scheme that real senders show.
import type {
  CodeableConcept,
  Coding,
  Extension,
  HumanName,
  Identifier,
} from "../../schemas/foreign/fhir/datatypes.ts";
import { ODS_ORGANISATION } from "../../schemas/foreign/fhir/systems.ts";

/** `http://fhir.nhs.uk/id/…` and `https://fhir.nhs.uk/Id/…` are one system: senders write both. */
const plain = (system: string): string =>
  system
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/$/, "");

/** Most senders write a system as we do: only drift is looked at twice. */
export const sameSystem = (left: string | undefined, right: string): boolean =>
  left === right || (left !== undefined && plain(left) === plain(right));

type Concepts = CodeableConcept | readonly CodeableConcept[] | undefined;

export const codings = (concepts: Concepts): Coding[] =>
  (concepts === undefined ? [] : [concepts].flat()).flatMap((one: CodeableConcept) => one.coding ?? []);

/** Codes of one system, as sent. */
export const codesIn = (concepts: Concepts, system: string): string[] =>
  codings(concepts).flatMap((one) => (one.code !== undefined && sameSystem(one.system, system) ? [one.code] : []));

export const hasCode = (concepts: Concepts, system: string, code: string): boolean =>
  codesIn(concepts, system).some((one) => one.toLowerCase() === code.toLowerCase());

/** What a concept says in words: its text, and the display of its code where that says more. */
export const wordsOf = (concept: CodeableConcept | undefined): string | undefined => {
  const display = concept?.coding?.find((one) => one.display !== undefined)?.display;
  const parts = [...new Set([display, concept?.text].filter((one) => one !== undefined))];
  return parts.length === 0 ? undefined : parts.join(": ");
};

export const identifierIn = (identifiers: readonly Identifier[] | undefined, system: string): Identifier | undefined =>
  identifiers?.find((one) => one.value !== undefined && sameSystem(one.system, system));

export const odsOf = (identifiers: readonly Identifier[] | undefined): string | undefined =>
  identifierIn(identifiers, ODS_ORGANISATION)?.value?.toUpperCase();

export type Found = { path: string; extension: Extension };

/** Extensions of one address, each with its own path. */
export const extensionsOf = (
  holder: { extension?: readonly Extension[] | undefined },
  url: string,
  path: string,
): Found[] =>
  (holder.extension ?? []).flatMap((extension, at) =>
    sameSystem(extension.url, url) ? [{ path: `${path}.extension[${at}]`, extension }] : [],
  );

/** The parts of a complex extension. */
export const partsOf = ({ path, extension }: Found): Found[] =>
  (extension.extension ?? []).map((part, at) => ({ path: `${path}.extension[${at}]`, extension: part }));

/** A simple value with the name of its element, whichever type the sender chose. */
export const valueOf = ({ path, extension }: Found): { path: string; value: string | boolean | undefined } => {
  const name = (["valueCode", "valueBoolean", "valueDate", "valueString"] as const).find(
    (one) => extension[one] !== undefined,
  );
  return name === undefined ? { path, value: undefined } : { path: `${path}.${name}`, value: extension[name] };
};

/** A name as people say it. */
export const spokenName = (names: readonly HumanName[] | undefined): string | undefined => {
  const name = names?.[0];
  const said = name?.text ?? [...(name?.prefix ?? []), ...(name?.given ?? []), name?.family ?? ""].join(" ").trim();
  return said === "" ? undefined : said;
};
