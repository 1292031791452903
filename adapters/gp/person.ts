// The person referred: from Patient and RelatedPerson to our own words.
import type { Graph, Placed } from "./graph.ts";
import type { HumanName } from "../../schemas/foreign/fhir/datatypes.ts";
import { AUTHORITY, NHS_NUMBER, UK_VERIFICATION } from "../../schemas/foreign/fhir/systems.ts";
import { NhsNumber, nhsNumberChecks } from "../../schemas/numbers.ts";
import { OdsCode } from "../../schemas/ids.ts";
import { Name, Person } from "../../schemas/person.ts";
import { reason, warning } from "../../schemas/reason.ts";
import { PlainDate } from "../../schemas/text.ts";
import { codings, extensionsOf, identifierIn, odsOf, spokenName, valueOf, wordsOf } from "./codes.ts";
import { contactOf } from "./contact.ts";
import { homeOf } from "./home.ts";
import { languageOf } from "./language.ts";
import { atMost, mapped, notebook, take, type Mapped } from "./notes.ts";

type Patient = Placed<"Patient">;
export type Asker = { test: boolean; now: Date };

const OLDEST_YEARS = 125;
/** Retired and current code for "present and verified": both are still sent. */
const VERIFIED = new Set(["01", "number-present-and-verified"]);

const birthDateOf = ({ path, resource }: Patient, now: Date): Mapped<string | undefined> => {
  const sent = resource.birthDate;
  // A year or a month alone is good FHIR; a day that we do not know is left unknown.
  if (sent === undefined || !PlainDate.safeParse(sent).success) return mapped(undefined);
  const today = now.toISOString().slice(0, 10);
  const oldest = `${String(now.getUTCFullYear() - OLDEST_YEARS).padStart(4, "0")}${today.slice(4)}`;
  if (sent > today) return mapped(undefined, [reason("birth-date-future", `${path}.birthDate`)]);
  if (sent < oldest) return mapped(undefined, [reason("birth-date-too-old", `${path}.birthDate`)]);
  return mapped(sent);
};

const nhsNumberOf = (
  { path, resource }: Patient,
  test: boolean,
): Mapped<Pick<Person, "nhsNumber" | "nhsNumberVerified">> => {
  const identifier = identifierIn(resource.identifier, NHS_NUMBER);
  if (identifier === undefined) return mapped({});
  const at = `${path}.identifier[${resource.identifier?.indexOf(identifier)}].value`;
  const number = take(NhsNumber, identifier.value, at);
  if (number.value === undefined) return mapped({}, number.reasons);
  const code = extensionsOf(identifier, UK_VERIFICATION, at)
    .flatMap((one) => codings(one.extension.valueCodeableConcept))
    .find((one) => one.code !== undefined)?.code;
  const value = {
    nhsNumber: number.value,
    ...(code === undefined ? {} : { nhsNumberVerified: VERIFIED.has(code.toLowerCase()) }),
  };
  if (nhsNumberChecks(number.value)) return mapped(value);
  return mapped(value, [test ? warning("nhs-number-check-test", at) : reason("nhs-number-check", at)]);
};

const nameOf = ({ path, resource }: Patient): Mapped<Person["name"]> => {
  const names = resource.name ?? [];
  const pick = (use: string): HumanName | undefined => names.find((one) => one.use === use);
  const main = pick("official") ?? pick("usual") ?? names.find((one) => one.use !== "old" && one.use !== "maiden");
  const called = pick("nickname") ?? pick("usual");
  const textOnly = main?.family === undefined && main?.given === undefined ? main?.text : undefined;
  const preferred = (called === main ? undefined : (called?.given?.[0] ?? called?.text)) ?? textOnly;
  const name = {
    given: main?.given ?? [],
    family: main?.family,
    title: main?.prefix?.join(" "),
    preferred,
  };
  const taken = take(Name, name, `${path}.name`);
  return mapped(taken.value ?? { given: [] }, taken.reasons);
};

const practiceOf = (graph: Graph, { path, resource }: Patient): Mapped<string | undefined> => {
  for (const [at, reference] of (resource.generalPractitioner ?? []).entries()) {
    const role = graph.find(reference, "PractitionerRole");
    const organisation =
      graph.find(reference, "Organization") ?? graph.find(role?.resource.organization, "Organization");
    const code =
      odsOf(organisation?.resource.identifier) ??
      odsOf(reference.identifier === undefined ? [] : [reference.identifier]);
    if (code !== undefined) return take(OdsCode, code, `${path}.generalPractitioner[${at}]`);
  }
  return mapped(undefined);
};

/** Whoever speaks for the person. A contact person of the record is not one: nobody said that we may speak to them. */
const representativeOf = (graph: Graph): Mapped<Person["representative"]> => {
  const people = graph.all("RelatedPerson").filter((one) => one.resource.active !== false);
  const first = people.find((one) => spokenName(one.resource.name) !== undefined);
  const others = people.filter((one) => one !== first).map((one) => warning("field-ignored", one.path));
  if (first === undefined) return mapped(undefined, others);
  const reach = (system: string) => first.resource.telecom?.find((one) => one.system === system)?.value;
  const taken = take(
    Person.shape.representative,
    {
      name: spokenName(first.resource.name),
      relationship: first.resource.relationship
        ?.map(wordsOf)
        .find((one) => one !== undefined)
        ?.slice(0, 80),
      phone: reach("phone"),
      email: reach("email"),
    },
    first.path,
  );
  return mapped(taken.value, [...taken.reasons, ...others]);
};

export const personOf = (
  graph: Graph,
  patient: Patient,
  adjustments: Person["accessNeeds"],
  asker: Asker,
): Mapped<Person> => {
  const { keep, reasons } = notebook();
  const { path, resource } = patient;
  const contact = keep(contactOf(resource, path));
  const speech = languageOf(resource);
  const authority = extensionsOf(resource, AUTHORITY, path).map(valueOf)[0];
  const person: Person = {
    name: keep(nameOf(patient)),
    birthDate: keep(birthDateOf(patient, asker.now)),
    sex: resource.gender,
    ...keep(nhsNumberOf(patient, asker.test)),
    home: keep(homeOf(resource, path)),
    authority: authority && keep(take(Person.shape.authority, authority.value, authority.path)),
    practice: keep(practiceOf(graph, patient)),
    phones: contact.phones,
    email: contact.email,
    safeContact: contact.safeContact,
    language: speech.language,
    accessNeeds: keep(
      atMost(40, [...adjustments, ...contact.accessNeeds, ...speech.accessNeeds], path, (at) => reason("too-many", at)),
    ),
    representative: keep(representativeOf(graph)),
  };
  return mapped(person, reasons);
};
