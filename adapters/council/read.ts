// Reads one request for a person: everything that is wrong with it in one answer, or its content with warnings.
import { z } from "zod";
import type { Client } from "../../schemas/client.ts";
import { outsideEngland } from "../../schemas/consent.ts";
import { read } from "../../schemas/faults.ts";
import { MAX_DESCRIPTION } from "../../schemas/foreign/open311.ts";
import { NeedCode } from "../../schemas/need.ts";
import { birthDateFaults, nhsNumberFaults } from "../../schemas/plausible.ts";
import { reason, warning, type Reason } from "../../schemas/reason.ts";
import { Content } from "../../schemas/referral.ts";
import { text } from "../../schemas/text.ts";
import { nameOf, readAttributes, type Answers } from "./attributes.ts";
import type { Form } from "./form.ts";
import { readHome } from "./location.ts";
import { consentsOf, factsOf, flagsOf, personOf, referrerOf } from "./map.ts";
import { monitoringOf } from "./monitoring.ts";
import type { Arrival } from "../../src/ports/steps.ts";

export type ReadRequest =
  | ({ ok: true; content: Content; answers: Answers; warnings: Reason[] } & Pick<Arrival, "monitoring">)
  | { ok: false; reasons: Reason[] };

const one = <T extends z.ZodType>(item: T) => z.array(item).max(1).optional();

/** The parameters that GeoReport itself names. */
const Standard = z.object({
  service_code: one(text(64)),
  first_name: z.array(text(80)).max(8).optional(),
  last_name: one(text(80)),
  phone: z.array(text(40)).max(6).optional(),
  email: one(z.email().max(254)),
  description: one(text(MAX_DESCRIPTION)),
  address_string: one(z.string().max(500)),
  address_id: one(z.string().max(40)),
  lat: one(z.string().max(30)),
  long: one(z.string().max(30)),
});

/** Known, allowed, and nothing that we use. */
const SILENT = new Set(["api_key", "jurisdiction_id", "device_id", "deviceid", "account_id"]);

const strangers = (form: Form): Reason[] =>
  [...form.keys()]
    .filter((name) => !(name in Standard.shape) && !SILENT.has(name) && !name.startsWith("attribute["))
    .map((name) => warning("field-ignored", name.slice(0, 100)));

/** A path of one value is the parameter's own name: forms know no lists of one. */
const standardFaults = (form: Form): Reason[] => {
  const parsed = read(Standard, Object.fromEntries([...form].filter(([name]) => name in Standard.shape)));
  return parsed.ok ? [] : parsed.reasons.map(({ code, path }) => reason(code, path?.replace(/\[\d+\]$/, "")));
};

const detailOf = (form: Form, answers: Answers): string | undefined => {
  const said = [form.get("description")?.[0], answers.one("detail")].filter((words) => words !== undefined);
  return said.length === 0 ? undefined : said.join("\n\n");
};

const acrossFaults = (form: Form, answers: Answers, client: Client, now: Date): Reason[] => {
  const birthDate = answers.one("birth_date");
  const nhsNumber = answers.one("nhs_number");
  const share = answers.many("consent_share");
  const duty = answers.yes("consent_duty_to_refer") === true;
  const chosen = answers.one("chosen_authority");
  return [
    ...(form.has("service_code") ? [] : [reason("required", "service_code")]),
    ...(form.has("first_name") || form.has("last_name") ? [] : [reason("required", "last_name")]),
    ...(birthDate === undefined ? [] : birthDateFaults(birthDate, now, nameOf("birth_date"))),
    ...(nhsNumber === undefined ? [] : nhsNumberFaults(nhsNumber, client.test, nameOf("nhs_number"))),
    ...(share.includes("nobody") && share.length > 1 ? [reason("invariant", nameOf("consent_share"))] : []),
    // Homelessness Code of Guidance, chapter 4: the person chooses the authority, and it is an English one.
    ...(duty && !form.has(nameOf("chosen_authority")) ? [reason("required", nameOf("chosen_authority"))] : []),
    ...(duty && outsideEngland(chosen) ? [reason("authority-not-england", nameOf("chosen_authority"))] : []),
    ...((detailOf(form, answers)?.length ?? 0) > MAX_DESCRIPTION && answers.one("detail") !== undefined
      ? [reason("too-long", nameOf("detail"))]
      : []),
  ];
};

export const readRequest = (form: Form, client: Client, now: Date): ReadRequest => {
  const sent = form.get("service_code")?.[0];
  const need = NeedCode.safeParse(sent);
  if (sent !== undefined && !need.success) return { ok: false, reasons: [reason("not-found", "service_code")] };

  const { answers, faults } = readAttributes(form);
  const { home, faults: homeFaults } = readHome(form, answers);
  const found = [
    ...standardFaults(form),
    ...acrossFaults(form, answers, client, now),
    ...faults,
    ...homeFaults,
    ...strangers(form),
  ];
  const wrong = found.filter((fault) => fault.severity === "error");
  if (wrong.length > 0) {
    // A typing error elsewhere must not keep the right route from whoever reports an emergency.
    const urgent = answers.one("safeguarding") === "emergency";
    return { ok: false, reasons: urgent ? [reason("emergency-route", nameOf("safeguarding")), ...wrong] : wrong };
  }

  const content = read(Content, {
    need: need.data,
    needAsSent: { code: sent },
    alsoNeeds: answers.many("also_needs").length === 0 ? undefined : answers.many("also_needs"),
    detail: detailOf(form, answers),
    urgency: "routine",
    person: personOf(form, answers, home),
    facts: factsOf(answers),
    flags: flagsOf(answers),
    consents: consentsOf(answers),
    participation: "voluntary",
    choice: answers.one("chosen_authority") && { authority: answers.one("chosen_authority") },
    referrer: referrerOf(answers, client),
  });
  const monitoring = monitoringOf(answers);
  if (!content.ok) return content;
  if (!monitoring.ok) return monitoring;
  return { ok: true, content: content.value, monitoring: monitoring.value, answers, warnings: found };
};
