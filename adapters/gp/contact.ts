// How the person may safely be reached. What one source forbids no other source allows again.
import type { ResourceOf } from "../../schemas/foreign/fhir/bundle.ts";
import type { CodeableConcept, ContactPoint, Extension, Timing } from "../../schemas/foreign/fhir/datatypes.ts";
import { SAFE_CONTACT, UK_CONTACT_PREFERENCE } from "../../schemas/foreign/fhir/systems.ts";
import { SafeContact, type Person } from "../../schemas/person.ts";
import { reason, warning } from "../../schemas/reason.ts";
import { text } from "../../schemas/text.ts";
import { z } from "zod";
import { extensionsOf, partsOf, valueOf, wordsOf, type Found } from "./codes.ts";
import { atMost, mapped, notebook, take, type Mapped } from "./notes.ts";

const Note = text(500);
const Notes = Note.optional();
const Phone = text(40);
const Email = z.email().max(254);

type Patient = ResourceOf<"Patient">;
type Safe = Person["safeContact"];
type AccessNeeds = Person["accessNeeds"];
type Way = Exclude<keyof Safe, "notes">;

const WAYS: readonly Way[] = ["phone", "text", "voicemail", "email", "letter"];

/** UKCore-PreferredContactMethod. Visit, minicom, proxy and sign language are ways of being understood: access needs. */
const METHODS: Record<string, Partial<Record<Way, boolean>>> = {
  "1": { letter: true },
  "3": { phone: true },
  "4": { email: true },
  "8": { phone: false, voicemail: false },
  "9": { text: true },
};

/** BaRS senders put the patient's own numbers into a contact whose relationship is `ONESELF`. */
const ownContacts = (patient: Patient, path: string) =>
  (patient.contact ?? []).flatMap((contact, at) =>
    (contact.relationship ?? []).some((one) =>
      (one.coding ?? []).some((coding) => ["ONESELF", "SELF"].includes(coding.code?.toUpperCase() ?? "")),
    )
      ? [{ contact, path: `${path}.contact[${at}]` }]
      : [],
  );

/** No is stronger than yes; yes is stronger than silence. */
const both = (left: boolean | undefined, right: boolean | undefined): boolean | undefined =>
  left === false || right === false ? false : (left ?? right);

const timesOf = (timing: Timing): string | undefined => {
  const said = [timing.repeat?.dayOfWeek, timing.repeat?.timeOfDay, timing.repeat?.when].flatMap((one) => one ?? []);
  return said.length === 0 ? undefined : `Preferred times: ${said.join(", ")}`;
};

const need = (prefix: string, concept: CodeableConcept): AccessNeeds[number] => {
  const code = concept.coding?.find((one) => one.code !== undefined)?.code;
  return {
    code: `${prefix}${code === undefined ? "" : `-${code}`}`.slice(0, 64),
    words: wordsOf(concept)?.slice(0, 200),
  };
};

type Preference = { ways: Partial<Record<Way, boolean>>[]; notes: string[]; needs: AccessNeeds };

const preference = (part: Extension): Preference => {
  const concept = part.valueCodeableConcept;
  const empty: Preference = { ways: [], notes: [], needs: [] };
  if (part.valueTiming !== undefined) {
    const times = timesOf(part.valueTiming);
    return times === undefined ? empty : { ...empty, notes: [times] };
  }
  if (concept === undefined) return empty;
  if (part.url !== "PreferredContactMethod") return { ...empty, needs: [need(part.url.slice(0, 40), concept)] };
  const known = (concept.coding ?? []).flatMap((one) => METHODS[one.code ?? ""] ?? []);
  return known.length > 0 ? { ...empty, ways: known } : { ...empty, needs: [need("contact-method", concept)] };
};

const ownRules = (found: readonly Found[]): Mapped<{ ways: Partial<Record<Way, boolean>>[]; notes: string[] }> => {
  const { add, keep, reasons } = notebook();
  const ways: Partial<Record<Way, boolean>>[] = [];
  const notes: string[] = [];
  for (const part of found.flatMap(partsOf)) {
    const { value, path } = valueOf(part);
    const way = WAYS.find((one) => one === part.extension.url);
    if (way !== undefined) ways.push({ [way]: keep(take(SafeContact.shape[way].unwrap(), value, path)) });
    else if (part.extension.url === "notes") notes.push(keep(take(Note, value, path)) ?? "");
    // A rule about safety that we cannot read must not pass as "not said".
    else add(reason("unknown", part.path));
  }
  return mapped({ ways, notes }, reasons);
};

export type Contact = Pick<Person, "phones" | "email" | "safeContact" | "accessNeeds">;

export const contactOf = (patient: Patient, path: string): Mapped<Contact> => {
  const { add, keep, reasons } = notebook();
  const own = ownContacts(patient, path);
  const holders = [{ holder: patient as { extension?: Extension[] | undefined }, path }].concat(
    own.map((one) => ({ holder: one.contact, path: one.path })),
  );
  const rules = keep(ownRules(holders.flatMap((one) => extensionsOf(one.holder, SAFE_CONTACT, one.path))));
  const wishes = holders
    .flatMap((one) => extensionsOf(one.holder, UK_CONTACT_PREFERENCE, one.path))
    .flatMap(partsOf)
    .map((part) => preference(part.extension));
  const ways = [...rules.ways, ...wishes.flatMap((one) => one.ways)];
  const notes = keep(
    take(Notes, [...rules.notes, ...wishes.flatMap((one) => one.notes)].join(". ") || undefined, path),
  );

  const points: { point: ContactPoint; path: string }[] = [
    ...(patient.telecom ?? []).map((point, at) => ({ point, path: `${path}.telecom[${at}]` })),
    ...own.flatMap((one) =>
      (one.contact.telecom ?? []).map((point, at) => ({ point, path: `${one.path}.telecom[${at}]` })),
    ),
  ]
    .filter(({ point }) => point.use !== "old" && point.value !== undefined)
    .sort((left, right) => (left.point.rank ?? 99) - (right.point.rank ?? 99));
  const numbers = points.filter(({ point }) => point.system === "phone" || point.system === "sms");
  const phones = numbers.flatMap(({ point, path }) => keep(take(Phone, point.value, `${path}.value`)) ?? []);
  const mails = points.filter(({ point }) => point.system === "email");
  const email = mails[0] && keep(take(Email, mails[0].point.value, `${mails[0].path}.value`));
  for (const more of mails.slice(1)) add(warning("field-ignored", more.path));

  return mapped(
    {
      phones: keep(atMost(6, [...new Set(phones)], `${path}.telecom`, (at) => reason("too-many", at))),
      email,
      safeContact: {
        ...Object.fromEntries(WAYS.map((way) => [way, ways.map((one) => one[way]).reduce(both, undefined)])),
        notes,
      },
      accessNeeds: wishes.flatMap((one) => one.needs),
    },
    reasons,
  );
};
