// The language in which the person is understood, and whether an interpreter is needed.
import type { ResourceOf } from "../../schemas/foreign/fhir/bundle.ts";
import type { CodeableConcept } from "../../schemas/foreign/fhir/datatypes.ts";
import { INTERPRETER_REQUIRED, UK_COMMUNICATION } from "../../schemas/foreign/fhir/systems.ts";
import { Language, type Person } from "../../schemas/person.ts";
import { extensionsOf, partsOf, wordsOf, type Found } from "./codes.ts";

type Patient = ResourceOf<"Patient">;
type Tongue = { concept: CodeableConcept; preferred: boolean };

const spokenCode = (concept: CodeableConcept): string | undefined =>
  concept.coding
    ?.filter((one) => one.system !== "http://snomed.info/sct")
    .map((one) => one.code)
    .find((code) => code !== undefined && Language.shape.spoken.safeParse(code).success);

/** Every coding beside the one that we speak of: Makaton, Braille and the like must reach the worker too. */
const besides = (concept: CodeableConcept, spoken: string | undefined): Person["accessNeeds"] =>
  (concept.coding ?? [{ code: "language" }])
    .filter((one) => one.code !== undefined && (spoken === undefined || one.code !== spoken))
    .map((one) => ({
      code: `communication-${one.code}`.slice(0, 64),
      words: (one.display ?? wordsOf(concept))?.slice(0, 200),
    }));

const NEEDED: readonly string[] = [INTERPRETER_REQUIRED, "interpreterRequired"];

/** The HL7 extension, or the part of UK Core's NHSCommunication; on the patient or on one communication. */
const interpreterOf = (patient: Patient): boolean | undefined => {
  const holders = [patient, ...(patient.communication ?? [])];
  const found = holders.flatMap((holder) =>
    NEEDED.flatMap((url) => extensionsOf(holder, url, "")).concat(
      extensionsOf(holder, UK_COMMUNICATION, "")
        .flatMap(partsOf)
        .filter((part) => NEEDED.includes(part.extension.url)),
    ),
  );
  const said = found.map((one) => one.extension.valueBoolean).filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said.includes(true);
};

/** UK Core's NHSCommunication, one entry for each language that the person uses. */
const spokenOf = (parts: readonly Found[]): Tongue[] => {
  const preferred = parts.some((one) => one.extension.url === "preferred" && one.extension.valueBoolean === true);
  return conceptsAt(parts, "language").map((concept) => ({ concept, preferred }));
};

const conceptsAt = (parts: readonly Found[], url: string): CodeableConcept[] =>
  parts.flatMap(({ extension }) =>
    extension.url === url && extension.valueCodeableConcept !== undefined ? [extension.valueCodeableConcept] : [],
  );

export const languageOf = (patient: Patient): Pick<Person, "language" | "accessNeeds"> => {
  const communication = extensionsOf(patient, UK_COMMUNICATION, "").map(partsOf);
  const tongues: Tongue[] = (patient.communication ?? [])
    .map((one): Tongue => ({ concept: one.language, preferred: one.preferred === true }))
    .concat(communication.flatMap(spokenOf));
  const modes = communication.flatMap((parts) => conceptsAt(parts, "modeOfCommunication"));
  const first = tongues.find((one) => one.preferred) ?? tongues[0];
  return {
    language: { spoken: first && spokenCode(first.concept), interpreter: interpreterOf(patient) },
    accessNeeds: tongues
      .flatMap((one) => besides(one.concept, spokenCode(one.concept)))
      .concat(modes.flatMap((one) => besides(one, undefined))),
  };
};
