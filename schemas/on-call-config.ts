// Settings for the person on call: how they are told, and what is looked at. A part of the one settings object.
import { z } from "zod";
import { EmailAddress } from "./letter.ts";
import { count } from "./setting.ts";

/** As a webhook secret is kept: 24 to 64 bytes. Two while one takes the other's place. */
const secret = z.string().refine(
  (value) => {
    const bytes = Buffer.from(value.replace(/^whsec_/, ""), "base64").length;
    return /^whsec_[A-Za-z0-9+/]+=*$/.test(value) && bytes >= 24 && bytes <= 64;
  },
  { error: "must be whsec_ and 24 to 64 bytes in base64" },
);
const several = z.string().transform((value) => value.split(",").map((one) => one.trim()));
const gigabytes = z.coerce
  .number({ error: "must be a number of gigabytes, such as 40 or 0.5" })
  .min(0.01, { error: "must be at least 0.01" })
  .max(1_000_000, { error: "must be at most 1000000" });
const web = z.url({ protocol: /^https?$/ });

export const ON_CALL = {
  /** Where alerts are posted, signed. Tried before e-mail. */
  ALERT_WEBHOOK_URL: web.optional(),
  ALERT_WEBHOOK_SECRET: several.pipe(z.array(secret).max(2)).default([]),
  ALERT_EMAIL_TO: several.pipe(z.array(EmailAddress).max(10)).default([]),
  /** A mail server other than that of the letters, so that its failure can be told. */
  ALERT_SMTP_URL: z.url({ protocol: /^(smtps?|smtp\+starttls)$/ }).optional(),
  /** Asked every minute while this process is well: it is the silence that alarms. */
  ALERT_HEARTBEAT_URL: web.optional(),
  ALERT_HEARTBEAT_SECONDS: count(1, 3_600).default(60),
  /** How long a destination may fail before somebody is told. */
  ALERT_AFTER_SECONDS: count(1, 86_400).default(120),
  /** How long until people hear of the same thing again. */
  ALERT_REPEAT_MINUTES: count(15, 10_080).default(240),
  /** Time between two looks; what nobody has seen for four of them is over. */
  ALERT_LOOK_SECONDS: count(1, 60).default(10),
  /** Size of the database above which somebody is told; its disk is not ours to see. */
  ALERT_STORE_GB: gigabytes.optional(),
  /** Time between two canaries; 0 sends none. */
  CANARY_SECONDS: count(0, 3_600).default(60),
};
