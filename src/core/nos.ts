// The "no" of a person as the journal keeps it: what must not be shared with whom, without who took it down and where it is kept.
import type { Consent } from "../../schemas/consent.ts";
import type { KeptNo } from "../../schemas/journal.ts";

/** Exceptions are left out, for they only allow: a "no" that is told again may be wider than it was, and never narrower. */
export const nosOf = (consents: readonly Consent[]): KeptNo[] =>
  consents.flatMap(({ kind, decision, recipientClasses, recipients, purpose, data, at }) =>
    decision === "given" ? [] : [{ kind, decision, recipientClasses, recipients, purpose, data, at }],
  );
