// Senders that never give up: each case has a key of its own and goes again under it until somebody answers.
import { randomUUID } from "node:crypto";
import { setTimeout as rest } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { barsMessage } from "../fixtures/gp/index.ts";
import { councilRequest } from "../fixtures/council/request.ts";
import { handoff } from "../fixtures/jobcentre/handoff.ts";
import type { Sender } from "../world/send.ts";
import { answers } from "./answers.ts";
import type { Case, Door, Ledger } from "./ledger.ts";
import { adviserOf, authorityOf, postcodeOf } from "./packs.ts";

/** A quarter of the cases each by BaRS message and by council form, half by hand-off: a message is ten times as large. */
const DOORS: readonly Door[] = ["jobcentre", "council", "jobcentre", "gp"];
const PATIENCE_MS = 45_000;
const AGAIN_MS = 50;

export type Answer = { status: number; ms: number; reference?: string; retryAfter?: string };
export type Senders = Record<Door, Sender>;

/** A case at the next door, for the next borough. */
export const draw = (
  ledger: Ledger,
  boroughs: number,
  more: Partial<Pick<Case, "borough" | "door" | "offers" | "news">> = {},
): Case => {
  const at = ledger.cases.length;
  const borough = more.borough ?? 1 + (at % boroughs);
  const door = more.door ?? DOORS[(at >> 1) % DOORS.length] ?? "council";
  return ledger.open({
    key: randomUUID(),
    door,
    borough,
    offers: more.offers ?? [adviserOf(borough)],
    news: "news" in more ? more.news : answers(borough) ? 2 : 1,
  });
};

type Built = { path: string; headers: Record<string, string>; body: string };

const BORN = "1984-04-09";

/** `note` makes another body under the same key. */
const build = (one: Case, by: Sender, note: string): Built => {
  const [authority, postcode] = [authorityOf(one.borough), postcodeOf(one.borough)];
  if (one.door === "gp") {
    const practice = { ods: by.identity.organisation, site: by.identity.organisation, name: by.identity.name };
    const person = { birthDate: BORN, postcode };
    const message = barsMessage({ seed: one.key, need: "debt-advice", person, practice, detail: note });
    const ids = { "X-Request-Id": one.key, "X-Correlation-Id": one.key };
    const headers = { "Content-Type": "application/fhir+json", ...ids };
    return { path: "/fhir/R4/$process-message", headers, body: JSON.stringify(message) };
  }
  if (one.door === "jobcentre") {
    const place = { "person.postcode": postcode, "person.lauaCode": authority, "programme.earlier": [] };
    const ids = { handoffId: one.key, correlationId: one.key, reason: note };
    const body = handoff({ seed: one.at, need: "debt-advice", changes: { ...ids, ...place } });
    const headers = {
      "Content-Type": "application/json",
      correlationId: one.key,
      "gov-uk-originator-id": "SAMPLE-JCP-01",
    };
    return { path: "/jobcentre/v1/handoffs", headers, body: JSON.stringify(body) };
  }
  const form = councilRequest({
    seed: one.at,
    service: "debt-advice",
    apiKey: by.identity.apiKey ?? "",
    parameters: { address_string: `2 Sample Street, ${postcode}`, description: note },
    attributes: { authority, birth_date: BORN, client_reference: one.key },
  });
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return { path: "/open311/v2/requests.json", headers, body: form.toString() };
};

const NOTE = "Owes rent and does not know where to start.";
export const OTHER_NOTE = "Says something else under the same key.";

const referenceIn = (text: string): string | undefined => /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(text)?.[0];

/** A line of its own for every request: a kept one may be closed by the other end at the moment when it is used again. */
const lines = new Agent({ pipelining: 0 });

/** One try at one broker. A duplicate of a BaRS message names the referral, which knows its reference. */
export const sendOnce = async (one: Case, by: Sender, note = NOTE, origin = by.broker): Promise<Answer> => {
  const { path, headers, body } = build(one, by, note);
  const authorization: Record<string, string> =
    one.door === "council" ? {} : { Authorization: `Bearer ${await by.token()}` };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const began = performance.now();
  const reply = await fetch(`${origin}${path}`, {
    method: "POST",
    headers: { ...headers, ...authorization },
    body,
    signal,
    dispatcher: lines,
  });
  const text = await reply.text();
  const ms = performance.now() - began;
  const retryAfter = reply.headers.get("retry-after") ?? undefined;
  const said = { status: reply.status, ms, ...(retryAfter === undefined ? {} : { retryAfter }) };
  if (reply.ok) return { ...said, ...named(referenceIn(text)) };
  const location = reply.status === 409 ? reply.headers.get("location") : null;
  if (location === null) return said;
  const found = await fetch(`${origin}${new URL(location, origin).pathname}`, {
    headers: { ...authorization },
    signal,
  });
  // The reading may meet the fault as well as the sending: then the whole is tried again.
  return found.ok
    ? { ...said, ...named(referenceIn(await found.text())) }
    : { ...said, status: Math.max(said.status, found.status) };
};

const named = (reference: string | undefined): { reference?: string } => (reference === undefined ? {} : { reference });

type Insist = {
  ledger: Ledger;
  senders: Senders;
  /** Resolves when there is somebody to send to. */
  up?: () => Promise<unknown>;
  /** Hears every answer, and `undefined` where the connection broke. */
  hears?: (answer: Answer | undefined, one: Case) => void;
};

/** Until it is taken, or refused for good, which no case of a run deserves. */
export const insist = async ({ ledger, senders, up, hears }: Insist, one: Case): Promise<void> => {
  for (;;) {
    await up?.().catch(() => undefined);
    one.tries += 1;
    const answer = await sendOnce(one, senders[one.door]).catch(() => undefined);
    hears?.(answer, one);
    if (answer?.reference !== undefined) return ledger.taken(one, answer.reference);
    if (answer !== undefined && answer.status < 500 && answer.status !== 429 && answer.status !== 401)
      return ledger.wrong(`case ${one.at} (${one.door}) was answered ${answer.status}`);
    await rest(AGAIN_MS * (1 + Math.min(one.tries, 10) * 0.4));
  }
};

/** So many at one time, until `next` has none left. */
export const many = async (atOnce: number, next: () => Promise<void> | undefined): Promise<void> => {
  const one = async (): Promise<void> => {
    for (let work = next(); work !== undefined; work = next()) await work;
  };
  await Promise.all(Array.from({ length: atOnce }, one));
};
