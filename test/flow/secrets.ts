// Everything personal in what a caller sent, and whether any of it stands in a text or in bytes, however it is written.
import type { Loose } from "../fixtures/gp/index.ts";

export type Secret = { what: string; value: string };

const secret = (what: string, value: unknown): Secret[] =>
  typeof value === "string" && value !== "" ? [{ what, value }] : [];
const every = (what: string, values: unknown): Secret[] =>
  (Array.isArray(values) ? values : [values]).flatMap((one) => secret(what, one));

const entries = (bundle: Loose, type: string): Loose[] =>
  (bundle.entry as Loose[]).map((one) => one.resource).filter((one) => one.resourceType === type);

/** A BaRS message: patient, representative, and every free text. */
export const inMessage = (bundle: Loose): Secret[] =>
  [
    entries(bundle, "Patient").flatMap(inPatient),
    entries(bundle, "RelatedPerson").flatMap(({ name, telecom }) =>
      [every("representative", texts(name)), every("representative's telephone", values(telecom))].flat(),
    ),
    entries(bundle, "ServiceRequest").flatMap(({ note }) => every("free text", texts(note))),
    entries(bundle, "CarePlan").flatMap(({ activity }) =>
      every(
        "narrative",
        activity?.map((one: Loose) => one.outcomeCodeableConcept[0].text.slice(0, 60)),
      ),
    ),
  ].flat();

const inPatient = ({ identifier, name, telecom, birthDate, address, extension }: Loose): Secret[] =>
  [
    every("NHS number", values(identifier)),
    name.flatMap((one: Loose) => [secret("family name", one.family), every("given name", one.given)].flat()),
    every("telephone or e-mail", values(telecom)),
    secret("birth date", birthDate),
    address.flatMap((one: Loose) => [every("address", one.line), secret("postcode", one.postalCode)].flat()),
    extension.flatMap((one: Loose) =>
      every(
        "safe contact",
        one.extension?.map((part: Loose) => part.valueString),
      ),
    ),
  ].flat();

const values = (list: Loose): unknown => list?.map((one: Loose) => one.value);
const texts = (list: Loose): unknown => list?.map((one: Loose) => one.text);

/** A hand-off: everything in it about the person that is words or numbers, not codes. */
export const inHandOff = ({ person, reason, work, flags }: Loose): Secret[] => [
  ...every("given name", person.givenNames),
  ...secret("family name", person.familyName),
  ...secret("preferred name", person.preferredName),
  ...secret("birth date", person.dob),
  ...secret("NHS number", person.nhsNumber),
  ...secret("National Insurance number", person.nino),
  ...every("address", person.address?.lines),
  ...secret("postcode", person.postcode),
  ...every("telephone", person.phones),
  ...secret("e-mail", person.email),
  ...secret("safe contact", person.safeContact?.notes),
  ...secret("representative", person.representative?.name),
  ...secret("representative's telephone", person.representative?.phone),
  ...secret("free text", reason),
  ...secret("free text", work?.aims),
  ...secret("safeguarding words", flags?.safeguardingWords),
];

const IN_FORM = ["first_name", "last_name", "phone", "email", "address_string", "description"];
const IN_ATTRIBUTES = ["preferred_name", "birth_date", "nhs_number", "nino", "postcode", "safe_notes", "risk", "detail"]
  .concat("safeguarding_notes", "representative", "representative_phone", "access_needs_text")
  .map((code) => `attribute[${code}]`);

/** A GeoReport form. */
export const inForm = (form: URLSearchParams): Secret[] =>
  [...IN_FORM, ...IN_ATTRIBUTES].flatMap((name) => every(name, form.getAll(name)));

const spelled = ({ value }: Secret): string[] => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? [];
  const number = /^\d{10}$/.test(value) ? [`${value.slice(0, 3)} ${value.slice(3, 6)} ${value.slice(6)}`] : [];
  return [
    value,
    value.replaceAll(/\s/g, ""),
    value.replaceAll(" ", "+"),
    value.replaceAll(" ", "-"),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value, "utf8").toString("hex"),
    ...(year === undefined ? [] : [`${day}/${month}/${year}`, `${day}.${month}.${year}`]),
    ...number,
  ].map((one) => one.toLowerCase());
};

/** What of it can be found there, in any spelling and either case. Bytes are read as text and as hexadecimal. */
export const found = (where: string | Uint8Array, secrets: readonly Secret[]): Secret[] => {
  const text = (
    typeof where === "string"
      ? where
      : `${Buffer.from(where).toString("latin1")}\n${Buffer.from(where).toString("hex")}`
  ).toLowerCase();
  return secrets.filter((one) => spelled(one).some((spelling) => text.includes(spelling)));
};
