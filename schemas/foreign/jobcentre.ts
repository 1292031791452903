// The Jobcentre hand-off as JSON: our own form, with the field names of PRaP and of DWP's interfaces. One need a hand-off.
// Objects are strict: a field that we would not carry is named as a fault instead of being lost.
// Limits: body 1 MiB and 64 levels (adapters/http); text as given at each field; lists as given at each list.
import { z } from "zod";
import { SentConsent } from "../consent.ts";
import { GssCode, Uuid } from "../ids.ts";
import { Monitoring } from "../monitoring.ts";
import { CodeAsSent, NeedCode } from "../need.ts";
import { NhsNumber, Nino } from "../numbers.ts";
import { AccessNeed, Language, Representative } from "../person.ts";
import { Postcode } from "../place.ts";
import { Content, Facts, Flags, Group, Marker, Participation } from "../referral.ts";
import { Instant, PlainDate, text } from "../text.ts";

const fact = Facts.shape;
const list = <T extends z.ZodType>(item: T, most: number) => z.array(item).max(most);

/** A rule across fields runs also when others are at fault, so that one answer names everything: it may meet anything. */
const always = { when: () => true };

const Originator = z.strictObject({
  system: text(80).optional(),
  officeCode: text(40).optional(),
  workCoachId: text(80).optional(),
  returnContact: text(160).optional(),
});

const HandOffSafeContact = z.strictObject({
  phoneOk: z.boolean().optional(),
  textOk: z.boolean().optional(),
  voicemailOk: z.boolean().optional(),
  emailOk: z.boolean().optional(),
  letterOk: z.boolean().optional(),
  notes: text(500).optional(),
});

const HandOffPerson = z.strictObject({
  title: text(40).optional(),
  givenNames: list(text(80), 8).default([]),
  familyName: text(80),
  preferredName: text(80).optional(),
  dob: PlainDate.optional(),
  nino: Nino.optional(),
  nhsNumber: NhsNumber.optional(),
  address: z
    .strictObject({
      lines: list(text(120), 6).min(1),
      uprn: z
        .string()
        .regex(/^\d{1,12}$/)
        .optional(),
    })
    .optional(),
  postcode: Postcode.optional(),
  noFixedAbode: z.boolean().optional(),
  addressWithheld: z.boolean().optional(),
  /** GSS code of the local or unitary authority, where there is no postcode or it may be too new. */
  lauaCode: GssCode.optional(),
  phones: list(text(40), 6).default([]),
  email: z.email().max(254).optional(),
  safeContact: HandOffSafeContact.optional(),
  language: z.strictObject(Language.shape).optional(),
  accessibility: list(z.strictObject(AccessNeed.shape), 40).default([]),
  representative: z.strictObject(Representative.shape).optional(),
});

type Sent = { address?: unknown; postcode?: unknown; phones?: unknown } | undefined;
const hasAddress = (person: Sent): boolean => person?.address !== undefined || person?.postcode !== undefined;
const hasPhone = (person: Sent): boolean => Array.isArray(person?.phones) && person.phones.length > 0;

const Claim = z.strictObject({
  benefit: fact.benefit,
  regime: fact.regime,
  unemployedSince: fact.unemployedSince,
  claimStart: fact.claimStart,
  regimeSince: fact.regimeSince,
  assessmentPeriods: fact.assessmentPeriods,
});

const ProgrammeAsked = z.strictObject({
  code: text(64).optional(),
  /** Membership is attested; the evidence stays with the Jobcentre. */
  groupAttested: z.boolean().optional(),
  earlyEntryCategory: list(Group, 16)
    .or(Group.transform((one) => [one]))
    .optional(),
  /** Programmes that the person was on before. */
  earlier: fact.programmes,
});

const WorkWish = z.strictObject({
  employment: fact.employment,
  inWorkSince: fact.inWorkSince,
  aims: text(800).optional(),
  jobPreferences: list(text(100), 5).default([]),
  preferredHours: text(100).optional(),
  restrictions: list(text(100), 5).default([]),
  childcare: text(300).optional(),
  childcareNeeded: fact.childcareNeeded,
  rightToWork: z.boolean().optional(),
});

/** Both questions must be answered in every hand-off: silence about danger is not an answer. */
const HandOffFlags = z.strictObject({
  safeguarding: z.enum(["none", "concern", "emergency"]),
  safeguardingWords: text(500).optional(),
  risk: list(z.strictObject(Marker.shape), 20).default([]),
  /** No free text: the control measures travel separately, under this reference. */
  incidentMarker: z.boolean(),
  controlMeasuresRef: text(80).optional(),
  handling: Flags.shape.handling.default("standard"),
});

const Circumstances = z.strictObject({
  longTermCondition: fact.longTermCondition,
  disability: fact.disability,
  housing: fact.housing,
  releasedOn: fact.releasedOn,
  basicSkills: fact.basicSkills,
  sex: fact.sex,
  ethnicGroup: fact.ethnicGroup,
  belief: fact.belief,
});

