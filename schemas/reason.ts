// The one table of reasons. A code is stable; its words are plain, say what to do, and never hold anything about a person.
import { z } from "zod";

type Row = {
  words: string;
  /** FHIR R4 issue-type, for OperationOutcome. */
  issue: string;
  /** HTTP status when the reason alone refuses a request. */
  status: number;
};

const row = (words: string, issue: string, status: number): Row => ({ words, issue, status });

export const REASONS = {
  // What is wrong with a request
  "not-json": row("The body is not JSON that can be read.", "structure", 400),
  "not-xml": row("The body is not XML that can be read.", "structure", 400),
  "not-utf8": row("The body is not UTF-8 text.", "structure", 400),
  "wrong-media-type": row("This address does not take that content type.", "not-supported", 415),
  "not-acceptable": row("No form of answer that you accept can be given here.", "not-supported", 406),
  "too-large": row("The body is larger than the limit for this address.", "too-long", 413),
  "too-deep": row("The body is nested more deeply than 64 levels.", "too-costly", 400),
  "too-many": row("There are more items here than the limit.", "too-costly", 400),
  "header-missing": row("A header that this address needs is missing.", "required", 400),
  "header-invalid": row("A header does not have the form that this address needs.", "invalid", 400),
  required: row("A value is needed here.", "required", 400),
  unknown: row("This field is not one that we know. Check its name.", "structure", 400),
  invalid: row("This value does not have the form that is needed here.", "value", 400),
  "wrong-type": row("This value is of the wrong type.", "structure", 400),
  "too-long": row("This value is longer than the limit.", "too-long", 400),
  "not-one-of": row("This value is not one of those allowed here.", "code-invalid", 400),
  "date-impossible": row("This is not a date that exists.", "value", 400),
  "birth-date-future": row("The birth date lies in the future.", "value", 400),
  "birth-date-too-old": row("The birth date lies more than 125 years back.", "value", 400),
  "nhs-number-malformed": row("An NHS number has ten digits.", "value", 400),
  "nhs-number-check": row("The NHS number fails its check digit. Look for a typing error.", "value", 400),
  "nino-malformed": row("This does not have the form of a National Insurance number.", "value", 400),
  "postcode-malformed": row("This does not have the form of a postcode.", "value", 400),
  invariant: row("These values do not agree.", "invariant", 400),
  "reference-unresolved": row("This refers to something that the message does not hold.", "invariant", 400),
  "not-supported": row("This is not something that we take here.", "not-supported", 422),
  "no-changes-here": row(
    "A referral cannot be changed or cancelled by message here. Ring the service.",
    "not-supported",
    422,
  ),
  "business-rule": row("A rule of this service refuses this.", "business-rule", 422),
  "key-reused": row("The same key came before with another body. Use a new key for a new request.", "conflict", 409),
  duplicate: row("This message came before and was taken. Do not send it again.", "duplicate", 409),
  "person-in-address": row(
    "Search by our reference or by yours. No name or number of a person may stand in a search.",
    "not-supported",
    400,
  ),
  "version-old": row("It has changed since you read it. Read it again, then send your change.", "conflict", 412),
  conflict: row("The record has changed since you read it. Read it again.", "conflict", 409),
  "not-found": row("There is nothing here for you.", "not-found", 404),
  "lease-over": row(
    "Nothing is held under this lease: it lapsed, was given back, or all in it was answered. Take a new one.",
    "not-found",
    404,
  ),
  "method-not-allowed": row("This address does not take that method.", "not-supported", 405),
  "too-many-requests": row("Too many requests. Wait, then try again.", "throttled", 429),
  "too-busy": row("We cannot take this just now. Try again shortly.", "transient", 503),
  "door-paused": row(
    "This address is closed for a while. Nothing is wrong with what you sent. Try again later.",
    "transient",
    503,
  ),
  "lost-in-restore": row(
    "We gave this reference and lost what it stood for when we were restored. Send it again as you sent it: it gets the same reference.",
    "not-found",
    410,
  ),
  quarantined: row(
    "We were restored from a backup and are being checked. Nothing that you send is wrong. Try again later.",
    "transient",
    503,
  ),
  "we-broke": row("Something went wrong on our side. It has been recorded.", "exception", 500),
  "timed-out": row("The request took too long to arrive.", "timeout", 408),

  "referral-closed": row("This referral is closed. Send a new one.", "conflict", 409),
  "amendment-old": row("A newer change of this came before. Send what holds now.", "conflict", 409),
  "effective-future": row("This date lies ahead. Send it when it holds.", "business-rule", 422),
  "need-stands": row("The need stands. For another need send a new referral.", "business-rule", 422),
  "consent-unread": row("We can read no yes and no no in this.", "business-rule", 422),
  "authority-not-england": row(
    "The duty to refer holds in England alone. Ring the housing team of that council.",
    "business-rule",
    422,
  ),
  "nothing-to-ask": row("It does not wait for a consent that the person could give.", "conflict", 409),
  "no-safe-contact": row(
    "We have no contact of this kind that the person said is safe. Ask the person yourself.",
    "business-rule",
    422,
  ),
  "notes-unread": row(
    "The person said when it is safe to write. Read that, and send this with notesRead when it is.",
    "business-rule",
    422,
  ),
  "other-person": row("This speaks of some other person.", "business-rule", 422),

  // Who may come in
  "login-required": row("Send a bearer token. Get one from /oauth2/token.", "login", 401),
  "token-invalid": row("The token is not one of ours.", "security", 401),
  "token-expired": row("The token has expired. Get a new one from /oauth2/token.", "expired", 401),
  forbidden: row("Your client has no permission for this.", "forbidden", 403),
  "sender-not-you": row("The message names a sender that is not you.", "forbidden", 403),
  "api-key-required": row("Send your api_key.", "login", 403),
  "api-key-invalid": row("The api_key is not one of ours.", "security", 403),

  // Why a referral waits, in words for the referrer
  "emergency-route": row(
    "This is an emergency, so it was not queued. If life is at risk call 999. Else ring the council's safeguarding team now.",
    "business-rule",
    422,
  ),
  "consent-missing": row(
    "We have no consent to share with this kind of provider. Ask the person, then send it.",
    "business-rule",
    422,
  ),
  "consent-refused": row("The person said no to sharing with this provider.", "business-rule", 422),
  "consent-withdrawn": row("The person took back their consent.", "business-rule", 422),
  "consent-expired": row("The consent has run out. Ask the person again.", "business-rule", 422),
  "take-part-missing": row("The person has not said that they want to take part.", "business-rule", 422),
  "need-unknown": row(
    "We do not know the code that was sent for the need. Send one that we know.",
    "business-rule",
    422,
  ),
  "hold-expired": row("We waited for an answer, and the time is over. Send it again.", "business-rule", 422),
  "area-unknown": row("We do not know where the person lives. Send their council's code.", "business-rule", 422),
  "fact-unknown": row("A rule needs this fact. Send it.", "business-rule", 422),
  "out-of-band": row("This case must not travel by this route. A person will ring you.", "business-rule", 422),
  branched: row("A further need of the same person is now a referral of its own.", "informational", 200),
  proposed: row("Another kind of help may fit too. Ask the person, then say yes or no.", "informational", 200),
  "start-waits": row("The start must wait until this other need is met.", "business-rule", 422),
  "no-proposal": row("Nothing of this kind was proposed, or it was answered before.", "conflict", 409),
  "not-overridable": row("This rule cannot be set aside.", "business-rule", 422),
  "vacancy-closed": row("This vacancy is closed or not one of this programme.", "business-rule", 422),
  recommended: row("Your word goes on as advice. Those who may refer to this programme decide.", "business-rule", 422),
  "not-eligible": row("No local service can take this person as things stand.", "business-rule", 422),
  "no-service": row("No local service offers this help here.", "business-rule", 422),
  "no-place": row("Each service that fits is full.", "business-rule", 422),
  "no-course": row(
    "No course of this service can be joined now. The receipt says when the next one opens.",
    "business-rule",
    422,
  ),
  "choice-needed": row("Several services fit. Ask the person which one they want, then send it.", "business-rule", 422),
  "all-declined": row("Each service that fits has said no.", "business-rule", 422),

  // Why a provider says no, or an offer ends
  full: row("The service is full.", "business-rule", 422),
  "provider-not-eligible": row("The service says that its own rules exclude this.", "business-rule", 422),
  "out-of-area": row("The service does not cover this place.", "business-rule", 422),
  "already-known": row("The service helps this person now.", "business-rule", 422),
  "cannot-contact": row("The person could not be reached.", "business-rule", 422),
  "person-declined": row("The person does not want this.", "business-rule", 422),
  other: row("Some other reason, told in the text.", "business-rule", 422),
  "not-in-time": row("The service did not answer in time.", "business-rule", 422),
  "caseload-moved": row("Another service goes on with this.", "business-rule", 422),
  "not-a-partner": row("This is no partner under your contract.", "business-rule", 422),
  "not-your-turn": row("This step does not follow from where the offer stands.", "conflict", 409),
  "contract-over": row("The contract of this offer has ended or no longer holds this service.", "business-rule", 422),
  "date-past": row("This day has passed. Give one that is to come, or none.", "business-rule", 422),
  "not-yet": row("This day has not come yet. Send it on the day.", "business-rule", 422),
  "offer-closed": row("This offer is closed.", "conflict", 409),
  "offer-recalled": row(
    "This offer was taken back, and opens nothing. Delete what you have of it and tell us so.",
    "conflict",
    410,
  ),
  "outcome-after-withdrawal": row("This was taken back. Nothing more is taken of it.", "conflict", 410),
  "help-not-begun": row("Help has not begun. Send the start first.", "conflict", 409),
  "before-offer": row("This day lies before you were asked.", "business-rule", 422),
  "hold-too-long": row(
    "A rest is told for half a year at most. Name an earlier day, and say so again then.",
    "business-rule",
    422,
  ),
  "before-start": row("This day lies before the help began.", "business-rule", 422),
  "no-job": row("There is no job that this could be about.", "conflict", 409),
  "checkpoint-answered": row("This week was answered, and not with could-not-contact.", "conflict", 409),
  "earnings-shrink": row("Earnings in all never shrink from one day to a later one.", "business-rule", 422),
  "no-outcome": row("The programme has no milestone of this name.", "business-rule", 422),
  "job-started": row("The person began a job.", "informational", 200),
  "outcome-reached": row("An outcome of the programme was reached.", "informational", 200),
  "no-recall": row("Nobody asked for what you hold of this offer.", "conflict", 409),
  "kept-past": row("This day is over. Delete it, or name a day that lies ahead.", "business-rule", 422),
  "kept-too-long": row("Nothing may be kept for more than 30 years.", "business-rule", 422),
  completed: row("The help was given.", "informational", 200),
  "left-early": row("The person left before the end.", "informational", 200),
  "found-work": row("The person found work.", "informational", 200),
  "moved-away": row("The person moved away.", "informational", 200),
  "needs-met": row("The need is met elsewhere.", "informational", 200),
  "sent-in-error": row("It was sent by mistake.", "informational", 200),
  "person-died": row("The person has died.", "informational", 200),

  // What does not stop anything, yet should be known
  "nhs-number-check-test": row("The NHS number fails its check digit. Test clients may do this.", "value", 200),
  "postcode-unknown": row("We do not know this postcode yet. The council's code would help.", "incomplete", 200),
  "field-ignored": row("This field was kept with the message and not used.", "informational", 200),
} as const satisfies Record<string, Row>;

export type ReasonCode = keyof typeof REASONS;
export const ReasonCode = z.enum(Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]]);

/** A reason with the place it speaks of: a path into the message, or the name of a fact. */
export const Reason = z.object({
  code: ReasonCode,
  path: z.string().max(300).optional(),
  severity: z.enum(["error", "warning", "information"]).default("error"),
});
export type Reason = z.infer<typeof Reason>;

export const reason = (code: ReasonCode, path?: string): Reason => ({
  code,
  severity: "error",
  ...(path === undefined ? {} : { path }),
});
export const note = (code: ReasonCode, path?: string): Reason => ({ ...reason(code, path), severity: "information" });
export const warning = (code: ReasonCode, path?: string): Reason => ({ ...reason(code, path), severity: "warning" });

/** Why a provider may decline (a coded reason is always given; `other` wants text). */
export const DeclineReason = z.enum([
  "full",
  "provider-not-eligible",
  "out-of-area",
  "already-known",
  "cannot-contact",
  "person-declined",
  "other",
]);
export type DeclineReason = z.infer<typeof DeclineReason>;

export const EndReason = z.enum(["completed", "left-early", "found-work", "moved-away", "cannot-contact", "other"]);
export type EndReason = z.infer<typeof EndReason>;
