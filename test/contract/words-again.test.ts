// Word about an offer that is tried again says the same under the same name, and is not said at all once its holder is to
// delete what it has: a reminder that nobody heard, and what changed while nobody could be reached.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewWork, WorkKind } from "../../schemas/work.ts";
import { createBreakers } from "../../adapters/outbound/breakers.ts";
import type { Exchange } from "../../adapters/outbound/exchange.ts";
import { createTransports } from "../../adapters/providers/registry.ts";
import { createWebhook } from "../../adapters/providers/webhook.ts";
import type { Letters } from "../../src/ports/outward.ts";
import { withdraw } from "../../src/core/withdraw.ts";
import { createChase } from "../../src/steps/chase.ts";
import { createCheckpoint } from "../../src/steps/checkpoint.ts";
import { createNudge } from "../../src/steps/nudge.ts";
import { createRecall } from "../../src/steps/recall.ts";
import { createRectify } from "../../src/steps/rectify.ts";
import { aRulebook, anOfferTo, claimed, endOf, HOLIDAYS, register } from "../builders/delivery.ts";
import { only } from "../builders/ports.ts";
import { aChange, aHome, type Home, ids, nextEvent, opened, uuid } from "../builders/store.ts";
import { someTerms } from "../builders/terms.ts";
import { engines } from "../engines.ts";

const DAY = 86_400;
const LOST: Exchange = { kind: "failed", cause: "timed-out", sent: true };
const TAKEN: Exchange = { kind: "answer", status: 204, headers: {}, body: "" };

type Offered = { referral: string; offer: string; organisation: string };

