// What is not sent leaves a row that says why: switched off, taken back before, nobody there, no way to send it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { read } from "../../schemas/faults.ts";
import { NewClient } from "../../schemas/client.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Clause } from "../../schemas/rule.ts";
import type { Worked } from "../../src/ports/steps.ts";
import { anOfferTo, aRulebook, attemptsOf, claimed, newsFor, register, rowOf, senders } from "../builders/delivery.ts";
import { aContract, aProgramme } from "../builders/rules.ts";
import { aHome, type Home, opened, taken, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";
import { answers, startReceiver, type Receiver } from "./receiver.ts";

describe.each(engines())("what is not sent on $name", (on) => {
  let home: Home;
  let receiver: Receiver;
  beforeAll(async () => {
    home = await aHome(on);
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await home.close();
  });

  const gone = async (id: string) =>
    home.sql("UPDATE waymark.client SET silenced_at = $2 WHERE id = $1", [id, home.clock.now()]);

  describe("of offers", () => {
    type Story = (provider: { id: string; organisation: string }, journey: string, offer: string) => Promise<unknown>;
    const nothing: Story = async () => undefined;

    const stories: [string, object, Story, object, object][] = [
      [
        "a provider that was switched off is a person's task",
        { callbackUrl: "given" },
        ({ id }) => gone(id),
        { ended: "dead", outcome: "disabled", cause: "silenced" },
        { result: "dead", outcome: "disabled", cause: "silenced" },
      ],
      [
        "a provider without a client is looked for again",
        { callbackUrl: "given" },
        ({ id }) => home.store.clients.revoke(id),
        { ended: "again", outcome: "unmatched", cause: "no-client" },
        { result: "again", outcome: "unmatched", cause: "no-client" },
      ],
      [
        "a way that is not set up is a person's task",
        { reach: { by: "mesh", mailbox: "X26HC005" } },
        nothing,
        { ended: "dead", outcome: "unmatched", cause: "no-transport" },
        { result: "dead", outcome: "unmatched", cause: "no-transport" },
      ],
      [
        "a provider that pulls has it in its queue",
        {},
        nothing,
        { ended: "done", outcome: "skipped", cause: "provider-pulls" },
        { result: "done", outcome: "skipped", cause: "provider-pulls" },
      ],
      [
        "an erased person is told to nobody",
        { callbackUrl: "given" },
        async (_provider, journey) => home.store.ledger.forget((await opened(home, journey)).caseId),
        { ended: "done", outcome: "skipped", cause: "erased" },
        { result: "done", outcome: "skipped", cause: "erased" },
      ],
      [
        "an offer that was closed before is not sent",
        { callbackUrl: "given" },
        (_provider, _journey, offer) => home.sql("UPDATE waymark.offer SET status = 'recalled' WHERE id = $1", [offer]),
        { ended: "done", outcome: "skipped", cause: "offer-closed" },
        { result: "done", outcome: "skipped", cause: "offer-closed" },
      ],
    ];

    it.each(stories)("%s", async (_name, draft, story, ending, attempt) => {
      const asked = read(NewClient, {
        kind: "provider",
        organisation: `org-${uuid()}`,
        name: "Sample",
        test: true,
        ...draft,
        ...("callbackUrl" in draft && { callbackUrl: receiver.url }),
      });
      if (!asked.ok) throw new Error("the story's client is not one");
      const provider = await register(home, asked.value);
      const { work, journey, offer } = await anOfferTo(home, provider.organisation);
      await story(provider, journey.id, offer.id);
      const steps = senders(home, { rulebook: aRulebook(provider.organisation) });
      expect(await steps.deliver(await claimed(home, work.destination))).toEqual({ ...ending });
      expect(await attemptsOf(home, work.id)).toEqual([{ number: 1, status: null, ...attempt }]);
      expect(receiver.received).toEqual([]);
      await steps.close();
    });

    const clause = (test: Clause["test"]): Clause => ({ id: "c", words: "A clause.", health: false, test });
    const changes: [string, Partial<Programme> | undefined, string][] = [
      ["the programme is no more", undefined, "no-service"],
      ["its contract is over", { contracts: [aContract({ from: "2026-01-01", to: "2026-01-31" })] }, "contract-over"],
      ["the person meets a rule no longer", { eligibility: [clause({ employment: ["in-work"] })] }, "not-eligible"],
      ["nobody knows of a rule", { eligibility: [clause({ benefit: ["universal-credit"] })] }, "fact-unknown"],
      ["a consent does not stand", { consents: [{ kind: "share", purpose: "follow-up" }] }, "consent-missing"],
    ];

    it.each(changes)(
      "%s: the offer is recalled, nothing is sent, and the attempt is on record",
      async (_, now, why) => {
        const provider = await register(home, { callbackUrl: receiver.url });
        const { organisation } = provider;
        const { work, journey, offer } = await anOfferTo(home, organisation);
        const contracts = (now?.contracts ?? [aContract()]).map((one) => ({ ...one, prime: organisation }));
        const packs = now === undefined ? [] : [{ programme: aProgramme({ ...now, contracts }), digest: "later" }];
        const steps = senders(home, { rulebook: { ...aRulebook(organisation), inForce: () => packs } });
        const passedOver = { outcome: "skipped", cause: "not-allowed-now" };
        expect(await steps.deliver(await claimed(home, work.destination))).toEqual({ ended: "done", ...passedOver });
        expect(await attemptsOf(home, work.id)).toMatchObject([passedOver]);
        expect(receiver.received).toEqual([]);
        const { offers, story } = await opened(home, journey.id);
        expect(offers).toMatchObject([{ id: offer.id, status: "recalled" }]);
        const recalled = story.find(({ body }) => body.type === "recalled")?.body;
        expect(recalled).toMatchObject({ reasons: [{ code: why }] });
        await steps.close();
      },
    );
  });

  describe("of news", () => {
    const tell = async (client: string, story: () => Promise<unknown> = async () => undefined) => {
      const { work, callback } = await newsFor(home, client);
      await story();
      const steps = senders(home);
      const worked: Worked = await steps.notify(await claimed(home, work.destination));
      await steps.close();
      const state = (await home.store.ledger.callback(callback.id))?.state;
      return { worked, state, attempts: await attemptsOf(home, work.id), left: await rowOf(home, work.id) };
    };
    const kept = (outcome: string, cause: string) => ({
      worked: { ended: "done", outcome, cause },
      state: "kept",
      attempts: [{ number: 1, result: "done", outcome, cause, status: null }],
      left: undefined,
    });

    it("nobody has such a client: kept", async () => {
      expect(await tell(uuid())).toEqual(kept("unmatched", "no-client"));
    });

    it("without an address: kept", async () => {
      const { id } = await register(home, { kind: "gp" });
      expect(await tell(id)).toEqual(kept("disabled", "no-address"));
    });

    it("revoked or switched off before the attempt: kept, and nothing is dialled", async () => {
      const first = await register(home, { kind: "gp", callbackUrl: receiver.url });
      expect(await tell(first.id, () => home.store.clients.revoke(first.id))).toEqual(kept("disabled", "revoked"));
      const second = await register(home, { kind: "gp", callbackUrl: receiver.url });
      expect(await tell(second.id, () => gone(second.id))).toEqual(kept("disabled", "silenced"));
      expect(receiver.received).toEqual([]);
    });

    it("410 switches its receiver off with the same commit, and keeps this and what follows", async () => {
      receiver.behave(answers(410));
      const { id } = await register(home, { kind: "gp", callbackUrl: receiver.url });
      expect(await tell(id)).toMatchObject({
        worked: { ended: "done", outcome: "refused", cause: "gone", status: 410 },
        state: "kept",
        attempts: [{ outcome: "refused", cause: "gone", status: 410 }],
      });
      expect((await home.store.clients.byId(id))?.silencedAt).toEqual(home.clock.now());
      expect(receiver.received).toHaveLength(1);
      expect(await tell(id)).toMatchObject(kept("disabled", "silenced"));
      expect(receiver.received).toHaveLength(1);
    });

    it("a second ring for news that was told finds it told", async () => {
      receiver.behave(answers(204));
      const { id } = await register(home, { kind: "gp", callbackUrl: receiver.url });
      const journey = await taken(home);
      await home.sql("DELETE FROM waymark.work WHERE referral = $1", [journey.id]);
      const { work, callback } = await newsFor(home, id, journey);
      const before = receiver.received.length;
      const steps = senders(home);
      expect(await steps.notify(await claimed(home, work.destination))).toMatchObject({ outcome: "accepted" });
      const again = uuid();
      await home.sql(
        `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
         VALUES ($1, 'notify', $2, $3, $4, $5, $5)`,
        [again, callback.id, journey.id, work.destination, home.clock.now()],
      );
      expect(await steps.notify(await claimed(home, work.destination))).toEqual({
        ended: "done",
        outcome: "skipped",
        cause: "told-before",
      });
      expect(receiver.received.length - before).toBe(1);
      await steps.close();
    });
  });
});
