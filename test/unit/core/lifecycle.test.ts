import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventType } from "../../../schemas/event.ts";
import { OfferStatus } from "../../../schemas/offer.ts";
import { Status } from "../../../schemas/referral.ts";
import { fold, next, nextOffer, TRANSITIONS } from "../../../src/core/lifecycle.ts";

const TYPES: EventType[] = [
  "received",
  "held",
  "unmet",
  "offered",
  "delivered",
  "acknowledged",
  "accepted",
  "declined",
  "recalled",
  "started",
  "ended",
  "withdrawn",
  "amended",
  "reminded",
  "expired",
  "lapsed",
  "chased",
  "escalated",
  "contacted",
  "put-on-hold",
  "resumed",
  "moved",
];
const typed = (...types: EventType[]) => types.map((type) => ({ body: { type } }));

describe("the status of a referral", () => {
  it.each([
    [["received"], "received"],
    [["received", "held", "offered"], "offered"],
    [["received", "unmet", "offered"], "offered"],
    [["received", "held", "unmet", "held"], "held"],
    [["received", "offered", "delivered", "acknowledged", "accepted", "started", "ended"], "ended"],
    [["received", "offered", "accepted"], "accepted"],
    [["received", "offered", "declined"], "seeking"],
    [["received", "offered", "acknowledged", "declined", "offered"], "offered"],
    [["received", "offered", "recalled", "unmet"], "unmet"],
    [["received", "offered", "accepted", "ended"], "ended"],
    [["received", "withdrawn"], "withdrawn"],
    [["received", "offered", "declined", "delivered"], "seeking"],
    [["received", "held", "amended", "offered"], "offered"],
    [["received", "held", "reminded", "expired"], "expired"],
    [["received", "offered", "amended", "accepted"], "accepted"],
    [["received", "offered", "chased", "lapsed", "offered"], "offered"],
    [["received", "offered", "acknowledged", "lapsed"], "seeking"],
    [["received", "offered", "accepted", "chased", "escalated", "contacted", "started"], "started"],
    [["received", "offered", "accepted", "lapsed", "unmet"], "unmet"],
    [["received", "offered", "accepted", "put-on-hold", "resumed", "milestone", "moved", "ended"], "ended"],
  ] as [EventType[], Status][])("after %j is %s", (types, status) => {
    expect(fold(typed(...types))).toBe(status);
  });

  it.each([
    [["offered"]],
    [["received", "received"]],
    [["received", "accepted"]],
    [["received", "delivered"]],
    [["received", "offered", "offered"]],
    [["received", "offered", "started"]],
    [["received", "offered", "accepted", "declined"]],
    [["received", "offered", "accepted", "recalled"]],
    [["received", "offered", "accepted", "acknowledged"]],
    [["received", "offered", "accepted", "started", "accepted"]],
    [["received", "offered", "accepted", "started", "lapsed"]],
    [["received", "offered", "contacted"]],
    [["received", "offered", "put-on-hold"]],
    [["received", "escalated"]],
    [["received", "offered", "accepted", "ended", "chased"]],
    [["received", "withdrawn", "offered"]],
    [["received", "expired"]],
    [["received", "offered", "expired"]],
    [["received", "offered", "reminded"]],
    [["received", "held", "expired", "amended"]],
    [["received", "held", "expired", "offered"]],
    [["received", "offered", "accepted", "ended", "amended"]],
  ] as [EventType[]][])("cannot come from %j", (types) => {
    expect(fold(typed(...types))).toBeUndefined();
  });

  it("is a fold: one more event moves it exactly as the table says", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TYPES), { maxLength: 12 }), fc.constantFrom(...TYPES), (types, type) => {
        const story = typed("received", ...types);
        const before = fold(story);
        const after = fold([...story, ...typed(type)]);
        expect(after).toBe(before === undefined ? undefined : next(before, type));
      }),
    );
  });

  it("never goes back: once started nobody else is asked, once closed nothing moves it", () => {
    const reachable = (from: Status): Set<Status> => {
      const seen = new Set<Status>([from]);
      const queue: Status[] = [from];
      for (let status = queue.pop(); status !== undefined; status = queue.pop())
        for (const to of Object.values(TRANSITIONS[status])) {
          if (!seen.has(to)) queue.push(to);
          seen.add(to);
        }
      return seen;
    };
    // From acceptance to another service leads one way alone: nobody reached for the person in time.
    const { lapsed, ...others } = TRANSITIONS.accepted;
    expect(lapsed).toBe("seeking");
    expect(new Set(Object.values(others))).toEqual(new Set(["accepted", "started", "ended", "withdrawn"]));
    expect([...reachable("started")].sort()).toEqual(["ended", "started", "withdrawn"]);
    expect([...reachable("ended")]).toEqual(["ended"]);
    expect([...reachable("withdrawn")]).toEqual(["withdrawn"]);
    expect([...reachable("expired")]).toEqual(["expired"]);
    for (const status of Status.options) expect(reachable(status).has("received")).toBe(status === "received");
  });

  it("is open to withdrawal until it has ended, and never moved by delivery", () => {
    for (const status of Status.options) {
      const closed = ["ended", "withdrawn", "expired"].includes(status);
      expect(next(status, "withdrawn")).toBe(closed ? undefined : "withdrawn");
      expect(next(status, "amended")).toBe(closed ? undefined : status);
      expect(next(status, "delivered") ?? "received").toBe(status);
    }
  });
});

describe("the status of an offer", () => {
  it("follows its own table", () => {
    const table = Object.fromEntries(
      OfferStatus.options.map((status) => [
        status,
        (["acknowledge", "accept", "decline", "start", "end", "recall", "lapse", "hold"] as const).map((verb) =>
          nextOffer(status, verb),
        ),
      ]),
    );
    expect(table).toEqual({
      sent: ["acknowledged", "accepted", "declined", undefined, undefined, "recalled", "lapsed", undefined],
      acknowledged: [undefined, "accepted", "declined", undefined, undefined, "recalled", "lapsed", undefined],
      accepted: [undefined, undefined, undefined, "started", "ended", "recalled", "lapsed", "accepted"],
      started: [undefined, undefined, undefined, undefined, "ended", "recalled", undefined, "started"],
      declined: Array(8).fill(undefined),
      ended: Array(8).fill(undefined),
      recalled: Array(8).fill(undefined),
      lapsed: Array(8).fill(undefined),
    });
  });
});
