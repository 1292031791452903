// Where the person lives, from the three ways in which GeoReport says where, and the three in which a person has no address to give.
import { NOT_PINPOINTED } from "../../schemas/foreign/open311.ts";
import { Postcode } from "../../schemas/place.ts";
import { reason, warning, type Reason } from "../../schemas/reason.ts";
import { nameOf, type Answers } from "./attributes.ts";
import type { Form } from "./form.ts";

export type Home = { home: object; faults: Reason[] };

const AT_THE_END = /[\s,]*\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})[\s.]*$/i;
const MEANT_AS_POSTCODE = /^[A-Z]{1,2}\d[A-Z\d]?\s*[A-Z\d]{0,4}$/i;

const LINES = 6;
const LINE = 120;

/** The lines of an address, and the postcode at its end. */
const readAddress = (sent: string): { lines: string[]; postcode?: string; faults: Reason[] } => {
  const match = AT_THE_END.exec(sent);
  const code = match === null ? undefined : Postcode.safeParse(`${match[1]} ${match[2]}`);
  const rest = code?.success === true ? sent.slice(0, match?.index) : sent;
  const lines = rest
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const faults = [
    ...(code === undefined && MEANT_AS_POSTCODE.test(sent) ? [reason("postcode-malformed", "address_string")] : []),
    ...(code?.success === false ? [reason("postcode-malformed", "address_string")] : []),
    ...(lines.length > LINES || lines.some((line) => line.length > LINE) ? [reason("too-long", "address_string")] : []),
    ...(sent.includes("\u0000") ? [reason("invalid", "address_string")] : []),
  ];
  return { lines, postcode: code?.data, faults };
};

const coordinate = (form: Form, name: "lat" | "long", most: number): Reason[] => {
  const sent = form.get(name)?.[0];
  if (sent === undefined) return [];
  const value = Number(sent);
  return Number.isFinite(value) && Math.abs(value) <= most
    ? [warning("field-ignored", name)]
    : [reason("invalid", name)];
};

const uprnOf = (form: Form): { uprn?: string; faults: Reason[] } => {
  const sent = form.get("address_id")?.[0];
  if (sent === undefined || sent === NOT_PINPOINTED) return { faults: [] };
  return /^\d{1,12}$/.test(sent) ? { uprn: sent, faults: [] } : { faults: [reason("invalid", "address_id")] };
};

export const readHome = (form: Form, answers: Answers): Home => {
  const sent = form.get("address_string")?.[0];
  const address = sent === undefined ? undefined : readAddress(sent);
  const id = uprnOf(form);
  const postcode = answers.one("postcode") ?? address?.postcode;
  const uprn = answers.one("uprn") ?? id.uprn;
  const given = sent !== undefined || postcode !== undefined || uprn !== undefined;
  const homeless = answers.yes("no_fixed_abode") === true;
  const hidden = answers.yes("address_withheld") === true;
  // A point on a map is no one's home: taken as GeoReport allows, and not used.
  const pinned = form.has("lat") && form.has("long");
  const placed =
    given || homeless || hidden || pinned || form.has("address_id") || answers.one("authority") !== undefined;

  const faults = [
    ...(address?.faults ?? []),
    ...id.faults,
    ...coordinate(form, "lat", 90),
    ...coordinate(form, "long", 180),
    ...(placed ? [] : [reason("required", "address_string")]),
    ...(homeless && given ? [reason("invariant", nameOf("no_fixed_abode"))] : []),
    ...(hidden && given ? [reason("invariant", nameOf("address_withheld"))] : []),
  ];
  if (homeless) return { home: { kind: "none" }, faults };
  if (hidden) return { home: { kind: "withheld" }, faults };
  if (!given) return { home: { kind: "not-said" }, faults };
  return { home: { kind: "address", lines: address?.lines ?? [], postcode, uprn }, faults };
};
