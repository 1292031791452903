// What may be told of a referral after it was sent: newer consents, and facts that were missing or have changed. Whatever is
// given replaces what stood there; consents stand beside the older ones, and the newest decides.
import { z } from "zod";
import { SentConsent, type Consent } from "./consent.ts";
import { NeedCode } from "./need.ts";
import { Person } from "./person.ts";
import { Facts } from "./referral.ts";
import { PlainDate } from "./text.ts";

const person = Person.shape;

/** Where the person lives and is registered, how they are reached, and how they are understood. Who they are stays. */
export const PersonAmendment = z.strictObject({
  birthDate: person.birthDate,
  home: person.home.optional(),
  authority: person.authority,
  practice: person.practice,
  phones: person.phones.optional(),
  email: person.email,
  safeContact: z.strictObject(person.safeContact.shape).optional(),
  language: z.strictObject(person.language.shape).optional(),
  accessNeeds: person.accessNeeds.optional(),
  representative: person.representative,
});

const some = (value: object | undefined): boolean => Object.values(value ?? {}).some((one) => one !== undefined);

/** `POST /referrals/{id}/consents` */
export const ConsentsAmendment = z.strictObject({ consents: z.array(SentConsent).min(1).max(20) });

/** `POST /referrals/{id}/facts`: the names are those by which we ask. */
export const FactsAmendment = z
  .strictObject({
    need: NeedCode.optional(),
    facts: z.strictObject(Facts.shape).optional(),
    person: PersonAmendment.optional(),
    /** Since when it is so. Left out, it is today. */
    effective: PlainDate.optional(),
  })
  .refine(({ need, facts, person }) => need !== undefined || some(facts) || some(person), {
    path: ["facts"],
    error: "required",
  });

/** As every door maps it. */
export type Amendment = {
  consents?: readonly Consent[] | undefined;
  need?: NeedCode | undefined;
  facts?: Facts | undefined;
  person?: z.output<typeof PersonAmendment> | undefined;
  effective?: PlainDate | undefined;
};
