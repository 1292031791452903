// Whether the person's own decisions let a body hear of them, or let them be referred. Several records, never one flag.
import { DataClass, type Consent, type ConsentKind, type Purpose, type RecipientClass } from "../../schemas/consent.ts";
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

const over = ({ until }: Rule, now: Date): boolean => until !== undefined && until < dayOf(now);

/** A consent, or an exception within it. */
type Rule = Pick<Consent, "recipients" | "recipientClasses" | "purpose" | "data" | "until" | "except"> & {
  decision: Consent["decision"];
};

type Named = Pick<Rule, "recipients" | "recipientClasses">;

const namesNobody = ({ recipients, recipientClasses }: Named): boolean =>
  (recipients ?? []).length === 0 && (recipientClasses ?? []).length === 0;

const namesIt = ({ recipients }: Named, { organisation }: Recipient): boolean =>
  (recipients ?? []).includes(organisation);

const names = (rule: Named, recipient: Recipient): boolean =>
  namesIt(rule, recipient) || (rule.recipientClasses ?? []).includes(recipient.class);

/** Direct care reaches the NHS and nobody else; any other purpose reaches only itself. Unsaid, it was the referral. */
const reaches = (said: Purpose | undefined, wanted: Purpose, recipient: Recipient): boolean =>
  said === "direct-care" ? recipient.class === "nhs" : (said ?? "referral") === wanted;

type Asked = { recipient: Recipient; purpose: Purpose; about: DataClass; now: Date };
/** `expired`: it was a yes, and its time is over. `named`: said of this very organisation. */
type Said = { yes: boolean; named: boolean; expired: boolean };

/** Whether a rule speaks of what is asked. A no that leaves something out means all of it; a yes never does. */
const speaks = (rule: Rule, { recipient, purpose, about }: Asked, said: Purpose | undefined): boolean =>
  (rule.data === undefined || rule.data.includes(about)) &&
  (rule.decision === "given"
    ? reaches(said, purpose, recipient)
    : said === undefined || reaches(said, purpose, recipient));

/**
 * What one statement says. An exception is stronger than what it is taken from; of several, the no. A no counts wherever it
 * stands, a yes only within what it is an exception to. What a rule leaves out it has from the rule around it: `around`.
 */
const saysOf = (rule: Rule, asked: Asked, around?: Named & Pick<Rule, "purpose">): Said | undefined => {
  const { recipient, now } = asked;
  const root = around === undefined;
  const expired = over(rule, now) && rule.decision !== "withdrawn";
  if (expired && !(root && rule.decision === "given")) return undefined;
  const whom = namesNobody(rule) ? { ...rule, ...around } : rule;
  const purpose = rule.purpose ?? around?.purpose;
  const applies = (namesNobody(whom) || names(whom, recipient)) && speaks(rule, asked, purpose);
  // What has run out has run out with its exceptions.
  if (rule.except !== undefined && !expired) {
    const { recipients, recipientClasses } = whom;
    const exceptions = rule.except
      .filter((one) => applies || one.decision === "refused")
      .map((one) => saysOf(one, asked, { recipients, recipientClasses, purpose }))
      .filter((one) => one !== undefined);
    const stronger = exceptions.find((one) => !one.yes) ?? exceptions[0];
    if (stronger !== undefined) return stronger;
  }
  // To permit nobody in particular is to permit nobody.
  if (!applies || (rule.decision === "given" && namesNobody(whom))) return undefined;
  return { yes: rule.decision === "given", named: namesIt(whom, recipient), expired };
};

type Statement = Pick<Said, "named" | "expired"> & { consent: Consent };

/**
 * The newest decision wins, and "yes" must be newer than every "no": undated, it gives way. What was refused to one
 * organisation by name is given back only by its name. An older "yes" that still runs is not undone by a newer one that
 * has run out.
 */
const decided = (yes: readonly Statement[], no: readonly Statement[], now: Date, missing: ReasonCode): Permission => {
  const unlessNo = yes.filter(
    (one) => !no.some((other) => saidAt(one.consent, now) <= saidAt(other.consent, now) || (other.named && !one.named)),
  );
  if (unlessNo.some((one) => !one.expired)) return HOLDS;
  if (unlessNo.length > 0) return refuse("consent-expired");
  const lastNo = [...no].sort((a, b) => saidAt(a.consent, now) - saidAt(b.consent, now)).at(-1);
  if (lastNo === undefined) return refuse(missing);
  return refuse(lastNo.consent.decision === "withdrawn" ? "consent-withdrawn" : "consent-refused");
};

