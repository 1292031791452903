// A referral of which more is told: what it says from now on, by the names of what changed, and what stands against it.
import type { Amendment } from "../../schemas/amendment.ts";
import type { Consent } from "../../schemas/consent.ts";
import type { EventBody } from "../../schemas/event.ts";
import { birthDateFaults } from "../../schemas/plausible.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Content, Status } from "../../schemas/referral.ts";
import { dayOf } from "./calendar.ts";
import { canonical } from "./canonical.ts";
import { next } from "./lifecycle.ts";

/** What comes is said now, unless it says when; and nobody has said tomorrow's words. */
const said = (consent: Consent, now: Date): Consent => {
  const at = consent.at === undefined ? Number.NaN : Date.parse(consent.at);
  return at <= now.getTime() ? consent : { ...consent, at: now.toISOString() };
};

const differs = (before: unknown, after: unknown): boolean => canonical(before) !== canonical(after);

const changed = <T extends object>(root: string, before: T, after: Partial<T> | undefined): string[] =>
  Object.entries(after ?? {}).flatMap(([name, value]) =>
    value !== undefined && differs(before[name as keyof T], value) ? [`${root}.${name}`] : [],
  );

const over = <T extends object>(before: T, after: Partial<T> | undefined): T => ({
  ...before,
  ...Object.fromEntries(Object.entries(after ?? {}).filter(([, value]) => value !== undefined)),
});

/** The content as it is from now on, and the names of what differs. No name: nothing new was said. */
export const amend = (before: Content, amendment: Amendment, now: Date): { content: Content; fields: string[] } => {
  const { need, facts, person } = amendment;
  const known = new Set(before.consents.map(canonical));
  const newer = (amendment.consents ?? []).map((one) => said(one, now)).filter((one) => !known.has(canonical(one)));
  return {
    content: {
      ...before,
      need: need ?? before.need,
      facts: over(before.facts, facts),
      person: over(before.person, person),
      consents: [...before.consents, ...newer],
    },
    fields: [
      ...(need !== undefined && need !== before.need ? ["need"] : []),
      ...changed("facts", before.facts, facts),
      ...changed("person", before.person, person),
      ...(newer.length > 0 ? ["consents"] : []),
    ],
  };
};

type Told = { status: Status; content: Content; receivedAt: Date; timeline: readonly { at: Date; body: EventBody }[] };

/** The day as of which a field was said last; undefined where nobody ever said it. */
const saidOn = (field: string, { content, receivedAt, timeline }: Told): string | undefined => {
  const last = timeline.findLast(({ body }) => body.type === "amended" && body.fields.includes(field));
  if (last?.body.type === "amended") return last.body.effective ?? dayOf(last.at);
  const [root, name] = field.split(".");
  const group: object = root === "facts" ? content.facts : content.person;
  return name !== undefined && group[name as keyof typeof group] !== undefined ? dayOf(receivedAt) : undefined;
};

/** More consents than any journey needs. A "no" is always taken. */
const MOST_CONSENTS = 100;

/** Everything that stands against it, at once. `fields` are those that differ. */
export const against = (told: Told, amendment: Amendment, fields: readonly string[], now: Date): Reason[] => {
  if (next(told.status, "amended") === undefined)
    return [reason(told.status === "expired" ? "hold-expired" : "referral-closed")];
  const today = dayOf(now);
  const { effective = today, person, need } = amendment;
  const older = fields.filter(
    (field) => field !== "need" && field !== "consents" && effective < (saidOn(field, told) ?? ""),
  );
  const yes = (amendment.consents ?? []).filter(({ decision }) => decision === "given").length;
  return [
    ...(effective > today ? [reason("effective-future", "effective")] : []),
    ...older.map((field) => reason("amendment-old", field)),
    ...(person?.birthDate === undefined ? [] : birthDateFaults(person.birthDate, now, "person.birthDate")),
    ...(need !== undefined && told.content.need !== undefined && need !== told.content.need
      ? [reason("need-stands", "need")]
      : []),
    ...(yes > 0 && told.content.consents.length + yes > MOST_CONSENTS ? [reason("too-many", "consents")] : []),
  ];
};
