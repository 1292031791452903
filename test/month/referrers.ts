// What referrers do: they send, some of them twice or five times at once, and later take back, say more, or ask for erasure.
import type { Books } from "./books.ts";
import type { Cast } from "./cast.ts";
import type { Draws } from "./draws.ts";
import type { Answered, House } from "./house.ts";
import { letterOf, type Person } from "./people.ts";
import type { Timeline } from "./timeline.ts";

export type Referrers = {
  /** By the reference that they were told. */
  known: Map<string, Person>;
  /** When a withdrawal was answered with yes. */
  withdrawn: Map<string, number>;
  erased: Set<string>;
  send(person: Person): Promise<void>;
  /** An offer of it arrives somewhere, at this moment. */
  crosses(reference: string): Promise<void>;
};

type Options = { house: House; books: Books; cast: Cast; draws: Draws; timeline: Timeline };

/** The first reason of a problem (RFC 9457), by its code. */
export const codeIn = (body: string): string => {
  const { code, errors = [] } = JSON.parse(body === "" ? "{}" : body) as { code?: string; errors?: { code: string }[] };
  return code ?? errors[0]?.code ?? "";
};

const REFERENCE = /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/;
const WHY = ["person-declined", "needs-met", "moved-away", "sent-in-error"] as const;

export const createReferrers = ({ house, books, cast, draws, timeline }: Options): Referrers => {
  const known: Referrers["known"] = new Map();
  const withdrawn: Referrers["withdrawn"] = new Map();
  const erased: Referrers["erased"] = new Set();

  const identity = ({ by }: Person) => {
    const found = cast.get(by);
    if (found === undefined) throw new Error(`nobody plays ${by}`);
    return found;
  };
  /** A duplicate of a BaRS message names the referral, which knows its reference. */
  const sendOnce = async (person: Person): Promise<string | undefined> => {
    const by = identity(person);
    const reply = await house.ask(by, letterOf(person, by));
    if (reply.status < 300) return REFERENCE.exec(reply.body)?.[0];
    const path = reply.status === 409 && reply.location !== undefined ? new URL(reply.location).pathname : undefined;
    if (path === undefined) return void books.wrong(`${by.kind} ${person.at} was answered ${reply.status}`);
    const found = await house.ask(by, { method: "GET", path });
    return REFERENCE.exec(found.body)?.[0];
  };
  const tells = (person: Person, reference: string, what: string, body: object): Promise<Answered> =>
    house.ask(identity(person), {
      path: `/referrals/${reference}/${what}`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const heard = (what: string, { status, body }: Answered): void => {
    const code = codeIn(body);
    books.count(`${what}: ${status} ${code}`.trim());
    if (status >= 400 && code === "") books.wrong(`${what} was answered ${status} without a code`);
  };

  const withdraws = async (person: Person, reference: string): Promise<void> => {
    const body = {
      reason: draws.pick(WHY, "why", person.at),
      by: draws.pick(["person", "referrer"], "whose", person.at),
    };
    const reply = await tells(person, reference, "withdrawal", body);
    heard("withdrawal", reply);
    if (reply.status === 200 && !withdrawn.has(reference)) withdrawn.set(reference, timeline.now().getTime());
  };
  const says = async (person: Person, reference: string, decision: "given" | "withdrawn"): Promise<void> => {
    const share = { kind: "share", decision, purpose: "referral", at: timeline.now().toISOString() };
    const named = decision === "given" ? { recipientClasses: ["charity"], how: "spoken" } : {};
    heard(`consent ${decision}`, await tells(person, reference, "consents", { consents: [{ ...share, ...named }] }));
  };
  const acts: Record<Person["fate"], ((person: Person, reference: string) => Promise<void>) | undefined> = {
    stays: undefined,
    crosses: undefined,
    withdraws,
    "takes-consent-back": (person, reference) => says(person, reference, "withdrawn"),
    "finds-work": async (person, reference) =>
      heard("found work", await tells(person, reference, "facts", { facts: { employment: "in-work" } })),
    "is-erased": async (_person, reference) => {
      const { status } = await house.verb("person", "erase", reference, "--yes");
      if (status !== 0) books.wrong(`${reference} was not erased`);
      erased.add(reference);
    },
    // Some never come back with it, and what they sent expires.
    "no-consent": async (person, reference) => {
      if (draws.chance(0.7, "asks", person.at)) await says(person, reference, "given");
    },
  };

  return {
    known,
    withdrawn,
    erased,
    send: async (person) => {
      const copies = draws.chance(0.01, "copies", person.at) ? 5 : draws.chance(0.06, "copies", person.at) ? 2 : 1;
      const references = new Set(await Promise.all(Array.from({ length: copies }, () => sendOnce(person))));
      const [reference] = references;
      if (references.size !== 1 || reference === undefined)
        return books.wrong(`person ${person.at} was told ${[...references].join()} by ${person.by}`);
      books.count(`sent by ${identity(person).kind}`);
      known.set(reference, person);
      const act = acts[person.fate];
      if (act !== undefined) timeline.later(person.fateAfter, () => act(person, reference));
    },
    crosses: async (reference) => {
      const person = known.get(reference);
      if (person?.fate === "crosses" && !withdrawn.has(reference)) await withdraws(person, reference);
    },
  };
};
