// Letters as the settings have them: by GOV.UK Notify, by SMTP, by both, or not at all.
import { createLetters } from "../adapters/letters/index.ts";
import { createNotify } from "../adapters/letters/notify.ts";
import { createSmtp } from "../adapters/letters/smtp.ts";
import type { Outbound } from "../adapters/outbound/client.ts";
import type { Config } from "../schemas/config.ts";
import type { Letters } from "./ports/outward.ts";
import type { Clock } from "./ports/system.ts";

/** Notify before SMTP where both are set up: it can be asked what became of a letter. */
export const composeLetters = (config: Config, clock: Clock, outbound: Outbound): Letters => {
  const { SMTP_URL, SMTP_TEXT_DOMAIN, LETTERS_FROM, NOTIFY_API_KEY, NOTIFY_URL } = config;
  const templates = {
    ...(config.NOTIFY_EMAIL_TEMPLATE === undefined ? {} : { email: config.NOTIFY_EMAIL_TEMPLATE }),
    ...(config.NOTIFY_TEXT_TEMPLATE === undefined ? {} : { text: config.NOTIFY_TEXT_TEMPLATE }),
  };
  return createLetters([
    ...(NOTIFY_API_KEY === undefined
      ? []
      : [createNotify({ apiKey: NOTIFY_API_KEY, url: NOTIFY_URL, templates, outbound, clock })]),
    ...(SMTP_URL === undefined || LETTERS_FROM === undefined
      ? []
      : [createSmtp({ url: SMTP_URL, from: LETTERS_FROM, textDomain: SMTP_TEXT_DOMAIN })]),
  ]);
};
