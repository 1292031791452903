// Why an attempt to reach a receiver did not end in delivery: one table of codes, in words for whoever is on call.

/** `passing`: the whole schedule. `lasting`: a few tries, then a person. `final`: a person at once. */
export type Fault = "passing" | "lasting" | "final";
type Row = { fault: Fault; words: string };

const passing = (words: string): Row => ({ fault: "passing", words });
const lasting = (words: string): Row => ({ fault: "lasting", words });
const final = (words: string): Row => ({ fault: "final", words });

export const CAUSES = {
  // The way there
  "name-not-found": passing("The name of the receiver leads to no address."),
  "connect-refused": passing("Nobody listens at the receiver's address."),
  "connect-timed-out": passing("No connection came about in time."),
  unreachable: passing("There is no way to the receiver's address."),
  "timed-out": passing("The receiver did not answer in time."),
  "connection-lost": passing("The connection broke before the answer was whole."),
  "tls-wrong-name": lasting("The receiver's certificate is for another name."),
  "tls-untrusted": lasting(
    "The receiver's certificate cannot be trusted: expired, self-signed or of an unknown issuer.",
  ),
  "address-refused": lasting("The address lies in a range that must not be reached."),
  "url-refused": final("The registered address cannot be read."),
  "userinfo-refused": final("The registered address holds a user name."),
  "scheme-refused": final("The registered address is not https."),
  "port-refused": final("The registered address has a port that must not be reached."),
  "request-unsendable": final("The request cannot be written as HTTP."),

  // The answer
  gone: final("The receiver said that it wants nothing more (410). It was switched off."),
  "asked-to-wait": passing("The receiver asked us to wait."),
  redirected: lasting("The receiver points elsewhere. We follow no redirection: register the new address."),
  "answer-too-large": lasting("The answer is larger than we read."),
  "answer-unreadable": passing("The answer cannot be read."),
  "no-echo": lasting("The receiver answered well, but without the ids that show that it took the message."),

  // Letters and MESH
  "no-channel-for-email": final("No way to send e-mail is set up here."),
  "no-channel-for-text": final("No way to send text messages is set up here."),
  "no-such-mailbox": final("There is no such e-mail address. Ask for the right one."),
  "fate-unknown": passing("Nobody could say yet whether the letter before was sent."),
  "number-not-checked": passing("Nobody has seen yet that the telephone number is the provider's own."),
  "link-not-opened": final("The letters were sent, and nobody opened the link. Ring the provider."),
  "link-seen-to": final("The link was opened, or another took its place."),
  "no-safe-contact": final("The person has no contact of this kind any more that they said is safe."),
  "nothing-to-ask": final("Nobody waits for the person's answer any more."),
  "not-a-safe-time": final("The letter did not leave at the time that was said to be safe. Ask again at such a time."),
  "no-such-letter": final("There is no letter of this kind for this way."),
  "mesh-lost-track": final("MESH knows nothing of a message that it had taken."),
  "mesh-not-there-yet": passing("MESH does not show yet whether it has the message."),
  "mesh-poll": passing("The mailbox is looked into again and again."),
  "mesh-sent-twice": final("MESH has two messages under the id of this one."),
  "mesh-lookup-unclear": final("MESH was asked whether it has the message, and gave no answer that we understand."),
  "mesh-refused": final("MESH did not take the message, and did not say why."),
  "mesh-06": final("MESH could not read the headers of the message."),
  "mesh-12": final("MESH knows no mailbox of this name."),
  "mesh-14": final("Nobody collected the message from the mailbox in five days, so MESH gave it back."),
  "mesh-17": final("The mailbox is not registered for this workflow. Ask the MESH service desk."),

  // FHIR servers of others
  "no-token-address": lasting("Nobody says where tokens of the receiver's server are had. Register the address."),
  "token-refused": lasting("The receiver's server gives us no token."),
  "token-unreadable": passing("What came instead of a token cannot be read."),
  "task-missing": lasting("The receiver's server has the task no more."),
  "several-tasks": final("The receiver's server has more than one task for this. Nobody knows which one counts."),
  "clock-runs": passing("Its time has not come yet."),
  "clock-ran-out": final("A clock ran out, and nobody who could be told is on record. See to it."),
  "no-words-there": final("Reminders cannot be sent this way. The service sees them in its queue."),
  "answered-since": final("It was answered before anybody had to be told."),
  watching: passing("The task is looked at again and again until it ends."),

  // What was cut off
  interrupted: final("A send was cut off, and nobody knows whether it arrived."),
  "worker-died": passing("The process that worked on it died."),
  broke: passing("Something went wrong on our side."),
  stopped: passing("The process stopped while it worked on it."),
  overtaken: passing("Something else was written of the referral in the same moment."),
  "queue-down": passing("The queue did not answer."),
  "breaker-open": passing("The receiver failed too often and is left alone for a moment."),

  // Stopped for a while
  paused: passing("An operator has paused this."),
  quarantine: passing("The store is in quarantine: nothing leaves before `waymark reconcile`."),
  "programme-paused": passing("An operator has paused the programme that would take it."),

  // Switched off, passed over, nowhere to go
  "no-address": final("No address is registered."),
  revoked: final("The client was revoked."),
  silenced: final("The client was switched off after it answered 410."),
  "no-client": passing("No client of this organisation is in force."),
  "no-transport": final("The way in which this client is reached is not set up here."),
  "no-form": final("There is no form of this news for this kind of client."),
  "provider-pulls": final("The service fetches it from its queue."),
  "provider-comes": final("The service comes to us with its answers, and finds here what became of its offers."),
  "offer-closed": final("The offer was answered or taken back before it was sent."),
  "not-allowed-now": final("Consent or eligibility no longer held, so it was not sent."),
  erased: final("The person was erased."),
  "no-question": final("The question was answered, or there is nobody left to ask it about."),
  "recall-answered": final("The service has answered what it was asked."),
  "never-sent": final("Nothing of it had left us, so there was nothing to take back."),
  "send-under-way": passing("An earlier message to the same service was still on its way."),
  "told-before": final("It was delivered before."),
} as const satisfies Record<string, Row>;

