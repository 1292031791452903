// The person's own yes: what may be asked of them, by which contact, how long a link lives, and what their answer becomes.
import type { AskStanding, ConsentAsk, ConsentRequest } from "../../schemas/asking.ts";
import type { Consent, DataClass } from "../../schemas/consent.ts";
import { EmailAddress, type LetterTo, type LetterWay, MobileNumber } from "../../schemas/letter.ts";
import type { ProviderOrganisation } from "../../schemas/provider.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Content, Status } from "../../schemas/referral.ts";
import { broughtBy } from "./brought.ts";
import { permits } from "./consent.ts";
import { runs } from "./contracts.ts";
import { type Deciding, programmesFor, situationOf } from "./decide.ts";
import { matchProgramme } from "./match.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A date of birth has some thirty thousand values: three guesses for a link, which only a safe contact has. */
export const ASKING = { days: 7, tries: 3, mostADay: 3, most: 6, visitMinutes: 30, againMinutes: 10 } as const;

/** More questions than this nobody reads; who is left out is asked about in another letter. */
const MOST_ORGANISATIONS = 5;

export const askEnds = (now: Date): Date => new Date(now.getTime() + ASKING.days * DAY);
export const askVisitEnds = (now: Date): Date => new Date(now.getTime() + ASKING.visitMinutes * MINUTE);

/** Whether one went out by this way a moment ago: then whoever asks again missed our answer. */
export const askedJustNow = (
  requests: readonly ConsentRequest[],
  by: LetterWay,
  now: Date,
): ConsentRequest | undefined =>
  requests.find(
    (one) =>
      one.by === by &&
      one.replacedAt === undefined &&
      now.getTime() - one.madeAt.getTime() < ASKING.againMinutes * MINUTE,
  );

export const mayAskOnceMore = (requests: readonly Pick<ConsentRequest, "madeAt">[], now: Date): boolean =>
  requests.length < ASKING.most &&
  requests.filter(({ madeAt }) => now.getTime() - madeAt.getTime() < DAY).length < ASKING.mostADay;

// ---------------------------------------------------------------- by which contact

/** As people write a mobile number of the United Kingdom; or as E.164, wherever it is. */
const mobileOf = (phones: readonly string[]): string | undefined => {
  const plain = phones.map((one) => one.replaceAll(/[\s().-]/g, ""));
  const full = plain.map((one) => one.replace(/^(?:00|\+)440?/, "+44").replace(/^0(?=7\d{9}$)/, "+44"));
  return full.find(
    (one) => MobileNumber.safeParse(one).success && (!one.startsWith("+44") || /^\+447\d{9}$/.test(one)),
  );
};

/** Only what the person said is safe. What was not said is not safe, and nobody else's address is theirs. */
export const safeWays = ({
  safeContact,
  email,
  phones,
}: Pick<Content["person"], "safeContact" | "email" | "phones">): LetterTo[] => {
  const mobile = mobileOf(phones);
  return [
    ...(safeContact.text === true && mobile !== undefined ? [{ by: "text" as const, mobile }] : []),
    ...(safeContact.email === true && EmailAddress.safeParse(email).success
      ? [{ by: "email" as const, address: email ?? "" }]
      : []),
  ];
};

// ---------------------------------------------------------------- what is asked

/** Who said no has answered, and is not asked again. */
const UNASKED: ReadonlySet<string> = new Set(["consent-missing", "consent-expired", "take-part-missing"]);

/** What of one service's consents a yes of the person would give; undefined where it would not be enough. */
const missingFor = (
  programme: Programme,
  recipients: readonly ProviderOrganisation[],
  content: Content,
  now: Date,
): ConsentAsk[] | undefined => {
  const asks: ConsentAsk[] = [];
  for (const { id, class: kind } of recipients)
    for (const rule of programme.consents) {
      const permission = permits(rule, content, { class: kind, organisation: id }, now);
      if (permission.holds) continue;
      if (!UNASKED.has(permission.reason.code)) return undefined;
      // A homelessness referral names the authority that the person chose: that is said to whoever refers.
      if (rule.kind !== "share" && rule.kind !== "take-part") return undefined;
      asks.push({
        kind: rule.kind,
        purpose: rule.purpose,
        programme: programme.programme,
        ...(rule.kind === "share" ? { recipient: id } : {}),
      });
    }
  return asks;
};

/** What each service that waits for nothing else waits for, in the order in which they are looked at. */
const waitingFor = (input: Deciding): ConsentAsk[][] => {
  const situation = situationOf(input);
  const { content, directory, day, now } = situation;
  return programmesFor(input).flatMap((programme) => {
    const { candidates } = matchProgramme(programme, situation);
    const waits = new Set(
      candidates.flatMap(({ clause, service }) => (clause.startsWith("consent:") ? (service ?? []) : [])),
    );
    return broughtBy(programme, directory, false).flatMap(({ contract, service, recipients }) => {
      const asks =
        runs(contract, day) && waits.has(service.id) ? missingFor(programme, recipients, content, now) : undefined;
      return asks === undefined ? [] : [asks];
    });
  });
};

/**
 * One yes to each organisation, and one to taking part, whichever programme asks first. A service is asked about whole or
 * not at all: where several hear of the person, one yes without the other would lift nothing.
 */
export const asksFor = (input: Deciding): ConsentAsk[] => {
  const [shares, others] = [new Map<string, ConsentAsk>(), new Map<string, ConsentAsk>()];
  for (const asks of waitingFor(input)) {
    const named = asks.flatMap((one) =>
      one.kind === "share" ? [[`${one.recipient} ${one.purpose}`, one] as const] : [],
    );
    const fresh = new Set(named.flatMap(([name]) => (shares.has(name) ? [] : [name])));
    if (shares.size > 0 && shares.size + fresh.size > MOST_ORGANISATIONS) continue;
    for (const [name, one] of named) if (!shares.has(name)) shares.set(name, one);
    for (const one of asks) if (one.kind !== "share" && !others.has(one.kind)) others.set(one.kind, one);
  }
  return [...shares.values(), ...others.values()];
};

// ---------------------------------------------------------------- the answer

type Asked = { status: Status; hold?: { why: string }; content?: unknown };

export const waitsForConsent = ({ status, hold }: Asked): boolean => status === "held" && hold?.why === "consent";

export const askStanding = (request: ConsentRequest, journey: Asked, answered: boolean, now: Date): AskStanding => {
  if (answered) return "answered";
  if (request.replacedAt !== undefined) return "replaced";
  if (now >= request.endsAt) return "ended";
  return waitsForConsent(journey) ? "open" : "closed";
};

/** Which words the person read. */
export const WORDING = "consent-page-1";

/** With the kinds of data that the person read of. Left out: all. */
type Answered = ConsentAsk & { data?: DataClass[] };

/** Each answer as a consent of its own, dated now. A yes is to what was read and to nothing that a pack adds later. */
export const consentsFrom = (asks: readonly Answered[], said: readonly boolean[], now: Date): Consent[] =>
  asks.map(({ kind, purpose, recipient, data }, at) => ({
    kind,
    decision: said[at] === true ? "given" : "refused",
    ...(said[at] === true && recipient !== undefined && data !== undefined ? { data } : {}),
    ...(recipient === undefined ? {} : { recipients: [recipient], purpose }),
    at: now.toISOString(),
    how: "electronic",
    wording: WORDING,
    language: "en",
    capacity: "own",
  }));
