// A start is recorded only while the offer still stands: the step reads the rules again, as of the day of the start.
import { someTerms } from "../../builders/terms.ts";
import { describe, expect, it } from "vitest";
import type { Client } from "../../../schemas/client.ts";
import type { Programme } from "../../../schemas/programme.ts";
import type { Content } from "../../../schemas/referral.ts";
import type { Change, Journey, Ledger } from "../../../src/ports/ledger.ts";
import type { Rulebook } from "../../../src/ports/rulebook.ts";
import { createAnswer } from "../../../src/steps/answer.ts";
import { aContent, allConsents } from "../../builders/content.ts";
import { aJourney, anOffer, OFFER } from "../../builders/journey.ts";
import { aContract, aDirectory, aProgramme, NOW } from "../../builders/rules.ts";
import { ids } from "../../builders/store.ts";

const provider = { id: "p", kind: "provider", organisation: "sample-coaching", test: true } as Client;

const starting = async (given: { content?: Content; programme?: Partial<Programme>; on?: string }) => {
  const asked: string[] = [];
  const written: Change[] = [];
  const journey: Journey = aJourney({
    status: "accepted",
    offers: [anOffer({ status: "accepted", madeAt: new Date("2026-11-09T09:00:00Z") })],
    content: given.content ?? aContent(),
  });
  const ledger = {
    openByOffer: () => Promise.resolve(journey),
    commit: (change: Change) => Promise.resolve(written.push(change) > 0 ? "committed" : "stale"),
  } as unknown as Ledger;
  const rulebook = {
    inForce: (day: Date) => {
      asked.push(day.toISOString().slice(0, 10));
      return [{ programme: aProgramme(given.programme), digest: "" }];
    },
    directory: () => aDirectory(),
  } as unknown as Rulebook;
  const answer = createAnswer({
    ledger,
    rulebook,
    terms: someTerms,
    clock: { now: () => NOW },
    ids,
    bell: { nudge: () => {} },
  });
  const result = await answer(provider, OFFER, { verb: "start", ...(given.on === undefined ? {} : { on: given.on }) });
  return { result, asked, events: written.flatMap((change) => change.events.map((event) => event.body)) };
};

describe("a start", () => {
  it("is recorded with its day, and by the rules of that day", async () => {
    const { result, events, asked } = await starting({ on: "2026-11-10" });
    expect(result).toMatchObject({ outcome: "changed", offer: { status: "started" } });
    expect(events).toMatchObject([{ type: "started", on: "2026-11-10" }]);
    expect(asked).toContain("2026-11-10");
  });

  it("is today where no day is said", async () => {
    expect((await starting({})).events).toMatchObject([{ type: "started", on: "2026-11-16" }]);
  });

  const taken = aContent({
    consents: [...allConsents(), { kind: "take-part", decision: "withdrawn", at: "2026-11-10T10:00:00Z" }],
  });
  const health = { id: "d", words: "Disabled", health: true, test: { disability: true } };

  it.each([
    ["the person no longer takes part", { content: taken }, [{ code: "consent-withdrawn" }]],
    [
      "the contract is over",
      { programme: { contracts: [aContract({ to: "2026-11-15" })] } },
      [{ code: "contract-over" }],
    ],
    [
      "the person is no longer eligible",
      { programme: { eligibility: [{ ...health, test: { age: { atLeast: 60 } } }] } },
      [{ code: "not-eligible" }],
    ],
    [
      "a fact is missing that the provider may not know",
      { programme: { eligibility: [health] } },
      [{ code: "fact-unknown" }],
    ],
    ["the day lies before it was asked", { on: "2026-11-08" }, [{ code: "before-offer", path: "on" }]],
    ["the day has not come", { on: "2026-11-17" }, [{ code: "not-yet", path: "on" }]],
  ] as [string, Parameters<typeof starting>[0], object[]][])(
    "is refused when %s, and nothing is written",
    async (_name, given, reasons) => {
      const { result, events } = await starting(given);
      expect(result).toEqual({ outcome: "refused", reasons: reasons.map((one) => ({ severity: "error", ...one })) });
      expect(events).toEqual([]);
    },
  );
});
