import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventType } from "../../../schemas/event.ts";
import { reason } from "../../../schemas/reason.ts";
import type { Status } from "../../../schemas/referral.ts";
import { holdClock, holdDays, holdTimes, ring, type Hold } from "../../../src/core/hold.ts";
import { next } from "../../../src/core/lifecycle.ts";
import { decide } from "../../../src/core/decide.ts";
import { aContent } from "../../builders/content.ts";
import { aJourney, CLIENT, REFERRAL } from "../../builders/journey.ts";
import { aDecision, aProgramme, NOW } from "../../builders/rules.ts";

const HELD = "019a0000-0000-7000-8000-00000000aaa1";
const ids = (): (() => string) => {
  let count = 0;
  return () => `019a0000-0000-7000-8000-${String((count += 1)).padStart(12, "0")}`;
};
const clocks = (holdDaysOf?: number) => ({
  clocks: { acknowledgeWithin: 2, contactWithin: 10, ...(holdDaysOf === undefined ? {} : { holdDays: holdDaysOf }) },
});

describe("how long a hold waits", () => {
  it("is what the programme says, else 28 days, and the longest of several", () => {
    expect(holdDays([])).toBe(28);
    expect(holdDays([clocks()])).toBe(28);
    expect(holdDays([clocks(10)])).toBe(10);
    expect(holdDays([clocks(10), clocks(40)])).toBe(40);
    expect(holdDays([clocks(10), clocks()])).toBe(28);
  });

  it("counts the last day in full, by the clock on the wall: over the end of summer time too", () => {
    const from = new Date("2026-10-20T21:30:00Z");
    expect(holdTimes(from, 10)).toEqual({
      // 22:30 on the 20th in London, so that the tenth day is the 30th.
      expire: new Date("2026-10-31T00:00:00Z"),
      remind: new Date("2026-10-25T09:00:00Z"),
    });
    expect(holdTimes(new Date("2026-07-01T23:30:00Z"), 3)).toEqual({
      // It is the 2nd in London already.
      expire: new Date("2026-07-05T23:00:00Z"),
      remind: new Date("2026-07-03T08:00:00Z"),
    });
  });

  it("reminds nobody where half of it is less than a day", () => {
    expect(holdTimes(NOW, 1)).toEqual({ expire: new Date("2026-11-18T00:00:00Z") });
    expect(holdClock({ id: HELD, referral: REFERRAL, at: NOW }, 1, ids()).map(({ kind }) => kind)).toEqual(["expire"]);
  });

  it("is work about the event that made the hold, and names no destination of anyone's", () => {
    const rows = holdClock({ id: HELD, referral: REFERRAL, at: NOW }, 28, ids());
    expect(rows.map(({ kind, subject, destination }) => [kind, subject, destination])).toEqual([
      ["remind", HELD, "holds"],
      ["expire", HELD, "holds"],
    ]);
  });

  it("follows from the decision: the programmes that wait say how long, and a review of ours does not run out", () => {
    const waits = aProgramme({ clocks: { acknowledgeWithin: 2, contactWithin: 10, holdDays: 9 } });
    const other = aProgramme({
      programme: "other",
      mayRefer: ["jobcentre"],
      clocks: { acknowledgeWithin: 2, contactWithin: 10, holdDays: 90 },
    });
    const held = (content: ReturnType<typeof aContent>) => {
      const decision = decide(aDecision({ programmes: [waits, other], content }));
      return decision.kind === "hold" ? [decision.why, decision.days] : decision.kind;
    };
    expect(held(aContent({ consents: [] }))).toEqual(["consent", 9]);
    expect(held(aContent({ person: { home: { kind: "not-said" } } }))).toEqual(["information", 9]);
    expect(held(aContent({ need: undefined }))).toEqual(["information", 28]);
    expect(held(aContent({ flags: { handling: "out-of-band" } }))).toEqual(["review", undefined]);
  });
});

describe("the clock of a hold", () => {
  const hold: Hold = { event: HELD, asks: [reason("consent-missing", "consents")] };
  const held = aJourney({ status: "held", version: 3, sequence: 2, hold: { ...hold, why: "consent" } });
  const work = (kind: "remind" | "expire", subject = HELD) => ({ id: "w", token: "t", kind, subject });

  it("reminds halfway of what is asked, and leaves the referral held", () => {
    expect(ring(held, work("remind"), ids(), NOW)).toMatchObject({
      version: 3,
      status: "held",
      events: [{ sequence: 3, actor: "waymark", body: { type: "reminded", asks: hold.asks } }],
      callbacks: [{ type: "referral.held", client: CLIENT, reasons: hold.asks }],
      work: [{ kind: "notify" }],
      done: { work: "w", token: "t" },
    });
  });

  it("ends the referral at its end, and says what never came", () => {
    expect(ring(held, work("expire"), ids(), NOW)).toMatchObject({
      status: "expired",
      events: [{ body: { type: "expired", reasons: [{ code: "hold-expired" }, { code: "consent-missing" }] } }],
      callbacks: [{ type: "referral.expired", status: "expired" }],
    });
  });

  it("does nothing to a hold that was lifted, or that was made anew", () => {
    for (const kind of ["remind", "expire"] as const) {
      expect(ring({ ...held, status: "offered" }, work(kind), ids(), NOW)).toBeUndefined();
      expect(ring(held, work(kind, "019a0000-0000-7000-8000-00000000aaa2"), ids(), NOW)).toBeUndefined();
      expect(ring({ ...held, hold: undefined }, work(kind), ids(), NOW)).toBeUndefined();
    }
  });

  it("never ends a hold that was lifted in time, whatever happens in whatever order", () => {
    type Act = { do: EventType } | { fires: number };
    const TYPES: EventType[] = ["held", "unmet", "offered", "declined", "recalled", "accepted", "amended", "withdrawn"];
    const act = fc.oneof(
      fc.constantFrom(...TYPES).map((type): Act => ({ do: type })),
      fc.nat({ max: 9 }).map((fires): Act => ({ fires })),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let status: Status = "received";
        let current: string | undefined;
        const clocks: string[] = [];
        for (const one of acts) {
          if ("do" in one) {
            const moved = next(status, one.do);
            if (moved === undefined) continue;
            status = moved;
            if (one.do === "held") clocks.push((current = `hold-${clocks.length}`));
            else if (status !== "held") current = undefined;
            continue;
          }
          const subject = clocks[one.fires % Math.max(1, clocks.length)];
          if (subject === undefined) continue;
          const journey = aJourney({
            status,
            hold: current === undefined ? undefined : { event: current, why: "consent", asks: [] },
          });
          const change = ring(journey, { id: "w", token: "t", kind: "expire", subject }, ids(), NOW);
          expect(change !== undefined).toBe(status === "held" && subject === current);
          if (change !== undefined) {
            status = change.status;
            current = undefined;
          }
        }
      }),
    );
  });
});
