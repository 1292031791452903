// A person is forgotten: nothing of them opens anywhere, the codes stay for the count, and what was still to do ends quietly.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runVerb } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import type { OfferView } from "../../src/ports/views.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { type House, setups, until } from "./house.ts";
import { get, message, post, requestLetter, type Letter } from "./letters.ts";
import { found, inForm, inMessage } from "./secrets.ts";

const COACHING = "sample-islington-coaching";
const TOWER_HAMLETS = "sample-tower-hamlets-council";

describe.each(setups())("a person is forgotten on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  const sends = async (key: ReferrerKey, letter: Letter): Promise<string> => {
    const reply = await post(house.sender(key), letter);
    if (reply.reference === undefined) throw new Error(`not taken: ${reply.status} ${reply.text}`);
    return reply.reference;
  };
  const offerOf = async (organisation: string, reference: string): Promise<string> => {
    const { received } = house.provider(organisation);
    await until(() => received.some((one) => one.reference === reference), "the offer has not come");
    return received.find((one) => one.reference === reference)?.offer ?? "";
  };
  const forgets = async (reference: string): Promise<string> => {
    const { desk, ledger } = house.broker.ground.store;
    const dossier = await desk.dossier(reference);
    if (dossier === undefined) throw new Error("no such referral");
    await ledger.forget(dossier.journey.caseId);
    return dossier.journey.id;
  };
  const personal = { person: { given: "Perpetua-Zenobia", family: "Quillfeather-Oddington", postcode: "N1 2UD" } };
  const aMessage = (): Letter =>
    message(house.sender("islington-surgery"), {
      ...personal,
      facts: { employment: "out-of-work", longTermCondition: true },
    });

  it("opens nowhere any more: not for the provider who took them, not by number, not for us", async () => {
    const letter = aMessage();
    const secrets = inMessage(JSON.parse(letter.body) as Loose);
    const reference = await sends("islington-surgery", letter);
    const offer = await offerOf(COACHING, reference);
    const coaching = house.provider(COACHING);
    expect((await coaching.asks(`/offers/${offer}/accept`, {})).status).toBe(200);
    expect(found(await (await coaching.asks(`/offers/${offer}`)).text(), secrets)).not.toEqual([]);
    await house.quiet();
    const findable = () =>
      house.sql("SELECT FROM waymark.person_key k JOIN waymark.referral r USING (case_id) WHERE r.reference = $1", [
        reference,
      ]);
    expect(await findable()).not.toEqual([]);

    const id = await forgets(reference);
    const after = [await coaching.asks(`/offers/${offer}`), await coaching.asks("/offers?limit=100")];
    expect(found((await Promise.all(after.map((one) => one.text()))).join("\n"), secrets)).toEqual([]);
    expect(await findable()).toEqual([]);
    const { ledger, desk } = house.broker.ground.store;
    expect((await ledger.open(id))?.content).toBeUndefined();
    expect((await desk.dossier(reference))?.receipts).toEqual([]);
    const receipts = await get(house.sender("islington-surgery"), `/referrals/${reference}/receipt`);
    expect(JSON.parse(receipts.text)).toEqual({ receipts: [] });
    const keys = await house.sql(
      "SELECT wrapped_key FROM waymark.case_file c JOIN waymark.referral r ON r.case_id = c.id WHERE r.reference = $1",
      [reference],
    );
    expect(keys).toEqual([{ wrapped_key: null }]);
  });

  it("leaves the codes: the referrer still reads where it stands, and the same message is still a duplicate", async () => {
    const letter = aMessage();
    const reference = await sends("islington-surgery", letter);
    await offerOf(COACHING, reference);
    await house.quiet();
    const before = JSON.parse((await get(house.sender("islington-surgery"), `/referrals/${reference}`)).text) as Loose;
    await forgets(reference);
    const after = JSON.parse((await get(house.sender("islington-surgery"), `/referrals/${reference}`)).text) as Loose;
    expect(after).toMatchObject({ reference, status: before.status, timeline: before.timeline });
    const again = await post(house.sender("islington-surgery"), letter);
    expect(again.status).toBe(409);
    expect(again.text).toContain("duplicate");
  });

  it("asks whoever holds something of the person to delete it, and leaves nothing open that nobody owes", async () => {
    const reference = await sends("islington-surgery", aMessage());
    const offer = await offerOf(COACHING, reference);
    const coaching = house.provider(COACHING);
    await coaching.asks(`/offers/${offer}/accept`, {});
    await house.quiet();
    const tools = toolsOf(house.config, () => Promise.resolve(house.broker.ground));
    const erased = await runVerb(["person", "erase", reference, "--yes", "--json"], tools, { cwd: "/" });
    expect(JSON.parse(erased.out)).toEqual({ reference, erased: true });
    const recalls = () => coaching.notices.filter((one) => one.offer === offer && one.type === "offer.recalled");
    await until(() => recalls().length === 1, "its holder was not told");
    expect((await coaching.asks(`/offers/${offer}/recall`, { answer: "deleted" })).status).toBe(204);
    await house.quiet();
    const view = JSON.parse((await get(house.sender("islington-surgery"), `/referrals/${reference}`)).text) as Loose;
    expect(view.status).toBe("withdrawn");
    const ledger = await runVerb(["ledger", "--json"], tools, { cwd: "/" });
    const { differences } = JSON.parse(ledger.out) as { differences: { reference: string }[] };
    expect(differences.filter((one) => one.reference === reference)).toEqual([]);
  });

  it("lets a provider close its offer afterwards, without telling it anything", async () => {
    const letter = aMessage();
    const reference = await sends("islington-surgery", letter);
    const offer = await offerOf(COACHING, reference);
    await house.provider(COACHING).asks(`/offers/${offer}/accept`, {});
    await house.quiet();
    await forgets(reference);
    const reply = await house
      .provider(COACHING)
      .asks(`/offers/${offer}/end`, { reason: "other", text: "Perpetua-Zenobia moved" });
    expect(found(await reply.text(), inMessage(JSON.parse(letter.body) as Loose))).toEqual([]);
    await house.quiet();
    const view = JSON.parse((await get(house.sender("islington-surgery"), `/referrals/${reference}`)).text) as Loose;
    expect(view.status).toBe("ended");
    const notes = await house.sql(
      "SELECT e.sealed_note FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE r.reference = $1 AND e.sealed_note IS NOT NULL",
      [reference],
    );
    expect(notes).toEqual([]);
  });

  it("ends what was still to do: an offer that could not be delivered is never sent, and nobody decides again", async () => {
    const down = house.provider(TOWER_HAMLETS);
    down.manner = "down";
    const letter = requestLetter(house.sender("tower-hamlets"), {
      service: "childcare",
      parameters: { address_string: "9 Invented Mews, E1 1BJ" },
      attributes: { authority: "E09000030", birth_date: "1990-01-31" },
    });
    const reference = await sends("tower-hamlets", letter);
    await until(() => down.missed.length > 0, "nobody tried to deliver");
    const waiting = () =>
      house.sql<{ attempt: number }>(
        `SELECT w.attempt FROM waymark.work w JOIN waymark.referral r ON r.id = w.referral
         WHERE r.reference = $1 AND w.kind = 'deliver' AND w.token IS NULL`,
        [reference],
      );
    await until(async () => (await waiting())[0]?.attempt === 1, "the first attempt is not settled");
    const missed = down.missed.length;
    const id = await forgets(reference);
    down.manner = "waits";
    // All of it is due at once, the clocks of the offer too.
    await house.sql("UPDATE waymark.work SET due = least(due, made_at) - interval '1 hour' WHERE referral = $1", [id]);
    await house.sql(
      `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
       SELECT gen_random_uuid(), 'assess', $1::uuid, $1::uuid, 'assess', now(), made_at FROM waymark.work WHERE referral = $1::uuid LIMIT 1`,
      [id],
    );
    const left = () => house.sql("SELECT FROM waymark.work WHERE referral = $1", [id]);
    await until(async () => (await left()).length === 0, "work is left to do");
    expect(down.received).toEqual([]);
    expect(down.missed.length).toBe(missed);
    const page = (await (await down.asks("/offers")).json()) as { offers: OfferView[] };
    expect(page.offers).toEqual([]);
    expect(found(house.log.join("\n"), inForm(new URLSearchParams(letter.body)))).toEqual([]);
    expect(house.log.filter((line) => line.includes(id) && line.includes('"broke"'))).toEqual([]);
  });
});
