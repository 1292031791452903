// Every interleaving of sending, answering, taking back and being asked leaves the same promises standing.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../schemas/event.ts";
import type { Offer, OfferStatus } from "../../../schemas/offer.ts";
import type { Recall, RecallAnswer } from "../../../schemas/recall.ts";
import type { Status } from "../../../schemas/referral.ts";
import { daysAfter, dayOf, noonOf } from "../../../src/core/calendar.ts";
import { fold, next, nextOffer } from "../../../src/core/lifecycle.ts";
import {
  againstAnswer,
  answerBy,
  answered,
  holds,
  isSettled,
  recallStanding,
  sameAnswer,
  toldAgain,
} from "../../../src/core/recalls.ts";
import { withdraw } from "../../../src/core/withdraw.ts";
import { HOLIDAYS } from "../../builders/delivery.ts";
import { aJourney, anOffer, OFFER } from "../../builders/journey.ts";
import { NOW } from "../../builders/rules.ts";

type Move = "acknowledge" | "accept" | "decline" | "start" | "end" | "cancel" | "tell" | "deleted" | "kept";
const MOVES: Move[] = ["acknowledge", "accept", "decline", "start", "end", "cancel", "tell", "deleted", "kept"];
const PAST = { acknowledge: "acknowledged", accept: "accepted", start: "started" } as const;

type World = { status: Status; offer: Offer; recall?: Recall; events: Event["body"][]; asked: number[] };

let count = 0;
const nextId = () => `019a0000-0000-7000-8000-${String((count += 1)).padStart(12, "0")}`;

/** One move, as the steps make it: what cannot follow changes nothing. */
const after = (world: World, move: Move, day: number): World => {
  const { status, offer, recall, events } = world;
  const now = noonOf(daysAfter(dayOf(NOW), day));
  if (move === "cancel") {
    const journey = aJourney({ status, sequence: events.length, offers: [offer], recalls: recall ? [recall] : [] });
    const wish = { reasons: [], by: "person" as const, actor: "x" };
    const change = withdraw(journey, wish, () => answerBy(undefined, HOLIDAYS, now), nextId, now);
    if (change === undefined) return world;
    const bodies = change.events.map(({ body }) => body);
    const [closed = offer] = change.offers;
    const [begun = recall] = change.recalls;
    return {
      ...world,
      status: change.status,
      offer: closed,
      ...(begun && { recall: begun }),
      events: [...events, ...bodies],
    };
  }
  if (move === "tell") {
    if (recall === undefined || isSettled(recall, now)) return world;
    const told = toldAgain(recall, answerBy(undefined, HOLIDAYS, now), now).recall;
    const body = { type: "recall-told", offer: OFFER, time: told.told } as const;
    return { ...world, recall: told, events: [...events, body], asked: [...world.asked, day] };
  }
  if (move === "deleted" || move === "kept") {
    const until = daysAfter(dayOf(now), 10);
    const said: RecallAnswer =
      move === "deleted"
        ? { verb: "recall", answer: "deleted" }
        : { verb: "recall", answer: "kept", basis: "legal-claims", until };
    if (recall === undefined || sameAnswer(recall, said) || againstAnswer(said, now).length > 0) return world;
    const body = { type: "recall-answered", offer: OFFER, answer: said.answer } as const;
    return { ...world, recall: answered(recall, said, now).recall, events: [...events, body] };
  }
  const to = nextOffer(offer.status, move);
  if (to === undefined) return world;
  const type = move === "decline" ? "declined" : move === "end" ? "ended" : PAST[move];
  const body = { type, offer: OFFER, reason: "other", on: dayOf(now) } as Event["body"];
  return { ...world, status: next(status, type) ?? status, offer: { ...offer, status: to }, events: [...events, body] };
};

const START: World = {
  status: "offered",
  offer: anOffer(),
  events: [
    { type: "received" },
    { type: "offered", offer: OFFER, receipt: OFFER, programme: "p", service: "s", provider: "o" },
  ],
  asked: [],
};
const story = fc.array(fc.tuple(fc.constantFrom(...MOVES), fc.integer({ min: 0, max: 3 })), { maxLength: 24 });
const played = (moves: readonly (readonly [Move, number])[]): World[] => {
  let day = 0;
  let world = START;
  return moves.map(([move, pass]) => (world = after(world, move, (day += pass))));
};

