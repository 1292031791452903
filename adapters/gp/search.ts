// FHIR searches: parameters that we know, one page at a time. Nobody is searched for by their own name or number.
import type { Request } from "express";
import { FhirDateTime } from "../../schemas/foreign/fhir/datatypes.ts";
import { NHS_NUMBER, OFFER_ID, REFERENCE_ID } from "../../schemas/foreign/fhir/systems.ts";
import type { Read } from "../../schemas/faults.ts";
import { Uuid } from "../../schemas/ids.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { storable } from "../../schemas/text.ts";
import { opaque } from "../../src/core/opaque.ts";
import type { ReferralFilter } from "../../src/ports/reading.ts";
import { bytesOf } from "../http/body.ts";
import { sameSystem } from "./codes.ts";

const MOST = 100;
const USUAL = 50;
const COMMON: ReadonlySet<string> = new Set(["_count", "_format", "_page"]);
/** A search by person would put what BaRS allows into addresses and logs of everyone on the way. */
const OF_A_PERSON = /^(patient|subject)\b/;

export type Search = {
  one(name: string): string | undefined;
  all(name: string): string[];
  count: number;
  after?: string;
};

/** From the address, and from the form of a `_search`. A parameter that were ignored would show more than was asked for. */
export const readSearch = (req: Request, known: readonly string[]): Read<Search> => {
  const sent = [
    ...new URL(req.originalUrl, "http://here").searchParams,
    ...new URLSearchParams(bytesOf(req).toString("utf8")),
  ];
  const all = (name: string): string[] => sent.filter(([key]) => key === name).map(([, value]) => value);
  const reasons: Reason[] = [...new Set(sent.map(([name]) => name))].flatMap((name) => {
    if (OF_A_PERSON.test(name)) return [reason("person-in-address", name.split(":")[0])];
    if (!known.includes(name) && !COMMON.has(name)) return [reason("unknown", plainName(name))];
    if (all(name).length > (name === "_lastUpdated" ? 2 : 1)) return [reason("too-many", name)];
    return all(name).every((value) => value !== "" && value.length <= 400 && storable(value))
      ? []
      : [reason("invalid", name)];
  });
  const count = Number(all("_count")[0] ?? USUAL);
  if (!Number.isInteger(count) || count < 1) reasons.push(reason("invalid", "_count"));
  const page = all("_page")[0];
  const after = Uuid.safeParse(page).data;
  if (page !== undefined && after === undefined) reasons.push(reason("invalid", "_page"));
  if (reasons.length > 0) return { ok: false, reasons };
  return {
    ok: true,
    value: {
      all,
      one: (name) => all(name)[0],
      count: Math.min(count, MOST),
      ...(after === undefined ? {} : { after }),
    },
  };
};

/** A caller's own word is told back to it only as far as it is a word. */
const plainName = (name: string): string => (/^[\w:.-]{1,60}$/.test(name) ? name : "parameter");

/** `system|value`, `|value` or a value alone (R4, search, token). */
const token = (sent: string): { system?: string; value: string } => {
  const bar = sent.indexOf("|");
  return bar < 0 ? { value: sent } : { system: sent.slice(0, bar), value: sent.slice(bar + 1) };
};

type Named = Pick<ReferralFilter, "reference" | "named" | "offer">;

/** Our reference, an offer's id, or the caller's own reference; never a person's number. */
export const identifierIn = (sent: string): Read<Named> => {
  const { system, value } = token(sent);
  if (sameSystem(system, NHS_NUMBER) || opaque(value) === undefined)
    return { ok: false, reasons: [reason("person-in-address", "identifier")] };
  if (sameSystem(system, REFERENCE_ID)) return { ok: true, value: { reference: value.toUpperCase() } };
  if (sameSystem(system, OFFER_ID)) return { ok: true, value: { offer: value } };
  return { ok: true, value: { named: value } };
};

const DAY_MS = 86_400_000;

/** `ge2026-11-02`: a moment, or a whole day, with the side of it that is meant (R4, search, prefix). */
export const windowIn = (sent: readonly string[]): Read<Pick<ReferralFilter, "from" | "to">> => {
  const window: Pick<ReferralFilter, "from" | "to"> = {};
  for (const one of sent) {
    const [, prefix = "", value = ""] = /^(ge|gt|le|lt)(.*)$/.exec(one.replace(" ", "+")) ?? [];
    if (prefix === "" || value.length < 10 || !FhirDateTime.safeParse(value).success)
      return { ok: false, reasons: [reason("invalid", "_lastUpdated")] };
    const start = Date.parse(value);
    const end = value.length === 10 ? start + DAY_MS - 1 : start;
    if (prefix === "ge") window.from = new Date(start);
    if (prefix === "gt") window.from = new Date(end + 1);
    if (prefix === "le") window.to = new Date(end);
    if (prefix === "lt") window.to = new Date(start - 1);
  }
  return { ok: true, value: window };
};

type Found = { resourceType: string; id: string };

/** One page. A full one may have another behind it, which may be empty. */
export const searchSet = (publicUrl: string, req: Request, found: readonly Found[], next: string | undefined) => {
  const here = new URL(req.originalUrl, publicUrl);
  const path = here.pathname.replace(/\/_search$/, "");
  const query = new URLSearchParams([...here.searchParams, ...new URLSearchParams(bytesOf(req).toString("utf8"))]);
  const link = (relation: string) => ({ relation, url: `${publicUrl}${path}${query.size > 0 ? `?${query}` : ""}` });
  const links = [link("self")];
  if (next !== undefined) {
    query.set("_page", next);
    links.push(link("next"));
  }
  return {
    resourceType: "Bundle",
    type: "searchset",
    link: links,
    entry: found.map((resource) => ({
      fullUrl: `${publicUrl}/fhir/R4/${resource.resourceType}/${resource.id}`,
      resource,
      search: { mode: "match" },
    })),
  };
};
