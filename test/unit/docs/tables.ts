// The tables of the documents as the program itself knows them: a document that says otherwise is wrong.
import { Config, FROM_FILE } from "../../../schemas/config.ts";
import type { EventBody } from "../../../schemas/event.ts";
import { ATTRIBUTES, type Attribute } from "../../../schemas/foreign/open311.ts";
import { HandOff, HandOffAmendment } from "../../../schemas/foreign/jobcentre.ts";
import { CAUSES } from "../../../schemas/cause.ts";
import { NEEDS } from "../../../schemas/need.ts";
import { Answer, OfferPreview, type OfferStatus } from "../../../schemas/offer.ts";
import { ClientKind, SCOPES } from "../../../schemas/client.ts";
import { PackTest } from "../../../schemas/packtest.ts";
import { ConsentRule, Programme } from "../../../schemas/programme.ts";
import { Clause, Test } from "../../../schemas/rule.ts";
import { Place } from "../../../schemas/place.ts";
import {
  DeprivationIndex,
  Directory,
  NamedArea,
  Partnership,
  ProviderOrganisation,
  Service,
} from "../../../schemas/provider.ts";
import { DeclineReason, EndReason, REASONS, type ReasonCode } from "../../../schemas/reason.ts";
import { STATUSES as COUNCIL } from "../../../adapters/council/status.ts";
import { Facts, type Content, type Door } from "../../../schemas/referral.ts";
import { nextOffer } from "../../../src/core/lifecycle.ts";
import { noticesFor } from "../../../src/core/notice.ts";
import { project } from "../../../src/core/project.ts";
import { SCHEDULE } from "../../../src/core/retry.ts";
import { whole } from "../../builders/receipt.ts";
import type { Receipt, ReceiptReader } from "../../../schemas/receipt.ts";
import { ONE_OF_EACH } from "./events.ts";
import { fieldsOf, formOf, jsonOf } from "./forms.ts";

const code = (word: string): string => `\`${word}\``;
const codes = (words: readonly string[]): string => (words.length === 0 ? "–" : words.map(code).join(", "));

export const needs = (): string[][] =>
  Object.entries(NEEDS).map(([need, { words, snomed, serviceType }]) => [
    code(need),
    words,
    codes(snomed),
    codes(serviceType),
  ]);

const READERS: readonly ReceiptReader["kind"][] = [
  "gp",
  "council",
  "jobcentre",
  "provider",
  "commissioner",
  "operator",
];

/** Which part of a receipt each reader is given, by the projection itself: a cross, or what is left of a list. */
export const receipt = (): string[][] => {
  const full = whole();
  const shown = READERS.map((kind) =>
    project(full, { kind, organisation: "sample-coaching", programmes: ["coaching"] }),
  );
  const sizeOf = (value: unknown): string =>
    Array.isArray(value) ? `${value.length}` : value === undefined ? "–" : "yes";
  return Object.keys(full)
    .filter((field) => field !== "plain" && field !== "left")
    .map((field) => [
      code(field),
      ...shown.map((one) => {
        const [seen, all] = [one[field as keyof Receipt], full[field as keyof Receipt]];
        return Array.isArray(all) ? `${sizeOf(seen ?? [])} of ${all.length}` : sizeOf(seen);
      }),
    ]);
};

export const reasons = (): string[][] =>
  Object.entries(REASONS).map(([name, { status, issue, words }]) => [code(name), String(status), issue, words]);

export const facts = (): string[][] => {
  const { properties = {} } = jsonOf(Facts);
  return Object.entries(properties).map(([name, value]) => [code(name), formOf(value as never)]);
};

export const amendment = (): string[][] => fieldsOf(jsonOf(HandOffAmendment));
export const handOff = (): string[][] => fieldsOf(jsonOf(HandOff));

const attributeForm = ({ datatype, values, shape }: Attribute): string => {
  const many = datatype === "multivaluelist" ? "any of: " : "";
  if (values !== undefined) return `${many}${codes(values.map(([key]) => key))}`;
  return shape === undefined ? "text" : formOf(jsonOf(shape));
};

export const attributes = (): string[][] =>
  ATTRIBUTES.map((one) => [
    code(one.code),
    one.required ? "yes" : "no",
    attributeForm(one),
    one.asks + (one.serverSet === true ? " (set by the server)" : ""),
  ]);

const STATUSES: readonly OfferStatus[] = ["sent", "acknowledged", "accepted", "started"];