/** What the other end itself says has a code of its own: `answered-503` by HTTP, `smtp-451`, `mesh-14`. */
export type Cause = keyof typeof CAUSES | `answered-${number}` | `smtp-${number}` | `mesh-${string}`;

/** As the row of a person's task keeps it: the cause, and before it why nothing is tried any more. */
export type LastCause = Cause | `exhausted: ${string}` | `unknown: ${string}`;

const isKnown = (cause: string): cause is keyof typeof CAUSES => Object.hasOwn(CAUSES, cause);

/** Statuses of 400 and above that another try may well cure (RFC 9110, RFC 6585). */
const PATIENT = new Set([408, 421, 423, 425, 429]);

export const faultOf = (cause: Cause): Fault => {
  if (isKnown(cause)) return CAUSES[cause].fault;
  // SMTP says with 5xx that it is for good; what is not about the letter comes here, and is ours to mend meanwhile.
  const status = Number(/^answered-(\d+)$/.exec(cause)?.[1]);
  return status >= 400 && status < 500 && !PATIENT.has(status) ? "lasting" : "passing";
};

const BEFORE: Record<string, string> = {
  exhausted: "All attempts were used up.",
  unknown: "It may have arrived, and must not be sent twice: ask the receiver.",
};

const SAID: Record<string, string> = {
  answered: "The receiver answered with status",
  smtp: "The mail server answered with",
  mesh: "MESH answered with",
};

export const wordsOf = (stored: string): string => {
  const [first = "", second] = stored.split(": ");
  if (second !== undefined) return `${BEFORE[first] ?? ""} ${wordsOf(second)}`.trim();
  if (isKnown(first)) return CAUSES[first].words;
  const [, by = "", code] = /^(answered|smtp|mesh)-(.+)$/.exec(first) ?? [];
  return code === undefined ? first : `${SAID[by]} ${code}.`;
};