/** Whether this kind of data may be shared. */
const mayShareOf = (consents: readonly Consent[], asked: Asked): Permission => {
  const [yes, no]: [Statement[], Statement[]] = [[], []];
  for (const consent of consents) {
    const says = consent.kind === "share" ? saysOf(consent, asked) : undefined;
    if (says === undefined) continue;
    const { named, expired } = says;
    (says.yes ? yes : no).push({ named, expired, consent });
  }
  return decided(yes, no, asked.now, "consent-missing");
};

/** Permission to share under the duty of confidence. Without leave to say who the person is, nothing is shared. */
export const mayShare = (consents: readonly Consent[], recipient: Recipient, purpose: Purpose, now: Date): Permission =>
  mayShareOf(consents, { recipient, purpose, about: "identity", now });

const NO: ReadonlySet<string> = new Set(["consent-refused", "consent-withdrawn"]);

/**
 * What the person leaves out. Where they permit sharing, it is all that the permission does not hold; where a programme
 * shares without asking, it is what they said no to.
 */
export const leavesOut = (
  consents: readonly Consent[],
  recipient: Recipient,
  purpose: Purpose,
  now: Date,
): DataClass[] => {
  const whole = mayShare(consents, recipient, purpose, now);
  const inParts = consents.some(namesKinds);
  return DataClass.options.filter((about) => {
    const permission = inParts ? mayShareOf(consents, { recipient, purpose, about, now }) : whole;
    return !permission.holds && (whole.holds || NO.has(permission.reason.code));
  });
};

/** Where no statement does, what is said of one kind of data is said of all. */
const namesKinds = ({ data, except }: Consent): boolean => data !== undefined || except !== undefined;

const split = (consents: readonly Consent[], kind: ConsentKind, now: Date) => {
  const ofKind = consents
    .filter((one) => one.kind === kind)
    .map((consent) => ({ consent, named: false, expired: over(consent, now) }));
  return {
    yes: ofKind.filter(({ consent }) => consent.decision === "given"),
    no: ofKind.filter(
      ({ consent, expired }) => consent.decision === "withdrawn" || (consent.decision === "refused" && !expired),
    ),
  };
};

/** Agreement to take part: asked of nobody who must attend anyway. */
const takePart = (consents: readonly Consent[], participation: Content["participation"], now: Date): Permission => {
  if (participation !== "voluntary") return HOLDS;
  const { yes, no } = split(consents, "take-part", now);
  return decided(yes, no, now, "take-part-missing");
};

/** The authority is a place, and which team serves it is for the rules on areas to say. */
const namesItsAuthority = ({ recipients, chosenAuthority }: Consent): boolean =>
  (recipients ?? []).every((one) => one === chosenAuthority) && chosenAuthority !== undefined;

/** Statutory consents (Housing Act 1996, s.213B) name an authority rather than a recipient. */
const statutory = (
  consents: readonly Consent[],
  kind: "contact-details" | "duty-to-refer",
  recipient: Recipient,
  now: Date,
): Permission => {
  const { yes, no } = split(consents, kind, now);
  return decided(
    yes.filter(({ consent }) => namesNobody(consent) || namesItsAuthority(consent) || names(consent, recipient)),
    no,
    now,
    "consent-missing",
  );
};

/** A homelessness referral under section 213B passes contact details only where the person agreed to that too. */
export const hidesContact = (consents: readonly Consent[], now: Date): boolean => {
  const stands = (kind: ConsentKind): boolean => {
    const { yes, no } = split(consents, kind, now);
    return decided(yes, no, now, "consent-missing").holds;
  };
  return stands("duty-to-refer") && !stands("contact-details");
};

/** One consent that a programme asks for, before one provider hears of the person. */
export const permits = (
  rule: ConsentRule,
  content: Pick<Content, "consents" | "participation">,
  recipient: Recipient,
  now: Date,
): Permission => {
  if (rule.of !== undefined && !rule.of.includes(recipient.class)) return HOLDS;
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
