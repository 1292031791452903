// What a holder was given, and which of it reads differently after an amendment: those fields, and no others, are sent on.
import type { DisclosureField } from "../../schemas/disclosure.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory } from "../../schemas/provider.ts";
import type { Content } from "../../schemas/referral.ts";
import { opensPath } from "./disclose.ts";
import { organisationIn } from "./directory.ts";
import { fieldsOpenTo } from "./withhold.ts";

/** Without rules, or where nobody knows what kind of body it is, nothing is open. */
export const openTo = (
  programme: Programme | undefined,
  directory: Directory,
  { provider }: Pick<Offer, "provider">,
  content: Content,
  now: Date,
): DisclosureField[] => {
  const to = organisationIn(directory, provider)?.class;
  if (to === undefined || programme === undefined) return [];
  return fieldsOpenTo(programme, { class: to, organisation: provider }, content, now);
};

/** Of the names of what changed, those that its holder was given. */
export const changedFor = (fields: readonly string[], open: readonly DisclosureField[]): string[] =>
  fields.filter((field) => opensPath(field, open));
