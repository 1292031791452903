// The words of every letter, in plain English. `((name))` stands for a value. A text message is one or two parts of 160 letters.
import type { Letter, LetterTemplate, LetterWay } from "../../schemas/letter.ts";

type Form = { subject: string; body: string };

const WORDS: Record<LetterTemplate, Partial<Record<LetterWay, Form>>> = {
  "offer-link": {
    email: {
      subject: "A new referral waits for you: ((reference))",
      body: [
        "A new referral waits for your answer. Its reference is ((reference)).",
        "Open this link to see it:",
        "((link))",
        "We will then send a code to your mobile phone. You need both to get in.",
        "The link works once, and for ((days)) days. If it has run out, open it all the same: you can ask there for a new one.",
        "This message says nothing about the person. Please do not answer it: nobody reads what comes back.",
      ].join("\n\n"),
    },
  },
  "offer-recalled": {
    email: {
      subject: "A referral was taken back: ((reference))",
      body: [
        "The referral ((reference)) was taken back. Please do not contact the person, and delete what you have of it.",
        "Then open this link and tell us that you have. If you must keep something by law, say there why and until when:",
        "((link))",
        "We will send a code to your mobile phone. You need both to get in.",
        "The link works once, and for ((days)) days. We will write again until you have answered.",
        "Please do not answer this message: nobody reads what comes back.",
      ].join("\n\n"),
    },
  },
  "offer-changed": {
    email: {
      subject: "Something has changed: ((reference))",
      body: [
        "Something that you were given about the referral ((reference)) has changed.",
        "Open this link to see it:",
        "((link))",
        "We will then send a code to your mobile phone. You need both to get in.",
        "The link works once, and for ((days)) days. This message says nothing about the person. Please do not answer it.",
      ].join("\n\n"),
    },
  },
  "offer-question": {
    email: {
      subject: "One question about referral ((reference))",
      body: [
        "We have one question about the referral ((reference)). It takes a minute to answer.",
        "Open this link to see it:",
        "((link))",
        "We will then send a code to your mobile phone. You need both to get in.",
        "The link works once, and for ((days)) days. If it has run out, open it all the same: you can ask there for a new one.",
        "This message says nothing about the person. Please do not answer it: nobody reads what comes back.",
      ].join("\n\n"),
    },
  },
  "offer-code": {
    text: {
      subject: "Your code",
      body: "((code)) is your code to open the referral. It works for ((minutes)) minutes. If you did not ask for it, do nothing and tell nobody.",
    },
  },
  "offer-word": {
    email: {
      subject: "Please look at referral ((reference))",
      body: [
        "Referral ((reference)) waits for you: ((wanted)).",
        "Open the link in the letter that came with it. If the link has run out, open it all the same: you can ask there for a new one.",
        "This message says nothing about the person. Please do not answer it: nobody reads what comes back.",
      ].join("\n\n"),
    },
  },
  "offer-overdue": {
    email: {
      subject: "Referral ((reference)) is overdue",
      body: [
        "A service under your contract is late with referral ((reference)): ((wanted)).",
        "Please see to it with the service. We write again every five working days until it has moved on.",
        "This message says nothing about the person. Please do not answer it: nobody reads what comes back.",
      ].join("\n\n"),
    },
  },
  "consent-link": {
    email: {
      subject: "A question for you about your referral",
      body: [
        "Someone who helps you has asked us to find you more help. We need your answer first.",
        "Open this link to see the question:",
        "((link))",
        "We will ask for your date of birth, to be sure that it is you. You can say yes or no.",
        "The link works for ((days)) days, for one answer. If you did not expect this, you can ask the person who helps you if it is real.",
        "Please do not answer this message: nobody reads what comes back.",
      ].join("\n\n"),
    },
    text: {
      subject: "A question for you",
      body: "A question on your referral. Have your date of birth ready: ((link)) Works ((days)) days.",
    },
  },
  trial: {
    email: { subject: "A letter to try the settings", body: "Letters leave by e-mail. There is nothing to do." },
    text: { subject: "Trial", body: "Text messages leave. There is nothing to do." },
  },
  alert: { email: { subject: "Waymark: ((subject))", body: "((text))" } },
  "number-check": {
    text: {
      subject: "Your code",
      body: "((code)) is the code that shows this number is yours. Read it to the person who is signing you up. It works for ((minutes)) minutes.",
    },
  },
};

/** The letter as it goes out. Undefined: this template is not written for this way. */
export const write = ({ template, values }: Pick<Letter, "template" | "values">, by: LetterWay): Form | undefined => {
  const form = WORDS[template][by];
  const filled = new Map<string, string>(Object.entries(values).map(([name, value]) => [name, String(value)]));
  const fill = (text: string): string =>
    text.replaceAll(/\(\(([a-z]+)\)\)/g, (_, name: string) => filled.get(name) ?? "");
  return form && { subject: fill(form.subject), body: fill(form.body) };
};
