// The wall between a person's permissions and health and the benefit system: what a Jobcentre may read of what we write.
import type { Reason } from "../../schemas/reason.ts";
import type { Alternative, Candidate } from "../../schemas/receipt.ts";

/** Words that must never reach a Jobcentre in anything that we write. */
export const PRIVATE_WORDS = /consent|health|condition|disab|medical|illness|clinic|patient|surgery/i;

export const isClean = (value: unknown): boolean => !PRIVATE_WORDS.test(JSON.stringify(value));

/**
 * Dropped by something that is nobody's secret. Whoever fits, and whoever waits for a permission only, is not among
 * them: one could be told from the other. So is every programme that asks about health anywhere, whatever dropped it.
 */
export const inTheOpen = ({
  health,
  kept,
  clause,
  words,
  programme,
  service = "",
  provider = "",
}: Candidate): boolean =>
  health !== true &&
  !kept &&
  !clause.startsWith("consent:") &&
  !PRIVATE_WORDS.test(`${programme} ${service} ${provider} ${clause} ${words}`);

export const openAlternative = ({ health, ...shown }: Alternative): boolean =>
  health !== true && shown.kind !== "consent" && isClean(shown);

const PERMISSION = /^(consent-|take-part-)/;
const HEALTH_FACT = /^facts\.(longTermCondition|disability)$/;

/**
 * Missing, refused, withdrawn and expired permissions all read alike: something is needed, under `permission`. A fact of
 * health is asked for without its name. So nothing here can become evidence against the person.
 */
const behindWall = ({ code, path, severity }: Reason): Reason => {
  if (PERMISSION.test(code)) return { code: "fact-unknown", path: "permission", severity };
  const hidden = path === undefined || HEALTH_FACT.test(path) || PRIVATE_WORDS.test(path);
  return { code, severity, ...(hidden ? {} : { path }) };
};

/** The reasons as a Jobcentre may read them, each once. */
export const forJobcentre = (reasons: readonly Reason[]): Reason[] => {
  const seen = new Map<string, Reason>();
  for (const one of reasons.map(behindWall)) seen.set(`${one.code} ${one.path ?? ""}`, one);
  return [...seen.values()];
};