describe.each(engines())("word said again on $name", (engine) => {
  let home: Home;
  beforeEach(async () => void (home = await aHome(engine)));
  afterEach(() => home.close());

  /** The steps that speak to a provider, over one whose answers are given. */
  const speaking = (...answers: (Exchange | (() => Promise<Exchange>))[]) => {
    const heard: { id: string; type: string; body: string }[] = [];
    const { store, clock } = home;
    const webhook = createWebhook({
      outbound: {
        post: async (_, { headers, body }) => {
          heard.push({ id: headers["webhook-id"] ?? "", type: (JSON.parse(body) as { type: string }).type, body });
          const answer = answers.shift() ?? TAKEN;
          return typeof answer === "function" ? answer() : answer;
        },
      },
      signer: { headers: ({ id }) => ({ "webhook-id": id }) },
      clock,
      publicUrl: "https://broker.example",
    });
    const { ledger, agenda, clients } = store;
    const parts = { ledger, agenda, clients, clock, ids, rulebook: aRulebook(), holidays: HOLIDAYS };
    const breakers = createBreakers({ rows: store.breakerRows, clock, ids });
    const outward = { ...parts, breakers, transports: createTransports([webhook]) };
    const bell = { nudge: () => undefined };
    return {
      heard,
      chase: createChase({ ...parts, terms: someTerms, bell }),
      nudge: createNudge({ ...outward, letters: only<Letters>({}) }),
      rectify: createRectify(outward),
      checkpoint: createCheckpoint({ ...outward, bell }),
      recall: createRecall({ ...outward, bell }),
    };
  };

  /** An offer that was sent, and stands as given. */
  const offered = async (status: "sent" | "accepted" = "sent"): Promise<Offered> => {
    const { organisation } = await register(home, { callbackUrl: "https://provider.example/offers" });
    const { journey, offer, work } = await anOfferTo(home, organisation);
    await home.sql("UPDATE waymark.offer SET status = $2 WHERE id = $1", [offer.id, status]);
    const referralStatus = status === "sent" ? "offered" : status;
    await home.sql("UPDATE waymark.referral SET status = $2 WHERE id = $1", [journey.id, referralStatus]);
    const sent = await claimed(home, work.destination);
    await home.store.agenda.settle(sent, { kind: "done", tried: { outcome: "accepted", way: "webhook" } });
    return { referral: journey.id, offer: offer.id, organisation };
  };
  const plans = async ({ referral, offer }: Offered, kind: WorkKind, destination: string, fields?: string[]) => {
    const journey = await opened(home, referral);
    const at = home.clock.now();
    const work: NewWork = { id: uuid(), kind, subject: offer, referral, destination, due: at };
    const events = fields === undefined ? [] : [nextEvent(journey, { type: "rectified", offer, fields }, { at })];
    const change = aChange(journey, { status: journey.status, events, work: [work] });
    expect(await home.store.ledger.commit(change)).toBe("committed");
  };
  /** Its clock rings on Monday, and a reminder waits to be said. */
  const reminded = async (steps: ReturnType<typeof speaking>): Promise<Offered & { lane: string }> => {
    const of = await offered();
    home.clock.pass(3 * DAY);
    await plans(of, "chase", "clocks");
    expect(endOf(await steps.chase(await claimed(home, "clocks")))).toMatchObject({ ended: "done" });
    return { ...of, lane: `nudge:${of.organisation}` };
  };
  const withdraws = async ({ referral }: Offered): Promise<void> => {
    const wish = { reasons: [], by: "person" as const, actor: "operator" };
    const change = withdraw(await opened(home, referral), wish, () => "2026-11-30", uuid, home.clock.now());
    if (change === undefined) throw new Error("nothing to take back");
    expect(await home.store.ledger.commit(change)).toBe("committed");
  };

  it("is not said after a withdrawal, though the first try was not heard", async () => {
    const steps = speaking(LOST);
    const of = await reminded(steps);
    expect(endOf(await steps.nudge(await claimed(home, of.lane)))).toMatchObject({ ended: "again" });
    await withdraws(of);
    await steps.recall(await claimed(home, `recall:${of.organisation}`));
    home.clock.pass(DAY);
    expect(endOf(await steps.nudge(await claimed(home, of.lane)))).toMatchObject({
      ended: "done",
      outcome: "skipped",
      cause: "offer-closed",
    });
    expect(steps.heard.map(({ type }) => type)).toEqual(["offer.reminder", "offer.recalled"]);
  });

  it("says the same under the same id, whatever is owed meanwhile", async () => {
    const steps = speaking(LOST);
    const of = await reminded(steps);
    await steps.nudge(await claimed(home, of.lane));
    await home.sql("UPDATE waymark.offer SET due_at = due_at + interval '3 days' WHERE id = $1", [of.offer]);
    home.clock.pass(DAY);
    await steps.nudge(await claimed(home, of.lane));
    const [first, again] = steps.heard;
    expect(JSON.parse(first?.body ?? "")).toMatchObject({ dueAt: "2026-11-25T00:00:00.000Z" });
    expect(steps.heard).toHaveLength(2);
    expect(again).toEqual(first);
  });

  it("is told of the ring that it was made for when it is sent again by hand, and of no later one", async () => {
    const steps = speaking(LOST);
    const of = await reminded(steps);
    const work = await claimed(home, of.lane);
    await steps.nudge(work);
    home.clock.pass(DAY);
    const journey = await opened(home, of.referral);
    const later = nextEvent(
      journey,
      { type: "escalated", offer: of.offer, clock: "deliver" },
      { at: home.clock.now() },
    );
    await home.store.ledger.commit(aChange(journey, { status: journey.status, events: [later] }));
    const again = await claimed(home, of.lane);
    await home.store.agenda.settle(again, { kind: "dead", cause: "answered-500" });
    home.clock.pass(DAY);
    await home.store.deadLetters.resend("ada", work.id);
    expect(endOf(await steps.nudge(await claimed(home, of.lane)))).toMatchObject({ cause: "answered-since" });
    expect(steps.heard).toHaveLength(1);
  });

  it("is waited for by the recall while it is under way", async () => {
    let answers: (answer: Exchange) => void = () => undefined;
    const slow = new Promise<Exchange>((done) => (answers = done));
    const steps = speaking(() => slow);
    const of = await reminded(steps);
    const saying = steps.nudge(await claimed(home, of.lane));
    await withdraws(of);
    const recall = await claimed(home, `recall:${of.organisation}`);
    expect(endOf(await steps.recall(recall))).toMatchObject({ ended: "again", cause: "send-under-way" });
    answers(TAKEN);
    await saying;
    home.clock.pass(3);
    expect(endOf(await steps.recall(await claimed(home, recall.destination)))).toMatchObject({ outcome: "accepted" });
    expect(steps.heard.map(({ type }) => type)).toEqual(["offer.reminder", "offer.recalled"]);
  });

  it("tells of what changed by then, and leaves a later change to word of its own", async () => {
    const steps = speaking(LOST);
    const of = await offered("accepted");
    const lane = `provider:${of.organisation}`;
    await plans(of, "rectify", lane, ["person.phones"]);
    await steps.rectify(await claimed(home, lane));
    home.clock.pass(DAY);
    await plans(of, "rectify", lane, ["person.email"]);
    await steps.rectify(await claimed(home, lane));
    home.clock.pass(DAY);
    await steps.rectify(await claimed(home, lane));
    const said = steps.heard.map(({ body }) => (JSON.parse(body) as { fields: string[] }).fields);
    expect(said).toEqual([["person.phones"], ["person.phones"], ["person.phones", "person.email"]]);
    expect(steps.heard[1]).toEqual(steps.heard[0]);
  });

  it("asks whether a job lasts in the same words on every try, and of a later week under a name of its own", async () => {
    const steps = speaking(LOST, LOST);
    const of = await offered("accepted");
    const lane = `provider:${of.organisation}`;
    const reports = async (on: string): Promise<void> => {
      const journey = await opened(home, of.referral);
      const job = { what: "job-started", on, evidence: "employer", employment: "paid", hours: 20 } as const;
      const kept = { id: uuid(), offer: of.offer, provider: of.organisation, at: home.clock.now(), report: job };
      const body = { type: "outcome-reported", offer: of.offer, what: "job-started", on } as const;
      const events = [nextEvent(journey, body, { at: home.clock.now() })];
      const change = aChange(journey, { status: journey.status, events, reports: [kept] });
      expect(await home.store.ledger.commit(change)).toBe("committed");
    };
    const asks = async (): Promise<void> => {
      await plans(of, "checkpoint", "checkpoints");
      await steps.checkpoint(await claimed(home, "checkpoints"));
    };
    await reports("2026-11-20");
    home.clock.pass(28 * DAY);
    await asks();
    const first = await claimed(home, lane);
    expect(endOf(await steps.checkpoint(first))).toMatchObject({ ended: "again" });
    // Told meanwhile of an earlier job: all weeks are counted from there.
    home.clock.pass(1);
    await reports("2026-11-18");
    home.clock.pass(DAY);
    const again = await claimed(home, lane);
    await steps.checkpoint(again);
    expect(JSON.parse(steps.heard[0]?.body ?? "")).toMatchObject({ week: 4, due: "2026-12-18" });
    expect(steps.heard).toHaveLength(2);
    expect(steps.heard[1]).toEqual(steps.heard[0]);
    // Given up, and sent again by hand when a later week has been asked about.
    home.clock.pass(DAY);
    await home.store.agenda.settle(await claimed(home, lane), { kind: "dead", cause: "answered-500" });
    home.clock.pass(70 * DAY);
    await home.sql("DELETE FROM waymark.work WHERE destination = 'checkpoints'");
    await asks();
    await steps.checkpoint(await claimed(home, lane));
    await home.store.deadLetters.resend("ada", first.id);
    expect(endOf(await steps.checkpoint(await claimed(home, lane)))).toMatchObject({ cause: "no-question" });
    expect(steps.heard).toHaveLength(3);
    expect(JSON.parse(steps.heard[2]?.body ?? "")).toMatchObject({ week: 13 });
  });
});
