// What services say beside what the store and its journal say: what is taken in, and what only a person can decide.
import { describe, expect, it } from "vitest";
import type { OfferStatus } from "../../../schemas/offer.ts";
import type { Difference, LostOffer, Sighting } from "../../../schemas/reconcile.ts";
import {
  besideTold,
  differencesSeen,
  type Seen,
  settledBy,
  standsDifferently,
  stepsTold,
  takenBackByUs,
} from "../../../src/core/compare.ts";
import { uuid } from "../../builders/store.ts";

const NOBODY = new Set<string>();
const ACCEPTED: Sighting = { kind: "there", answers: [{ verb: "accept" }] };
const SAME: Sighting = { kind: "there", answers: [] };
const lost = {} as LostOffer;
const seen = (sighting: Sighting, over: Partial<Seen> = {}): Seen => ({
  id: uuid(),
  referral: uuid(),
  reference: "WM-KNWN-2345",
  provider: "helper",
  test: true,
  unsent: false,
  sighting,
  ...over,
});
const behind = (offer: string, here: OfferStatus, status: OfferStatus): Difference => ({
  what: "offer-behind",
  offer,
  here,
  status,
});

describe("steps that a service took", () => {
  it("are taken in where the offer is here and runs on", () => {
    expect(stepsTold([seen(ACCEPTED), seen(SAME), seen({ kind: "behind" })], NOBODY, NOBODY)).toMatchObject([
      { answers: [{ verb: "accept" }] },
    ]);
  });
  it("are not, where it is lost, or is taken back whatever they did", () => {
    const one = seen(ACCEPTED);
    expect(stepsTold([seen(ACCEPTED, { lost })], NOBODY, NOBODY)).toEqual([]);
    expect(stepsTold([one], new Set([one.reference]), NOBODY)).toEqual([]);
  });
  it("are not, where we took the offer back after the backup: what stands there may be our own doing", () => {
    const one = seen({ kind: "there", answers: [{ verb: "decline", reason: "other", text: "-" }] });
    for (const difference of [
      behind(one.id, "sent", "recalled"),
      behind(one.id, "sent", "lapsed"),
      { what: "recall-lost" as const, offer: one.id },
    ])
      expect(stepsTold([one], NOBODY, takenBackByUs([difference]))).toEqual([]);
    expect(stepsTold([one], NOBODY, takenBackByUs([behind(one.id, "sent", "declined")]))).toHaveLength(1);
  });
});

describe("what differs", () => {
  it("is what was sent and is not there, and what nobody can tell; not what had not been sent", () => {
    expect(differencesSeen([seen({ kind: "absent" }), seen({ kind: "unclear" })], NOBODY)).toMatchObject([
      { what: "offer-missing" },
      { what: "offer-unclear" },
    ]);
    const absent = seen({ kind: "absent" }, { unsent: true });
    expect(differencesSeen([absent, seen({ kind: "absent" }, { lost }), seen(SAME)], NOBODY)).toEqual([]);
    expect(
      [absent, seen(SAME), seen({ kind: "behind" }), seen({ kind: "absent" }, { lost })].map(standsDifferently),
    ).toEqual([false, false, false, false]);
    expect([seen(ACCEPTED), seen(SAME, { lost }), seen({ kind: "absent" })].map(standsDifferently)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("is nothing of a referral that is taken back", () => {
    const one = seen({ kind: "absent" });
    expect(differencesSeen([one], new Set([one.reference]))).toEqual([]);
  });

  it("between store and journal is settled by a service that tells the way there itself, or past it", () => {
    const one = seen({ kind: "there", answers: [{ verb: "accept" }, { verb: "start" }] });
    const steps = stepsTold([one], NOBODY, NOBODY);
    for (const status of ["accepted", "started"] as const) {
      const difference = behind(one.id, "sent", status);
      expect(besideTold([difference], [one], settledBy([difference], steps))).toEqual([]);
    }
    const declined = behind(one.id, "sent", "declined");
    expect(besideTold([declined], [one], settledBy([declined], steps))).toEqual([declined]);
  });

  it("says of a lost offer what its service says", () => {
    const one = seen(SAME, { lost });
    const difference: Difference = { what: "offer-lost", offer: one.id };
    expect(besideTold([difference], [one], NOBODY)).toEqual([{ ...difference, seen: "there" }]);
    expect(besideTold([difference], [], NOBODY)).toEqual([difference]);
  });
});
