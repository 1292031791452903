// What stays behind although the programme would give it: kinds of data that the person left out.
import { DataClass } from "../../schemas/consent.ts";
import type { DisclosureField } from "../../schemas/disclosure.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Content } from "../../schemas/referral.ts";
import { hidesContact, leavesOut, type Recipient } from "./consent.ts";
import { fieldsFor } from "./disclose.ts";

/** Which fields each kind of data stands for. Free words may speak of health, so they go only where health may. */
const FIELDS: Record<DataClass, readonly DisclosureField[]> = {
  identity: ["name", "birth-date", "nhs-number", "nino", "sex", "practice"],
  contact: ["address", "phones", "email", "representative"],
  health: ["health", "detail"],
  benefit: ["benefit"],
  work: ["employment", "right-to-work", "programmes", "work"],
  groups: ["groups"],
};

/** The kinds of data that these fields are of. Who the person is, is always among them. */
export const kindsOf = (fields: readonly DisclosureField[]): DataClass[] =>
  DataClass.options.filter((kind) => kind === "identity" || FIELDS[kind].some((field) => fields.includes(field)));

/** For which purpose a programme shares with a kind of body: that of the consent which it asks for. */
const purposeOf = ({ consents }: Pick<Programme, "consents">, to: Recipient) =>
  consents.find((rule) => rule.kind === "share" && (rule.of === undefined || rule.of.includes(to.class)))?.purpose ??
  "referral";

/** Fields that a programme gives to this body, without what the person left out. */
export const fieldsOpenTo = (
  programme: Pick<Programme, "consents" | "disclosures">,
  to: Recipient,
  { consents, need }: Pick<Content, "consents" | "need">,
  now: Date,
): DisclosureField[] => {
  const kinds = leavesOut(consents, to, purposeOf(programme, to), now);
  if (need === "homelessness" && hidesContact(consents, now)) kinds.push("contact");
  const out = new Set(kinds.flatMap((kind) => FIELDS[kind]));
  const purposes = (["referral", "duty-to-refer"] as const).filter(
    (purpose) => purpose === "referral" || programme.consents.some(({ kind }) => kind === purpose),
  );
  return fieldsFor(programme.disclosures, to.class, purposes).filter((field) => !out.has(field));
};
