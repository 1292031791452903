// The person of a hand-off, how to reach them safely, and what keeps people safe.
import type { Amendment } from "../../schemas/amendment.ts";
import type { HandOff, HandOffAmendment } from "../../schemas/foreign/jobcentre.ts";
import type { Person } from "../../schemas/person.ts";
import type { Content } from "../../schemas/referral.ts";

type Home = Pick<HandOff["person"], "address" | "postcode" | "noFixedAbode" | "addressWithheld">;

const homeOf = ({ address, postcode, noFixedAbode, addressWithheld }: Home): Person["home"] => {
  if (noFixedAbode === true) return { kind: "none" };
  if (addressWithheld === true) return { kind: "withheld" };
  if (address === undefined && postcode === undefined) return { kind: "not-said" };
  return { kind: "address", lines: address?.lines ?? [], postcode, uprn: address?.uprn };
};

const safeContactOf = ({ safeContact }: Pick<HandOff["person"], "safeContact">): Person["safeContact"] => ({
  phone: safeContact?.phoneOk,
  text: safeContact?.textOk,
  voicemail: safeContact?.voicemailOk,
  email: safeContact?.emailOk,
  letter: safeContact?.letterOk,
  notes: safeContact?.notes,
});

export const personOf = ({ person }: HandOff): Person => ({
  name: { title: person.title, given: person.givenNames, family: person.familyName, preferred: person.preferredName },
  birthDate: person.dob,
  nhsNumber: person.nhsNumber,
  nino: person.nino,
  home: homeOf(person),
  authority: person.lauaCode,
  phones: person.phones,
  email: person.email,
  safeContact: safeContactOf(person),
  language: person.language ?? {},
  accessNeeds: person.accessibility,
  representative: person.representative,
});

/** What an amendment says anew: a home that it does not speak of stays where it was, and so does all else. */
export const changesOf = (person: NonNullable<HandOffAmendment["person"]>): Amendment["person"] => {
  const home = homeOf(person);
  return {
    birthDate: person.dob,
    home: home.kind === "not-said" ? undefined : home,
    authority: person.lauaCode,
    phones: person.phones,
    email: person.email,
    safeContact: person.safeContact && safeContactOf(person),
    language: person.language,
    accessNeeds: person.accessibility,
    representative: person.representative,
  };
};

/** Words beside a "none" are a concern all the same. */
const safeguardingOf = ({
  safeguarding,
  safeguardingWords: words,
}: HandOff["flags"]): Content["flags"]["safeguarding"] => {
  if (safeguarding !== "none") return [{ code: safeguarding, words }];
  return words === undefined ? [] : [{ code: "concern", words }];
};

export const flagsOf = ({ flags }: HandOff): Content["flags"] => ({
  emergency: flags.safeguarding === "emergency",
  safeguarding: safeguardingOf(flags),
  risk: flags.risk,
  incidentMarker: flags.incidentMarker,
  controlMeasuresRef: flags.controlMeasuresRef,
  handling: flags.handling,
});
