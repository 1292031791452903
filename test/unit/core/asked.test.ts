// Whom a referral was offered to, as its referrer may know it.
import { describe, expect, it } from "vitest";
import { reason } from "../../../schemas/reason.ts";
import type { EventBody } from "../../../schemas/event.ts";
import { askedOf } from "../../../src/core/asked.ts";
import { events, OFFER, RECEIPT, REFERRAL } from "../../builders/journey.ts";

const SECOND = "019a0000-0000-7000-8000-0000000000f2";
const offered = (offer: string, provider: string): EventBody => ({
  type: "offered",
  receipt: RECEIPT,
  offer,
  programme: "p",
  service: `${provider}-service`,
  provider,
});
const row = (bodies: EventBody[], more: object = {}) => ({
  id: REFERRAL,
  reference: "WM-XWNT-JTCC",
  door: "gp" as const,
  participation: "voluntary" as const,
  timeline: events(...bodies),
  ...more,
});
const STORY: EventBody[] = [
  { type: "received" },
  offered(OFFER, "one"),
  { type: "delivered", offer: OFFER },
  { type: "acknowledged", offer: OFFER },
  { type: "declined", offer: OFFER, reason: "full" },
  offered(SECOND, "two"),
  { type: "accepted", offer: SECOND },
  { type: "started", offer: SECOND, on: "2026-11-16" },
  { type: "ended", offer: SECOND, reason: "completed", on: "2026-12-16" },
];

describe("who was asked", () => {
  it("is each offer, with where it came to and why", () => {
    const seen = askedOf(row(STORY));
    expect(seen.map(({ id, provider, service, status }) => [id, provider, service, status])).toEqual([
      [OFFER, "one", "one-service", "declined"],
      [SECOND, "two", "two-service", "ended"],
    ]);
    expect(seen.map((one) => one.reasons)).toEqual([[reason("full")], [reason("completed")]]);
    const times = events(...STORY).map((one) => one.at.toISOString());
    expect(seen[0]).toMatchObject({ madeAt: times[1], changedAt: times[4] });
  });

  it.each([4, 5, 7, 8])("follows the events one by one (%i)", (count) => {
    const status = askedOf(row(STORY.slice(0, count))).at(-1)?.status;
    expect(status).toBe({ 4: "acknowledged", 5: "declined", 7: "accepted", 8: "started" }[count]);
  });

  describe("while help is under way", () => {
    const contacted = (outcome: "reached" | "no-answer"): EventBody => ({
      type: "contacted",
      offer: SECOND,
      outcome,
      way: "phone",
      on: "2026-11-17",
    });
    const last = (more: EventBody[], door = "gp") => askedOf(row([...STORY.slice(0, 7), ...more], { door })).at(-1);

    it("shows that the person was reached, has a plan, and that the help rests", () => {
      expect(last([contacted("reached")])).toMatchObject({ status: "accepted", progress: "reached" });
      const plan: EventBody = { type: "milestone", offer: SECOND, milestone: "plan-agreed", on: "2026-11-18" };
      expect(last([contacted("reached"), plan])).toMatchObject({ progress: "plan-agreed" });
      expect(last([plan, { type: "put-on-hold", offer: SECOND }])).toMatchObject({ onHold: true });
      const goesOn = last([plan, { type: "put-on-hold", offer: SECOND }, { type: "resumed", offer: SECOND }]);
      expect(goesOn).toMatchObject({ progress: "plan-agreed" });
      expect(goesOn).not.toHaveProperty("onHold");
    });

    it("rests no more once it has started or ended", () => {
      expect(last([{ type: "put-on-hold", offer: SECOND }, ...STORY.slice(7)])).not.toHaveProperty("onHold");
    });

    it("says nothing of an attempt that reached nobody", () => {
      expect(last([contacted("no-answer")])).not.toHaveProperty("progress");
      expect(last([contacted("no-answer")])?.changedAt).toBe(last([])?.changedAt);
    });

    it("shows a Jobcentre none of it", () => {
      for (const participation of ["voluntary", "mandatory"] as const) {
        const more = [contacted("reached"), { type: "put-on-hold", offer: SECOND } as const];
        const seen = askedOf(row([...STORY.slice(0, 7), ...more], { door: "jobcentre", participation })).at(-1);
        expect(seen).not.toHaveProperty("progress");
        expect(seen).not.toHaveProperty("onHold");
      }
    });
  });

  it("tells a Jobcentre no reason, and nothing of a step that it does not hear of", () => {
    const seen = askedOf(row(STORY, { door: "jobcentre" }));
    expect(seen.flatMap((one) => one.reasons)).toEqual([]);
    expect(askedOf(row(STORY.slice(0, 4), { door: "jobcentre" }))[0]?.status).toBe("sent");
    expect(askedOf(row(STORY.slice(0, 8), { door: "jobcentre" })).at(-1)?.status).toBe("accepted");
  });

  it("is taken back with the referral, where it was open", () => {
    const seen = askedOf(row([...STORY.slice(0, 7), { type: "withdrawn", reasons: [] }]));
    expect(seen.map((one) => one.status)).toEqual(["declined", "recalled"]);
  });
});
