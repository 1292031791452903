// The people of the month: who is referred when, through which door, and what becomes of their wish for help beside what services do.
import { councilRequest } from "../fixtures/council/request.ts";
import { barsMessage } from "../fixtures/gp/index.ts";
import { handoff } from "../fixtures/jobcentre/handoff.ts";
import type { Identity } from "../world/system.ts";
import { referrerOf } from "./cast.ts";
import type { Draws } from "./draws.ts";
import { AREAS, authorityOf, needOf, postcodeOf } from "./packs.ts";
import { DAY, HOUR } from "./timeline.ts";

/** `crosses`: taken back at the moment when an offer of it arrives somewhere. `no-consent`: sent without any. */
export type Fate = "stays" | "withdraws" | "crosses" | "takes-consent-back" | "finds-work" | "is-erased" | "no-consent";

export type Person = {
  at: number;
  /** The organisation of its referrer. */
  by: string;
  area: number;
  arrives: number;
  fate: Fate;
  /** Hours after arrival. */
  fateAfter: number;
  key: string;
};

const FATES: readonly [number, Fate][] = [
  [0.1, "withdraws"],
  [0.14, "crosses"],
  [0.19, "takes-consent-back"],
  [0.23, "finds-work"],
  [0.245, "is-erased"],
  [0.29, "no-consent"],
];

/** A key in the form of a UUID, which every door takes. */
const keyOf = (draws: Draws, at: number): string => {
  const hex = (part: number): string =>
    Math.floor(draws.of("key", at, part) * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  const all = hex(0) + hex(1) + hex(2) + hex(3);
  return `${all.slice(0, 8)}-${all.slice(8, 12)}-4${all.slice(13, 16)}-8${all.slice(17, 20)}-${all.slice(20)}`;
};

export const createPerson = (draws: Draws, at: number, month: { from: number; days: number }): Person => {
  const day = Math.floor(draws.between(0, month.days, "day", at));
  // By day mostly, and some at any hour: a desk, and a nightly run of a caller's system.
  const hour = draws.chance(0.9, "hours", at) ? draws.between(7, 19, "hour", at) : draws.between(0, 24, "hour", at);
  const drawn = draws.of("fate", at);
  const area = 1 + Math.floor(draws.of("area", at) * AREAS);
  const fate = FATES.find(([share]) => drawn < share)?.[1] ?? "stays";
  return {
    at,
    by: referrerOf(draws, at),
    area,
    arrives: month.from + day * DAY + hour * HOUR,
    fate: fate === "finds-work" && needOf(area) !== "employment" ? "withdraws" : fate,
    fateAfter: draws.chance(0.4, "soon", at) ? draws.between(0, 3, "after", at) : draws.between(3, 300, "after", at),
    key: keyOf(draws, at),
  };
};

export type Letter = { path: string; headers: Record<string, string>; body: string };

/** Nobody shares a name with a birthday: they are all different people. */
const bornOf = (at: number): string => new Date(Date.UTC(1950, 0, 1) + at * DAY).toISOString().slice(0, 10);
const familyOf = (at: number): string =>
  `Sample${"abcdefghij".split("")[at % 10]}${at}`.replaceAll(/\d/g, (digit) => "klmnopqrst"[Number(digit)] ?? "");

export const letterOf = (person: Person, by: Identity): Letter => {
  const { at, key, area } = person;
  const [need, authority, postcode] = [needOf(area), authorityOf(area), postcodeOf(area)];
  const consents = person.fate !== "no-consent";
  if (by.kind === "gp") {
    const message = barsMessage({
      seed: key,
      need,
      facts: { employment: "out-of-work" },
      person: { family: familyOf(at), birthDate: bornOf(at), postcode },
      practice: { ods: by.organisation, site: by.organisation, name: by.name },
      ...(consents ? {} : { consents: [{ directCare: true }] }),
    });
    const headers = { "Content-Type": "application/fhir+json", "X-Request-Id": key, "X-Correlation-Id": key };
    return { path: "/fhir/R4/$process-message", headers, body: JSON.stringify(message) };
  }
  if (by.kind === "jobcentre") {
    const body = handoff({
      seed: at,
      need,
      changes: {
        handoffId: key,
        correlationId: key,
        "person.familyName": familyOf(at),
        "person.dob": bornOf(at),
        "person.postcode": postcode,
        "person.lauaCode": authority,
        "programme.earlier": [],
        ...(consents ? {} : { consent: [] }),
      },
    });
    const ids = { correlationId: key, "gov-uk-originator-id": "SAMPLE-JCP-01" };
    return {
      path: "/jobcentre/v1/handoffs",
      headers: { "Content-Type": "application/json", ...ids },
      body: JSON.stringify(body),
    };
  }
  const form = councilRequest({
    seed: at,
    service: need,
    apiKey: by.apiKey ?? "",
    parameters: { last_name: familyOf(at), address_string: `2 Sample Street, ${postcode}` },
    attributes: {
      authority,
      birth_date: bornOf(at),
      employment: "out-of-work",
      client_reference: key,
      ...(consents ? {} : { consent_share: undefined, consent_take_part: undefined }),
    },
  });
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return { path: "/open311/v2/requests.json", headers, body: form.toString() };
};
