// What became of a letter, from what the SMTP client says: the reply's first digit decides (RFC 5321, section 4.2.1).
import type { Cause } from "../../schemas/cause.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";

/** What nodemailer's connection puts on its errors. */
type Told = Error & { code?: string; originalCode?: string; responseCode?: number; command?: string };

const PASSING: Record<string, Cause> = {
  ECONNREFUSED: "connect-refused",
  ENOTFOUND: "name-not-found",
  EAI_AGAIN: "name-not-found",
  EDNS: "name-not-found",
  ETIMEDOUT: "timed-out",
  ETLS: "tls-untrusted",
};

/** `begun`: the server had said "go ahead", so it may have the message although no answer came. */
export const outcomeOf = (error: Error, begun: boolean): AttemptOutcome => {
  const { code = "", originalCode, responseCode, command = "" } = error as Told;
  if (responseCode !== undefined) {
    const cause = `smtp-${responseCode}` as const;
    // Greeting, encryption, password and sender are ours to mend: they say nothing about the letter.
    const judged = command === "RCPT TO" || command === "DATA";
    if (responseCode >= 500 && judged) return { kind: "refused", cause, status: responseCode };
    return { kind: "unavailable", cause, status: responseCode };
  }
  const late = code === "" ? "timed-out" : undefined;
  const cause = late ?? PASSING[originalCode ?? ""] ?? PASSING[code] ?? "connection-lost";
  return begun ? { kind: "unknown", cause } : { kind: "unavailable", cause };
};
