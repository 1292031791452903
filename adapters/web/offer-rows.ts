// An offer in words for people: what may be known before acceptance, and who the person is after it.
import { NEEDS } from "../../schemas/need.ts";
import type { OfferDetail } from "../../schemas/offer.ts";
import type { OfferView } from "../../src/ports/views.ts";

export type Row = { key: { text: string }; value: { text?: string; html?: never } };
/** What the directory calls a service. */
export type Names = { service(id: string): string };

const row = (key: string, value: string | undefined): Row[] =>
  value === undefined || value === "" ? [] : [{ key: { text: key }, value: { text: value } }];

const AGES: Record<string, string> = {
  "under-18": "under 18",
  "18-24": "18 to 24",
  "25-49": "25 to 49",
  "50-64": "50 to 64",
  "65-and-over": "65 or over",
  unknown: "not known",
};
const URGENCY: Record<string, string> = { routine: "routine", urgent: "urgent", asap: "as soon as possible" };
const PARTICIPATION: Record<string, string> = {
  voluntary: "of their own free will",
  mandatory: "they must take part",
  "mandatory-appointment": "they must come to the first appointment",
};

/** Codes come from many systems; most say what they mean once the dashes are out. */
const plain = (code: string): string => code.replaceAll("-", " ");
const listed = (codes: readonly { code: string; words?: string | undefined }[]): string =>
  codes.map(({ code, words }) => words ?? plain(code)).join("; ");

const languages = new Intl.DisplayNames(["en"], { type: "language" });
const languageOf = (tag: string | undefined): string | undefined => {
  try {
    return tag === undefined ? undefined : (languages.of(tag) ?? tag);
  } catch {
    return tag;
  }
};
export const dateOf = (day: string): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${day}T00:00:00Z`),
  );

export const previewRows = (
  { reference, service, preview }: OfferView & Required<Pick<OfferView, "preview">>,
  names: Names,
): Row[] => [
  ...row("Reference", reference),
  ...row("Your service", names.service(service)),
  ...row("Needs", preview.need === undefined ? "something that we have no word for" : NEEDS[preview.need].words),
  ...row("How soon", URGENCY[preview.urgency]),
  ...row("Age", AGES[preview.ageBand]),
  ...row("Council area", preview.area === undefined ? "not known" : `${preview.area} (the code of the council)`),
  ...row("Language", languageOf(preview.language)),
  ...row("Interpreter", preview.interpreter ? "needed" : undefined),
  ...row("Access needs", listed(preview.accessNeeds)),
  ...row("Concerns for safety", listed(preview.risk)),
  ...row("Takes part", PARTICIPATION[preview.participation]),
];

const CONTACTS = {
  phone: "ring",
  text: "send a text",
  voicemail: "leave a voice message",
  email: "e-mail",
  letter: "write",
};

/** "No" binds; what was not said must be asked. */
const contactRows = ({ safeContact }: OfferDetail["person"]): Row[] => {
  const ways = Object.entries(CONTACTS) as [keyof typeof CONTACTS, string][];
  const said = (wanted: boolean): string =>
    ways
      .filter(([way]) => safeContact[way] === wanted)
      .map(([, words]) => words)
      .join(", ");
  const nothing = said(true) === "" && said(false) === "" && safeContact.notes === undefined;
  return [
    ...row("Safe to", nothing ? "nothing was said: ask first what is safe" : said(true)),
    ...row("Never", said(false)),
    ...row("About contact", safeContact.notes),
  ];
};

const homeOf = (home: OfferDetail["person"]["home"]): string | undefined => {
  switch (home?.kind) {
    case "address":
      return [...home.lines, ...(home.postcode === undefined ? [] : [home.postcode])].join(", ");
    case "none":
      return "has no home just now";
    case "withheld":
      return "kept back, for safety";
    case "not-said":
      return "not said";
    case undefined:
      return undefined;
  }
};

/** What a pack opens beside the usual: its names are plain words once they are taken apart. */
const spaced = (name: string): string => name.replaceAll(/([A-Z])/g, " $1").toLowerCase();
const heading = (name: string): string => `${name.charAt(0).toUpperCase()}${spaced(name.slice(1))}`;
const told = (value: unknown): string => {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (Array.isArray(value)) return value.map(told).join("; ");
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return dateOf(value);
  if (typeof value !== "object" || value === null) return plain(String(value));
  return Object.entries(value)
    .map(([name, one]) => `${spaced(name)}: ${told(one)}`)
    .join(", ");
};
const factRows = (facts: object | undefined): Row[] =>
  Object.entries(facts ?? {}).flatMap(([name, value]) => (value === undefined ? [] : row(heading(name), told(value))));

const joined = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join(", ");

const nameOf = (name: OfferDetail["person"]["name"]): string | undefined => {
  if (name === undefined) return undefined;
  const called = [name.title, ...name.given, name.family].filter((part) => part !== undefined).join(" ");
  return called === "" ? "not given" : called;
};

export const detailRows = ({ person, referrer, flags, detail, handover, facts, work }: OfferDetail): Row[] => [
  ...row("Name", nameOf(person.name)),
  ...row("Likes to be called", person.name?.preferred),
  ...row("Born", person.birthDate === undefined ? undefined : dateOf(person.birthDate)),
  ...row("Home", homeOf(person.home)),
  ...row("Telephone", joined(person.phones ?? [])),
  ...row("E-mail", person.email),
  ...contactRows(person),
  ...row("Speaks for them", person.representative && joined(Object.values(person.representative))),
  ...row("Safeguarding", listed(flags.safeguarding)),
  ...row("Risks", listed(flags.risk)),
  ...row(
    "Incident marker",
    flags.incidentMarker ? "yes: ask the referrer for the measures before you meet" : undefined,
  ),
  ...row("Why help is asked for", detail),
  ...row("Hand-over", handover === "warm" ? "the referrer would like to introduce the person" : undefined),
  ...row("NHS number", person.nhsNumber),
  ...row("National Insurance number", person.nino),
  ...row("Practice", person.practice),
  ...factRows(facts),
  ...row("About work", work && told(work)),
  ...row("Referred by", joined([referrer?.worker, referrer?.role, referrer?.name ?? referrer?.organisation])),
  ...row("Ask them at", referrer?.contact),
];
