// Whether the person's own decisions let a body hear of them, or let them be referred. Several records, never one flag.
import type { Consent, ConsentKind, Purpose, RecipientClass } from "../../schemas/consent.ts";
import type { ConsentRule } from "../../schemas/programme.ts";
import { reason, type Reason, type ReasonCode } from "../../schemas/reason.ts";
import type { Content } from "../../schemas/referral.ts";
import { canonical } from "./canonical.ts";
import { dayOf } from "./calendar.ts";

export type Recipient = { class: RecipientClass; organisation: string };
export type Permission = { holds: true } | { holds: false; reason: Reason };

const HOLDS: Permission = { holds: true };
const refuse = (code: ReasonCode): Permission => ({ holds: false, reason: reason(code, "consents") });

const SKEW = 24 * 60 * 60 * 1000;

/** When it was said. A time that has not come yet proves nothing and counts as none. */
const saidAt = (consent: Consent, now: Date): number => {
  const at = consent.at === undefined ? Number.NaN : Date.parse(consent.at);
  return Number.isNaN(at) || at > now.getTime() + SKEW ? Number.NEGATIVE_INFINITY : at;
};

const expired = (consent: Consent, now: Date): boolean => consent.until !== undefined && consent.until < dayOf(now);

const namesNobody = ({ recipients, recipientClasses }: Consent): boolean =>
  (recipients ?? []).length === 0 && (recipientClasses ?? []).length === 0;

const names = (consent: Consent, recipient: Recipient): boolean =>
  (consent.recipients ?? []).includes(recipient.organisation) ||
  (consent.recipientClasses ?? []).includes(recipient.class);

/** Direct care reaches the NHS and nobody else; any other purpose reaches only itself. Unsaid, it was the referral. */
const reaches = (said: Purpose | undefined, wanted: Purpose, recipient: Recipient): boolean =>
  said === "direct-care" ? recipient.class === "nhs" : (said ?? "referral") === wanted;

/**
 * The newest decision wins, and "yes" must be newer than every "no": undated, it gives way. An older "yes" that still
 * runs is not undone by a newer one that has run out.
 */
const decided = (yes: readonly Consent[], no: readonly Consent[], now: Date, missing: ReasonCode): Permission => {
  const lastNo = [...no].sort((a, b) => saidAt(a, now) - saidAt(b, now)).at(-1);
  const unlessNo = lastNo === undefined ? yes : yes.filter((one) => saidAt(one, now) > saidAt(lastNo, now));
  if (unlessNo.some((one) => !expired(one, now))) return HOLDS;
  if (unlessNo.length > 0) return refuse("consent-expired");
  if (lastNo === undefined) return refuse(missing);
  return refuse(lastNo.decision === "withdrawn" ? "consent-withdrawn" : "consent-refused");
};

const split = (consents: readonly Consent[], kind: ConsentKind) => {
  const ofKind = consents.filter((one) => one.kind === kind);
  return {
    yes: ofKind.filter((one) => one.decision === "given"),
    no: ofKind.filter((one) => one.decision !== "given"),
  };
};

/** Permission to share under the duty of confidence. A "no" that names nobody, or no purpose, means everyone and all. */
export const mayShare = (
  consents: readonly Consent[],
  recipient: Recipient,
  purpose: Purpose,
  now: Date,
): Permission => {
  const { yes, no } = split(consents, "share");
  return decided(
    yes.filter((one) => names(one, recipient) && reaches(one.purpose, purpose, recipient)),
    no.filter(
      (one) =>
        (namesNobody(one) || names(one, recipient)) &&
        (one.purpose === undefined || reaches(one.purpose, purpose, recipient)),
    ),
    now,
    "consent-missing",
  );
};

/** Agreement to take part: asked of nobody who must attend anyway. */
export const takePart = (
  consents: readonly Consent[],
  participation: Content["participation"],
  now: Date,
): Permission => {
  if (participation !== "voluntary") return HOLDS;
  const { yes, no } = split(consents, "take-part");
  return decided(yes, no, now, "take-part-missing");
};

/** Statutory consents (Housing Act 1996, s.213B) name an authority rather than a recipient. */
const statutory = (
  consents: readonly Consent[],
  kind: "contact-details" | "duty-to-refer",
  recipient: Recipient,
  now: Date,
): Permission => {
  const { yes, no } = split(consents, kind);
  return decided(
    yes.filter((one) => namesNobody(one) || names(one, recipient)),
    no,
    now,
    "consent-missing",
  );
};

/** One consent that a programme asks for, before one provider hears of the person. */
export const permits = (
  rule: ConsentRule,
  content: Pick<Content, "consents" | "participation">,
  recipient: Recipient,
  now: Date,
): Permission => {
  switch (rule.kind) {
    case "share":
      return mayShare(content.consents, recipient, rule.purpose, now);
    case "take-part":
      return takePart(content.consents, content.participation, now);
    default:
      return statutory(content.consents, rule.kind, recipient, now);
  }
};

/** One text for one set of records, in whatever order they came; the caller digests it. */
export const consentVersion = (consents: readonly Consent[]): string => `[${consents.map(canonical).sort().join(",")}]`;