describe("whatever comes between sending, answering and taking back", () => {
  it("keeps the events a story, and what is taken back closed for good", () => {
    fc.assert(
      fc.property(story, (moves) => {
        const line = played(moves);
        let closed: OfferStatus | undefined;
        for (const { events, status, offer } of line) {
          expect(fold(events.map((body) => ({ body })))).toBe(status);
          expect(closed === undefined || offer.status === closed).toBe(true);
          if (offer.status === "recalled") closed = "recalled";
        }
      }),
    );
  });

  it("asks whoever may hold something, once it is withdrawn, and nobody who said no", () => {
    fc.assert(
      fc.property(story, (moves) => {
        const end = played(moves).at(-1) ?? START;
        const withdrawn = end.events.some(({ type }) => type === "withdrawn" || type === "recall-asked");
        const refused = end.events.some(({ type }) => type === "declined");
        expect(end.recall !== undefined).toBe(withdrawn && !refused);
        expect(end.recall !== undefined || refused || holds(end.offer)).toBe(true);
      }),
    );
  });

  it("asks only who was asked to delete, and nobody whose answer stands", () => {
    fc.assert(
      fc.property(story, (moves) => {
        for (const { events, recall } of played(moves)) {
          const first = events.findIndex(({ type }) => type === "recall-told");
          const begun = events.findIndex(({ type }) => type === "withdrawn" || type === "recall-asked");
          expect(first < 0 || first > begun).toBe(true);
          expect(recall?.told ?? 0).toBe(events.filter(({ type }) => type === "recall-told").length);
          // After "deleted" nothing but a corrected answer follows.
          const deleted = events.findLastIndex((body) => body.type === "recall-answered" && body.answer === "deleted");
          const rest = deleted < 0 ? [] : events.slice(deleted + 1);
          const corrected = rest.some(({ type }) => type === "recall-answered");
          expect(corrected || rest.every(({ type }) => type !== "recall-told")).toBe(true);
        }
      }),
    );
  });
});

describe("the clock of a recall", () => {
  const asked: Recall = {
    offer: OFFER,
    referral: OFFER,
    provider: "p",
    service: "s",
    test: true,
    askedAt: NOW,
    answerBy: "2026-11-27",
    told: 0,
  };
  it("is five working days of the nation, not counting its bank holidays", () => {
    const christmas = [{ date: "2026-12-25", name: "Christmas Day", unverified: false }];
    const holidays = { ...HOLIDAYS, "england-and-wales": christmas };
    const eve = new Date("2026-12-23T10:00:00Z");
    expect(answerBy({ nations: ["england"] }, holidays, eve)).toBe("2026-12-31");
    expect(answerBy({ nations: ["scotland"] }, holidays, eve)).toBe("2026-12-30");
    expect(answerBy(undefined, holidays, eve)).toBe("2026-12-31");
  });
  it("falls due the day after, with the first day set when it was asked and a new one each time after", () => {
    const first = toldAgain(asked, "2026-12-09", NOW);
    expect([first.recall.answerBy, first.recall.told, first.next]).toEqual(["2026-11-27", 1, noonOf("2026-11-28")]);
    const second = toldAgain(first.recall, "2026-12-09", NOW);
    expect([second.recall.answerBy, second.recall.told, second.next]).toEqual(["2026-12-09", 2, noonOf("2026-12-10")]);
  });
  it("is late past its day or told twice, and open again when what is kept is over", () => {
    const on = (day: string) => noonOf(day);
    expect(recallStanding(asked, on("2026-11-27"))).toBe("waits");
    expect(recallStanding(asked, on("2026-11-28"))).toBe("late");
    expect(recallStanding({ ...asked, told: 2, answerBy: "2026-12-09" }, on("2026-11-28"))).toBe("late");
    const kept: Recall = { ...asked, answer: "kept", basis: "legal-claims", keptUntil: "2027-01-31" };
    expect(recallStanding(kept, on("2027-01-31"))).toBe("kept");
    expect(recallStanding(kept, on("2027-02-01"))).toBe("late");
    expect(recallStanding({ ...asked, answer: "deleted" }, on("2030-01-01"))).toBe("deleted");
  });
  it("takes a day that lies ahead, and at most thirty years", () => {
    const today = new Date("2026-11-20T10:00:00Z");
    const faults = (until: string) =>
      againstAnswer({ verb: "recall", answer: "kept", basis: "public-task", until }, today).map(({ code }) => code);
    expect(faults("2026-11-20")).toEqual(["kept-past"]);
    expect(faults("2026-11-21")).toEqual([]);
    expect(faults("2056-11-20")).toEqual([]);
    expect(faults("2056-11-21")).toEqual(["kept-too-long"]);
  });
});
