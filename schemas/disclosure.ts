// What leaves, field by field: to whom, for what, by whose leave, and under which agreement.
import { z } from "zod";
import { Purpose, RecipientClass } from "./consent.ts";
import { OrganisationId } from "./ids.ts";
import { text } from "./text.ts";

/** Fields of a referral that may be given. Safe-contact rules, access needs, language, area and risk always go with the person. */
export const DisclosureField = z.enum([
  "name",
  "birth-date",
  "address",
  "phones",
  "email",
  "representative",
  "detail",
  "referrer",
  "nhs-number",
  "nino",
  "sex",
  "practice",
  "employment",
  "benefit",
  "health",
  "groups",
  "right-to-work",
  "programmes",
  "work",
]);
export type DisclosureField = z.infer<typeof DisclosureField>;

/** One disclosure that a programme makes. `packs check` refuses one that lacks its legal pegs. */
export const Disclosure = z.strictObject({
  /** Kinds of body that receive it. */
  to: z.array(RecipientClass).min(1),
  purpose: Purpose.default("referral"),
  fields: z.array(DisclosureField).min(1),
  /** Who answers for the data before and after: controllers under UK GDPR Article 4(7). */
  controllers: z
    .strictObject({ from: OrganisationId, to: z.union([OrganisationId, z.literal("provider")]) })
    .optional(),
  /** UK GDPR Article 6(1). */
  basis: z.enum(["6(1)(a)", "6(1)(c)", "6(1)(d)", "6(1)(e)", "6(1)(f)"]).optional(),
  /** UK GDPR Article 9(2), where special-category data goes with it. */
  condition: z.enum(["9(2)(a)", "9(2)(b)", "9(2)(c)", "9(2)(g)", "9(2)(h)", "9(2)(i)"]).optional(),
  /** The power to share: an Act and section. */
  gateway: text(160).optional(),
  /** Reference of the sharing agreement. */
  agreement: text(120).optional(),
});
export type Disclosure = z.infer<typeof Disclosure>;
