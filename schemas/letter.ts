// A letter: what we write to a person by e-mail or text message. A template with a few values, none of them about anyone.
import { z } from "zod";

/** Values of each template. A reference of ours, a link, a code: nothing that says who needs what. */
export type LetterValues = {
  /** To a provider without a system: an offer waits behind the link. */
  "offer-link": { reference: string; link: string; days: number };
  /** The offer behind the link was taken back: what is held of it is to be deleted. */
  "offer-recalled": { reference: string; link: string; days: number };
  /** Something that the provider was given has changed. */
  "offer-changed": { reference: string; link: string; days: number };
  /** One question is left about an offer whose help has begun or ended. */
  "offer-question": { reference: string; link: string; days: number };
  /** The code that opens such a link. */
  "offer-code": { code: string; minutes: number };
  /** Sent once, at sign-up, to see that a number is the provider's own. */
  "number-check": { code: string; minutes: number };
  /** To the person referred: a question waits behind the link. */
  "consent-link": { link: string; days: number };
  /** To a provider without a system: time is running out. */
  "offer-word": { reference: string; wanted: string };
  /** To the contact of a contract or of its commissioner. */
  "offer-overdue": { reference: string; wanted: string };
  /** An operator sees that letters leave. */
  trial: Record<string, never>;
  /** To the person on call: codes in words. */
  alert: { subject: string; text: string };
};
export type LetterTemplate = keyof LetterValues;

/** `id` is the same for every attempt at one letter, so that a service that keeps it can be asked about it. */
export type Letter = {
  [T in LetterTemplate]: { id: string; template: T; values: LetterValues[T] };
}[LetterTemplate];

export const EmailAddress = z.email().max(254);
/** E.164. */
export const MobileNumber = z.string().regex(/^\+[1-9]\d{6,14}$/);

export type LetterWay = "email" | "text";
export type LetterTo = { by: "email"; address: string } | { by: "text"; mobile: string };
