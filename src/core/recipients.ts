// Who hears of a person under a contract, and what of the consents that a programme asks for does not stand for them.
import type { ConsentRule, Programme } from "../../schemas/programme.ts";
import type { Consent, ConsentKind } from "../../schemas/consent.ts";
import type { Directory, ProviderOrganisation, Service } from "../../schemas/provider.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Content } from "../../schemas/referral.ts";
import { organisationIn } from "./directory.ts";
import { canonical } from "./canonical.ts";
import { type Permission, permits } from "./consent.ts";
import { once } from "./once.ts";

/** The prime, which is asked and answers for its partners, and the partner that runs the service. */
export const recipientsOf = (
  service: Pick<Service, "organisation">,
  prime: string,
  directory: Directory,
): ProviderOrganisation[] => {
  const named = prime === service.organisation ? [prime] : [prime, service.organisation];
  return named.flatMap((id) => organisationIn(directory, id) ?? []);
};

export type Refused = { kind: ConsentKind; reason: Reason };

/** By rule and by whom it was asked for, within one decision. */
export type Said = Map<string, Map<string, Permission>>;

/** Two rules that ask the same have the same name. A pack is read whole and never changed. */
const nameOf: (rule: ConsentRule) => string = once(canonical);

const saidOf = (rule: ConsentRule, said: Said): Map<string, Permission> => {
  const name = nameOf(rule);
  const known = said.get(name);
  if (known !== undefined) return known;
  const made = new Map<string, Permission>();
  said.set(name, made);
  return made;
};

/** Where nobody is named in person, one body of a kind hears what another hears. */
const namesSome = ({ recipients, except }: Pick<Consent, "recipients" | "except">): boolean =>
  recipients !== undefined || except !== undefined;

/** Every consent that one of them would need and does not have. */
export const refusalsOf = (
  programme: Programme,
  recipients: readonly ProviderOrganisation[],
  content: Pick<Content, "consents" | "participation">,
  now: Date,
  said: Said = new Map(),
): Refused[] => {
  const byName = content.consents.some(namesSome);
  const refused: Refused[] = [];
  for (const recipient of recipients)
    for (const rule of programme.consents) {
      const before = saidOf(rule, said);
      const key = byName ? recipient.id : recipient.class;
      const to = { class: recipient.class, organisation: recipient.id };
      const permission = before.get(key) ?? permits(rule, content, to, now);
      before.set(key, permission);
      if (!permission.holds) refused.push({ kind: rule.kind, reason: permission.reason });
    }
  return refused;
};