export const answers = (): string[][] =>
  Answer.options.map((option) => {
    const verb = option.shape.verb.value;
    const from = STATUSES.filter((status) => nextOffer(status, verb) !== undefined);
    const fields = fieldsOf(jsonOf(option)).filter(([path]) => path !== "`verb`");
    const body = fields.map(([path, needed]) => (needed === "yes" ? path : `${path}?`));
    const to = nextOffer(from[0] ?? "sent", verb) ?? "";
    return [code(verb), codes(from), code(to), body.length === 0 ? "–" : body.join(", ")];
  });

const said = (names: readonly ReasonCode[]): string[][] => names.map((name) => [code(name), REASONS[name].words]);
export const declines = (): string[][] => said(DeclineReason.options);
export const ends = (): string[][] => said(EndReason.options);

export const statuses = (): string[][] =>
  Object.entries(COUNCIL).map(([ours, { status, fixMyStreet }]) => [code(ours), code(status), code(fixMyStreet)]);

export const preview = (): string[][] => fieldsOf(jsonOf(OfferPreview)).filter(([path]) => !path?.includes("."));

export const scopes = (): string[][] => ClientKind.options.map((kind) => [code(kind), codes(SCOPES[kind])]);

type Participation = Content["participation"];
const heard = (body: EventBody, door: Door, participation: Participation): string => {
  const notice = noticesFor({ body }, door, participation);
  if (notice === undefined) return "–";
  return `${code(notice.type)}${notice.reasons.length > 0 ? " and why" : ""}`;
};

export const policy = (): string[][] =>
  Object.entries(ONE_OF_EACH).map(([type, body]) => [
    code(type),
    heard(body, "gp", "voluntary"),
    heard(body, "council", "voluntary"),
    heard(body, "jobcentre", "voluntary"),
    heard(body, "jobcentre", "mandatory"),
  ]);

const UNITS = [
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;
const span = (ms: number): string => {
  const [unit, name] = UNITS.find(([size]) => ms >= size) ?? [1_000, "s"];
  return `${ms / unit} ${name}`;
};
export const waits = (): string[][] => [
  ...SCHEDULE.waits.map((wait, at) => [String(at + 2), span(wait)]),
  ["each after that", span(SCHEDULE.after)],
];

export const causes = (): string[][] =>
  Object.entries(CAUSES).map(([name, { fault, words }]) => [code(name), fault, words]);

export const predicates = (): string[][] => {
  const union = (Object.values(jsonOf(Test).$defs ?? {})[0] ?? jsonOf(Test)) as { anyOf?: object[] };
  return (union.anyOf ?? []).flatMap((one) => {
    const [entry] = Object.entries((one as { properties?: Record<string, never> }).properties ?? {});
    if (entry === undefined) return [];
    const [name, value] = entry;
    const inner = fieldsOf(value);
    const form = inner.length === 0 ? formOf(value) : inner.map(([path, , inside]) => `${path} ${inside}`).join("; ");
    return [[code(name), form]];
  });
};

/** Clauses, consents and tests have tables of their own. */
export const programme = (): string[][] =>
  fieldsOf(jsonOf(Programme)).filter(([path]) => !/^`(eligibility|exclusions|consents|tests)\[\]\./.test(path ?? ""));
export const clause = (): string[][] => fieldsOf(jsonOf(Clause)).filter(([path]) => !path?.includes("."));
export const consentRule = (): string[][] => fieldsOf(jsonOf(ConsentRule));
export const packTest = (): string[][] =>
  fieldsOf(jsonOf(PackTest)).filter(([path]) => !/^`(facts|consents\[\])\./.test(path ?? ""));
export const directory = (): string[][] => fieldsOf(jsonOf(Directory)).filter(([path]) => !path?.includes("."));
export const organisation = (): string[][] => fieldsOf(jsonOf(ProviderOrganisation));
export const service = (): string[][] => fieldsOf(jsonOf(Service));
export const partnership = (): string[][] => fieldsOf(jsonOf(Partnership));
export const deprivationIndex = (): string[][] => fieldsOf(jsonOf(DeprivationIndex));
export const namedArea = (): string[][] => fieldsOf(jsonOf(NamedArea));
export const place = (): string[][] => fieldsOf(jsonOf(Place));

export const settings = (): string[][] =>
  Object.entries({
    ...Object.fromEntries(Object.keys(Config.shape).map((name) => [name, undefined])),
    ...Config.parse({}),
  }).map(([name, initial]) => [
    code(name),
    initial === undefined ? "–" : Array.isArray(initial) ? "none" : code(String(initial)),
    (FROM_FILE as readonly string[]).includes(name) ? "yes" : "no",
  ]);
