// From a hand-off to our words. Every flag, safe-contact rule, access need and interpreter need crosses over.
import type { Client } from "../../schemas/client.ts";
import type { HandOff } from "../../schemas/foreign/jobcentre.ts";
import { NEED_SYSTEM, NeedCode } from "../../schemas/need.ts";
import { warning, type Reason } from "../../schemas/reason.ts";
import type { Content, Facts } from "../../schemas/referral.ts";
import { detailOf } from "./detail.ts";
import { flagsOf, personOf } from "./person.ts";

/** Our own code, bare or with our system named. Other systems' codes are kept as sent, and asked about. */
export const needIn = (need: HandOff["need"]): NeedCode | undefined =>
  need.system === undefined || need.system === NEED_SYSTEM ? NeedCode.safeParse(need.code).data : undefined;

export const needFaults = ({ need }: HandOff): Reason[] =>
  needIn(need) === undefined ? [warning("need-unknown", "need.code")] : [];

const factsOf = ({ circumstances, claim, programme, work }: HandOff): Facts => ({
  ...circumstances,
  ...claim,
  employment: work?.employment,
  inWorkSince: work?.inWorkSince,
  childcareNeeded: work?.childcareNeeded,
  rightToWork: work?.rightToWork,
  groups: programme?.earlyEntryCategory,
  programmes: programme?.earlier,
});

/** What the person chose: said outright, or with their consent to the duty to refer (Housing Act 1996 s.213B). */
const choiceOf = ({ choice, consent }: HandOff): Content["choice"] => {
  const chosen = consent.find((one) => one.kind === "duty-to-refer" && one.decision === "given")?.chosenAuthority;
  return chosen === undefined ? choice : { ...choice, authority: chosen };
};

const referrerOf = ({ originator }: HandOff, client: Client): Content["referrer"] => ({
  organisation: client.organisation,
  name:
    originator?.officeCode === undefined
      ? client.name
      : `${client.name.slice(0, 110)}, office ${originator.officeCode}`,
  worker: originator?.workCoachId,
  role: originator?.workCoachId === undefined ? undefined : "work coach",
  contact: originator?.returnContact,
});

const workOf = ({ work }: HandOff): Content["work"] =>
  work && {
    aims: work.aims,
    jobPreferences: work.jobPreferences,
    preferredHours: work.preferredHours,
    restrictions: work.restrictions,
    childcare: work.childcare,
  };

export const contentOf = (handOff: HandOff, client: Client): Content => ({
  need: needIn(handOff.need),
  needAsSent: handOff.need,
  detail: detailOf(handOff),
  urgency: handOff.urgency,
  person: personOf(handOff),
  facts: factsOf(handOff),
  flags: flagsOf(handOff),
  consents: handOff.consent,
  lawfulBasis: handOff.legalBasis && {
    gdpr: handOff.legalBasis.gdpr,
    article9: handOff.legalBasis.art9,
    gateway: handOff.legalBasis.gateway,
    agreement: handOff.legalBasis.isaRef,
  },
  participation: handOff.participation,
  choice: choiceOf(handOff),
  referrer: referrerOf(handOff, client),
  handover: handOff.handover?.kind,
  work: workOf(handOff),
  alsoNeeds: handOff.alsoNeeds.length === 0 ? undefined : handOff.alsoNeeds,
  occurredAt: handOff.occurredAt,
});
