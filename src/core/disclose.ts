// What a provider may know, before and after it accepts. Written as lists of what is given, so that a new field stays
// closed until someone opens it here.
import type { OfferDetail, OfferPreview } from "../../schemas/offer.ts";
import type { Area } from "../../schemas/place.ts";
import type { Content } from "../../schemas/referral.ts";
import { ageOn, dayOf } from "./calendar.ts";

export const INCIDENT_MARKER = "incident-marker";

const ageBandOf = (birth: string | undefined, now: Date): OfferPreview["ageBand"] => {
  if (birth === undefined) return "unknown";
  const age = ageOn(birth, dayOf(now));
  if (age < 18) return "under-18";
  if (age < 25) return "18-24";
  if (age < 50) return "25-49";
  return age < 65 ? "50-64" : "65-and-over";
};

const languageOf = ({ spoken, welshSpoken }: Content["person"]["language"]): string | undefined =>
  spoken ?? (welshSpoken === true ? "cy" : undefined);

/** Every concern by its code. Words may name people, so they wait for acceptance. */
const concernsOf = ({ safeguarding, risk, incidentMarker }: Content["flags"]): OfferPreview["risk"] => [
  ...[...safeguarding, ...risk].map(({ code }) => ({ code })),
  ...(incidentMarker ? [{ code: INCIDENT_MARKER }] : []),
];

/** Enough to say yes or no and to keep staff safe; nothing that says who it is. */
export const previewOf = (content: Content, area: Area, now: Date): OfferPreview => {
  const { person, flags } = content;
  const language = languageOf(person.language);
  return {
    ...(content.need === undefined ? {} : { need: content.need }),
    urgency: content.urgency,
    ...(area.home === undefined ? {} : { area: area.home.authority }),
    ageBand: ageBandOf(person.birthDate, now),
    ...(language === undefined ? {} : { language }),
    interpreter: person.language.interpreter === true,
    accessNeeds: person.accessNeeds.map(({ code }) => ({ code })),
    risk: concernsOf(flags),
    safeguarding: flags.safeguarding.length > 0,
    participation: content.participation,
  };
};

const given = <T extends object, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> => {
  const picked: Partial<Pick<T, K>> = {};
  for (const key of keys) if (from[key] !== undefined) picked[key] = from[key];
  return picked as Pick<T, K>;
};

/** Who the person is and how to reach them safely. National numbers, benefits and health stay behind. */
export const detailOf = (content: Content): OfferDetail => ({
  ...given(content, "detail", "flags", "handover"),
  person: given(
    content.person,
    "name",
    "birthDate",
    "home",
    "authority",
    "phones",
    "email",
    "safeContact",
    "language",
    "accessNeeds",
    "representative",
  ),
  referrer: given(content.referrer, "organisation", "name", "worker", "role", "contact"),
});
