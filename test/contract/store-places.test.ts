// Places held back and places on courses, under decisions side by side on a real store: none is given twice, and every way
// out of an offer gives all of its places back.
import { someTerms } from "../builders/terms.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "../../schemas/client.ts";
import type { Answer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Content } from "../../schemas/referral.ts";
import { decide } from "../../src/core/decide.ts";
import { drawsFor } from "../../src/core/draws.ts";
import { placesOf } from "../../src/core/places.ts";
import { recallOf } from "../../src/core/recall.ts";
import type { Journey } from "../../src/ports/ledger.ts";
import type { Rulebook } from "../../src/ports/rulebook.ts";
import { createAnswer } from "../../src/steps/answer.ts";
import { aContent } from "../builders/content.ts";
import { aContract, aDecision, aDirectory, aProgramme, aService, TODAY } from "../builders/rules.ts";
import { aChange, aHome, type Home, ids, offerFor, offering, opened, START, taken, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";

const LONG: Content["facts"] = { employment: "out-of-work", unemployedSince: "2025-01-01" };
const SHORT: Content["facts"] = { employment: "out-of-work", unemployedSince: "2026-10-01" };

describe.each(engines())("places on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());

  /** Two programmes of one service: one holds places back and runs courses, the other only draws on it. */
  const rulesOf = (service: string, limits: { places: number; held: number; course: number }) => {
    const contracts = [aContract({ services: [{ service, share: 1 }] })];
    const own: Programme = aProgramme({
      programme: `own-${service}`,
      contracts,
      ringFences: [
        {
          id: "long",
          words: "Long out of work.",
          service,
          places: limits.held,
          until: TODAY,
          for: { outOfWorkMonths: { atLeast: 12 } },
        },
      ],
      cohorts: [{ id: "winter", service, opens: TODAY, closes: TODAY, starts: TODAY, places: limits.course }],
    });
    const programmes = [own, aProgramme({ programme: `too-${service}`, contracts, needs: ["training"] })];
    const directory = aDirectory({
      services: [aService({ id: service, places: limits.places, needs: ["employment", "training"] })],
    });
    return { programmes, directory };
  };

  const decideFor = async (journey: Journey, content: Content, rules: ReturnType<typeof rulesOf>) => {
    const packs = rules.programmes.map((programme) => ({ programme, digest: "" }));
    let places: string[] = [];
    const answer = await home.store.ledger.decide(drawsFor(content.need, packs), (capacity) => {
      const decision = decide(aDecision({ content, capacity, ...rules }));
      if (decision.kind !== "offer") return aChange(journey);
      places = decision.places;
      const offer = offerFor(journey, { programme: decision.programme, service: decision.service, places });
      return offering(journey, offer, { places: placesOf(offer, { taken: 1, drawn: 1 }) });
    });
    expect(answer).toBe("committed");
    return places;
  };

  const counts = async (service: string): Promise<Record<string, number>> => {
    const rows = await home.sql<{ service: string; taken: number }>(
      "SELECT service, sum(taken)::int AS taken FROM waymark.place WHERE split_part(service, '#', 1) = $1 GROUP BY service",
      [service],
    );
    return Object.fromEntries(rows.map((row) => [row.service.slice(service.length), row.taken]));
  };

  it("gives none twice under thirty decisions at once, by two programmes and from both sides of the fence", async () => {
    const service = `s-${uuid()}`;
    const rules = rulesOf(service, { places: 12, held: 4, course: 9 });
    const people = Array.from({ length: 30 }, (_, at) =>
      aContent({ facts: at % 3 === 0 ? LONG : SHORT, need: at % 5 === 4 ? "training" : "employment" }),
    );
    const journeys = await Promise.all(people.map((content) => taken(home, { content })));
    const given = await Promise.all(people.map((content, at) => decideFor(journeys[at]!, content, rules)));
    const held = given.filter((places) => places.includes(`${service}#fence:long`)).length;
    const courses = given.filter((places) => places.includes(`${service}#course:winter`)).length;
    const total = given.filter((places) => places.length > 0).length;
    expect(await counts(service)).toEqual({ "": total, "#fence:long": held, "#course:winter": courses });
    expect(total).toBeGreaterThan(0);
    expect(held).toBeLessThanOrEqual(4);
    expect(courses).toBeLessThanOrEqual(9);
    // Whoever came first: nobody outside the fence took one of its four.
    expect(total - held).toBeLessThanOrEqual(8);
    const wrongly = given.filter(
      (places, at) =>
        places.includes(`${service}#fence:long`) && (people[at]?.facts !== LONG || people[at]?.need === "training"),
    );
    expect(wrongly).toEqual([]);
  });

  const provider = { id: uuid(), kind: "provider", organisation: "sample-coaching", test: true } as Client;

  it.each(["decline", "end", "recall"] as const)("gives every place back on a %s", async (way) => {
    const service = `s-${uuid()}`;
    const rules = rulesOf(service, { places: 3, held: 2, course: 5 });
    const content = aContent({ facts: LONG });
    const first = await taken(home, { content });
    expect(await decideFor(first, content, rules)).toHaveLength(3);
    expect(await counts(service)).toEqual({ "": 1, "#fence:long": 1, "#course:winter": 1 });

    const journey = await opened(home, first.id);
    const [offer] = journey.offers;
    const rulebook = {
      inForce: () => rules.programmes.map((programme) => ({ programme, digest: "" })),
      directory: () => rules.directory,
    } as unknown as Rulebook;
    const { ledger } = home.store;
    const answer = createAnswer({
      ledger,
      rulebook,
      terms: someTerms,
      clock: home.clock,
      ids,
      bell: { nudge: () => {} },
    });
    const answers = (said: Answer) => answer(provider, offer!.id, said).then(({ outcome }) => outcome);
    const { done: _, ...recall } = recallOf(journey, offer!, [], { id: uuid(), token: uuid() }, uuid, START, {
      answerBy: "2026-11-27",
    });
    const ways = {
      decline: () => answers({ verb: "decline", reason: "full" }),
      end: () => answers({ verb: "accept" }).then(() => answers({ verb: "end", reason: "left-early" })),
      recall: () => ledger.commit(recall),
    };
    expect(await ways[way]()).toBe(way === "recall" ? "committed" : "changed");
    expect(await counts(service)).toEqual({ "": 0, "#fence:long": 0, "#course:winter": 0 });
  });
});