export const HandOff = z
  .strictObject({
    schemaVersion: z.literal("1.0").optional(),
    /** Made by the sender: the same hand-off sent again carries the same id. */
    handoffId: Uuid,
    /** Joins the hand-offs of one person's journey; equal to the header where both are sent. */
    correlationId: z.guid().optional(),
    occurredAt: Instant.optional(),
    originator: Originator.optional(),
    need: z.strictObject(CodeAsSent.shape).extend({ code: text(64) }),
    /** Further needs: each becomes a referral of its own, in the same case. */
    alsoNeeds: list(NeedCode, 6).default([]),
    urgency: Content.shape.urgency.default("routine"),
    /** Why help is asked for. */
    reason: text(1000).optional(),
    person: HandOffPerson,
    circumstances: Circumstances.optional(),
    claim: Claim.optional(),
    participation: Participation,
    programme: ProgrammeAsked.optional(),
    work: WorkWish.optional(),
    flags: HandOffFlags,
    consent: list(SentConsent, 20).default([]),
    legalBasis: z
      .strictObject({
        gdpr: z.enum(["6(1)(a)", "6(1)(c)", "6(1)(e)", "6(1)(f)"]).optional(),
        art9: text(40).optional(),
        gateway: text(120).optional(),
        isaRef: text(120).optional(),
      })
      .optional(),
    choice: z.strictObject({ service: text(80).optional(), authority: GssCode.optional() }).optional(),
    handover: z.strictObject({ kind: z.enum(["warm", "cold"]), agreedMeetingAt: Instant.optional() }).optional(),
    monitoring: Monitoring.optional(),
  })
  .refine((sent) => sent?.person?.noFixedAbode !== true || !hasAddress(sent.person), {
    ...always,
    path: ["person", "noFixedAbode"],
    error: "invariant",
  })
  .refine((sent) => sent?.person?.addressWithheld !== true || !hasAddress(sent.person), {
    ...always,
    path: ["person", "addressWithheld"],
    error: "invariant",
  })
  // MAPPA, Work and Health Programme guidance, chapter 3: a minimised record has no address, postcode or telephone.
  .refine((sent) => sent?.flags?.handling !== "minimised" || (!hasAddress(sent.person) && !hasPhone(sent.person)), {
    ...always,
    path: ["flags", "handling"],
    error: "invariant",
  })
  .refine((sent) => sent?.programme?.earlyEntryCategory === undefined || sent.programme.groupAttested === true, {
    ...always,
    path: ["programme", "groupAttested"],
    error: "required",
  });
export type HandOff = z.infer<typeof HandOff>;

/** Who the person is stays; so does the customer group, as PRaP's memo 19 has it: a wrong one is not mended by message. */
const AmendedPerson = HandOffPerson.omit({
  title: true,
  givenNames: true,
  familyName: true,
  preferredName: true,
  nino: true,
  nhsNumber: true,
}).extend({
  phones: list(text(40), 6).optional(),
  accessibility: list(z.strictObject(AccessNeed.shape), 40).optional(),
});

/** An amendment, not another hand-off: what is given replaces what stood there, since the day that it names. */
export const HandOffAmendment = z
  .strictObject({
    schemaVersion: z.literal("1.0").optional(),
    /** Made by the sender: the same amendment sent again carries the same id. */
    amendmentId: Uuid,
    correlationId: z.guid().optional(),
    /** Since when it is so. Left out, it is today. */
    effectiveFrom: PlainDate.optional(),
    need: z
      .strictObject(CodeAsSent.shape)
      .extend({ code: text(64) })
      .optional(),
    person: AmendedPerson.optional(),
    circumstances: Circumstances.optional(),
    claim: Claim.optional(),
    programme: ProgrammeAsked.omit({ code: true }).optional(),
    work: WorkWish.pick({ employment: true, rightToWork: true }).optional(),
    consent: list(SentConsent, 20).optional(),
  })
  .refine((sent) => !(sent?.person?.noFixedAbode === true && hasAddress(sent.person)), {
    ...always,
    path: ["person", "noFixedAbode"],
    error: "invariant",
  })
  .refine((sent) => !(sent?.person?.addressWithheld === true && hasAddress(sent.person)), {
    ...always,
    path: ["person", "addressWithheld"],
    error: "invariant",
  })
  .refine((sent) => sent?.programme?.earlyEntryCategory === undefined || sent.programme.groupAttested === true, {
    ...always,
    path: ["programme", "groupAttested"],
    error: "required",
  });
export type HandOffAmendment = z.infer<typeof HandOffAmendment>;

/** The few values that are looked at even when the rest cannot be read. */
export const Glance = z
  .object({
    handoffId: Uuid.optional().catch(undefined),
    correlationId: z.guid().optional().catch(undefined),
    person: z
      .object({
        dob: PlainDate.optional().catch(undefined),
        nhsNumber: NhsNumber.optional().catch(undefined),
      })
      .catch({}),
    flags: z.object({ safeguarding: z.string().optional().catch(undefined) }).catch({}),
  })
  .catch({ person: {}, flags: {} });

export const GlanceAmendment = z
  .object({ amendmentId: Uuid.optional().catch(undefined), correlationId: z.guid().optional().catch(undefined) })
  .catch({});
