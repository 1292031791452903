// The person as a service that accepted may know them: what disclosure opened, field by field, as contained resources.
import {
  AUTHORITY,
  CONFIDENTIALITY,
  HOME,
  INTERPRETER_REQUIRED,
  NHS_NUMBER,
  NINO_ID,
  ODS_ORGANISATION,
  SAFE_CONTACT,
  UK_ADDRESS_KEY,
  UK_VERIFICATION,
} from "../../schemas/foreign/fhir/systems.ts";
import type { OfferDetail } from "../../schemas/offer.ts";
import { shownFlags } from "./shown-flags.ts";
import { shownReferrer } from "./shown-referrer.ts";

type Person = OfferDetail["person"];
type Extension = { url: string; [field: string]: unknown };

export const PERSON = "#person";
const SPEAKER = "#representative";

const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);
const id = (reference: string): string => reference.slice(1);

const names = ({ title, given, family, preferred }: NonNullable<Person["name"]>) => [
  {
    use: "official",
    ...(title === undefined ? {} : { prefix: [title] }),
    ...(given.length === 0 ? {} : { given }),
    ...(family === undefined ? {} : { family }),
  },
  ...(preferred === undefined ? [] : [{ use: "nickname", given: [preferred] }]),
];

const UPRN = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AddressKeyType";

const addressKey = (uprn: string): Extension => ({
  url: UK_ADDRESS_KEY,
  extension: [
    { url: "type", valueCoding: { system: UPRN, code: "UPRN" } },
    { url: "value", valueString: uprn },
  ],
});

const address = (home: Person["home"]) =>
  home?.kind !== "address"
    ? undefined
    : [
        {
          use: "home",
          ...(home.uprn === undefined ? {} : { extension: [addressKey(home.uprn)] }),
          line: some(home.lines),
          postalCode: home.postcode,
        },
      ];

const safeContact = ({ notes, ...ways }: Person["safeContact"]): Extension[] => {
  const said = Object.entries(ways).flatMap(([url, value]) =>
    value === undefined ? [] : [{ url, valueBoolean: value }],
  );
  const parts = [...said, ...(notes === undefined ? [] : [{ url: "notes", valueString: notes }])];
  return parts.length === 0 ? [] : [{ url: SAFE_CONTACT, extension: parts }];
};

const tongue = (code: string, more: { text?: string; preferred?: boolean }) => ({
  language: { coding: [{ system: "urn:ietf:bcp:47", code }], text: more.text },
  preferred: more.preferred,
});

const tongues = ({ spoken, welshSpoken, welshWritten }: Person["language"]) => {
  const welsh = [welshSpoken === true && "spoken", welshWritten === true && "written"].filter((one) => one !== false);
  return some([
    ...(spoken === undefined ? [] : [tongue(spoken, { preferred: true })]),
    ...(welsh.length === 0 ? [] : [tongue("cy", { text: `Welsh, ${welsh.join(" and ")}` })]),
  ]);
};

/** UKCore-NHSNumberVerificationStatusEngland: 01 present and verified, 02 present but not traced. */
const VERIFICATION = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";
const verification = (verified: boolean): Extension => ({
  url: UK_VERIFICATION,
  valueCodeableConcept: { coding: [{ system: VERIFICATION, code: verified ? "01" : "02" }] },
});

/** Only where a programme discloses them. */
const numbers = ({ nhsNumber, nhsNumberVerified: verified, nino }: Person) => [
  ...(nhsNumber === undefined
    ? []
    : [
        {
          ...(verified === undefined ? {} : { extension: [verification(verified)] }),
          system: NHS_NUMBER,
          value: nhsNumber,
        },
      ]),
  ...(nino === undefined ? [] : [{ system: NINO_ID, value: nino }]),
];

/** As PDS marks a record: R restricted, V very restricted. */
const SECRECY = { standard: undefined, minimised: "R", "out-of-band": "V" } as const;

const patient = ({ person, flags }: OfferDetail) => {
  const secrecy = SECRECY[flags.handling];
  const { home, language } = person;
  const extensions: Extension[] = [
    ...safeContact(person.safeContact),
    ...(home === undefined || home.kind === "address" ? [] : [{ url: HOME, valueCode: home.kind }]),
    ...(person.authority === undefined ? [] : [{ url: AUTHORITY, valueCode: person.authority }]),
    ...(language.interpreter === undefined ? [] : [{ url: INTERPRETER_REQUIRED, valueBoolean: language.interpreter }]),
  ];
  return {
    resourceType: "Patient",
    id: id(PERSON),
    meta: secrecy && { security: [{ system: CONFIDENTIALITY, code: secrecy }] },
    extension: some(extensions),
    identifier: some(numbers(person)),
    name: person.name && names(person.name),
    telecom: some([
      ...(person.phones ?? []).map((value, at) => ({ system: "phone", value, rank: at + 1 })),
      ...(person.email === undefined ? [] : [{ system: "email", value: person.email }]),
    ]),
    gender: person.sex,
    birthDate: person.birthDate,
    address: address(home),
    communication: tongues(language),
    generalPractitioner:
      person.practice === undefined
        ? undefined
        : [{ identifier: { system: ODS_ORGANISATION, value: person.practice } }],
  };
};

const representative = ({ name, relationship, phone, email }: NonNullable<Person["representative"]>) => ({
  resourceType: "RelatedPerson",
  id: id(SPEAKER),
  active: true,
  patient: { reference: PERSON },
  relationship: relationship === undefined ? undefined : [{ text: relationship }],
  name: [{ text: name }],
  telecom: some([
    ...(phone === undefined ? [] : [{ system: "phone", value: phone }]),
    ...(email === undefined ? [] : [{ system: "email", value: email }]),
  ]),
});

/** All that is contained, and the references by which the request holds it (dom-3: nothing contained that nobody refers to). */
export const shownPerson = (detail: OfferDetail) => {
  const flags = shownFlags(detail, PERSON);
  const speaker = detail.person.representative === undefined ? [] : [representative(detail.person.representative)];
  return {
    contained: [patient(detail), ...speaker, ...(detail.referrer ? shownReferrer(detail.referrer) : []), ...flags],
    supportingInfo: some([...speaker, ...flags].map((one) => ({ reference: `#${one.id}` }))),
  };
};
