// What the person reads who is asked for their own yes. Version of these words: WORDING in core/asking.ts.
import type { RecipientClass } from "../../../schemas/consent.ts";
import type { DisclosureField } from "../../../schemas/disclosure.ts";

export const WHO_ARE_YOU = {
  title: "Show that it is you",
  words: "A question for you is behind this page. We show it to no one else. So please tell us when you were born.",
  born: "When were you born?",
  hint: "Such as 27 3 1984",
  button: "Go on",
  noDay: "Write a day that can be, such as 27 3 1984",
  /** For all that may be wrong: nobody learns from it which. */
  no: "This did not work. See if the day is right. If it is, the link may be too old, or it was used. Ask the one who sent you to us for a new link",
} as const;

export const QUESTION = {
  title: "Your choice",
  free: "You can say yes or no. It is up to you. If you say yes now, you can still say no later. Just tell the person who sent you to us.",
  part: "To take part",
  takePart: "Do you want to take part?",
  yes: "Yes",
  no: "No",
  button: "Send my answer",
  unsaid: "Choose yes or no",
  sees: "They would see:",
  /** Goes with the person, whoever helps. */
  always: "how to reach and talk with you, and what keeps you and others safe",
} as const;

export const DONE = {
  title: "Thank you",
  yes: "We have your answer. The one who sent you to us will hear what comes next.",
  close: "You can close this page.",
} as const;

export const OVER = {
  answered: { title: "You gave your answer", words: "We have it. You can close this page." },
  replaced: { title: "There is a newer link", words: "We sent you a newer link. Please use that one." },
  ended: { title: "This link is too old", words: "Ask the one who sent you to us for a new link." },
  closed: { title: "There is no more to do", words: "No one waits for your answer now. You can close this page." },
  gone: { title: "You were away for a while", words: "To keep you safe we shut the page. Open the link once more." },
} as const;

const A_BODY: Record<RecipientClass, string> = {
  nhs: "is part of the NHS",
  council: "is a council",
  charity: "is a charity",
  company: "is a company",
  jobcentre: "is a Jobcentre",
  employer: "may give you work",
};

export const whoRefers = (referrer: string | undefined, need: string | undefined): string =>
  `${referrer ?? "Someone who helps you"} sent you to us${need === undefined ? "" : ` for ${need}`}. To go on, we need to hear from you.`;

export const mayWeShare = (name: string): string => `May we share what you told us with ${name}?`;

export const whoIsIt = (name: string, body: RecipientClass, programme: string): string =>
  `${name} ${A_BODY[body]}. They could help you through ${programme}.`;

export const partOf = (programme: string): string => `This is for ${programme}.`;

/** What stands behind each field, as people call it. */
export const FIELD: Record<DisclosureField, string> = {
  name: "your name",
  "birth-date": "when you were born",
  address: "where you live",
  phones: "your phone number",
  email: "your e-mail",
  representative: "who speaks for you",
  detail: "why you need help",
  referrer: "who sent you",
  "nhs-number": "your NHS number",
  nino: "your NI number",
  sex: "your sex",
  practice: "where your GP is",
  employment: "if you work",
  benefit: "what money you get from the state",
  health: "your health",
  groups: "what else you told us of your life",
  "right-to-work": "if you may work here",
  programmes: "what help you had before",
  work: "what work you want",
};
