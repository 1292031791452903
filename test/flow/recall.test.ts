// A referral taken back, end to end on every set-up: what is queued ends, who holds it is told by a signed recall and asked until
// it answers, and everybody who should can see who has.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { type House, PATIENCE_MS, setups, until } from "./house.ts";
import { get, handOffLetter, message, post, type Letter, type Reply } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const SURGERY = "islington-surgery";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { postcode: "N1 2UD", birthDate: "1984-04-09", family: "Quillfeather" },
};
const NEVER = { kind: "share", decision: "withdrawn" };

const json = (path: string, body: object): Letter => ({
  path,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});
const bodyOf = (reply: Reply): Loose => JSON.parse(reply.text) as Loose;

describe.each(setups())(
  "a referral taken back on $name",
  (setup) => {
    let house: House;
    beforeAll(async () => void (house = await setup.open()));
    afterAll(() => house.close());

    const coach = () => house.provider(COACHING);
    const told = (reference: string, type = "offer.recalled") =>
      coach().notices.filter((one) => one.reference === reference && one.type === type);
    const offered = async (): Promise<{ reference: string; offer: string }> => {
      const reply = await post(house.sender(SURGERY), message(house.sender(SURGERY), PATIENT));
      const reference = reply.reference ?? "";
      await until(() => coach().received.some((one) => one.reference === reference), "no offer came");
      await until(async () => (await typesOf(reference)).includes("delivered"), "it was not delivered");
      return { reference, offer: coach().received.find((one) => one.reference === reference)?.offer ?? "" };
    };
    const accepted = async () => {
      const made = await offered();
      expect((await coach().asks(`/offers/${made.offer}/accept`, {})).status).toBe(200);
      return made;
    };
    const typesOf = async (reference: string): Promise<string[]> =>
      (
        await house.sql<{ type: string }>(
          "SELECT e.type FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE r.reference = $1 ORDER BY e.sequence",
          [reference],
        )
      ).map(({ type }) => type);
    const withdraws = (reference: string, reason = "person-declined", key: ReferrerKey = SURGERY) =>
      post(house.sender(key), json(`/referrals/${reference}/withdrawal`, { reason, by: "person" }));
    const recallsOf = async (reference: string): Promise<Loose[]> =>
      bodyOf(await get(house.sender(SURGERY), `/referrals/${reference}/recalls`))["recalls"];
    const answers = async (offer: string, body: object) => {
      const reply = await coach().asks(`/offers/${offer}/recall`, body);
      return { status: reply.status, body: (await reply.json()) as Loose };
    };

    it("asks the provider that accepted by a signed recall, and takes that it deleted", async () => {
      const { reference, offer } = await accepted();
      const reply = await withdraws(reference);
      expect([reply.status, bodyOf(reply)]).toMatchObject([
        200,
        { outcome: "withdrawn", status: "withdrawn", reference },
      ]);
      expect(bodyOf(await withdraws(reference))["outcome"]).toBe("repeated");
      await until(() => told(reference).length === 1, "no recall came");
      const [recall] = told(reference);
      expect(recall?.verified).toBe(true);
      expect(JSON.parse(recall?.body ?? "{}")).toMatchObject({ type: "offer.recalled", offer, reference, time: 1 });
      // Why stays with us, and so does who.
      expect(recall?.body).not.toMatch(/Quillfeather|declined|consent/);
      expect(await recallsOf(reference)).toMatchObject([{ offer, state: "waits", provider: COACHING }]);
      await until(async () => (await recallsOf(reference))[0]?.["told"] === 1, "not written down");
      const own = (await (await coach().asks("/recalls")).json()) as { recalls: Loose[] };
      expect(own.recalls.map((one) => one["reference"])).toContain(reference);

      expect(await answers(offer, { answer: "deleted" })).toMatchObject({
        status: 200,
        body: { status: "recalled", recall: { state: "deleted" } },
      });
      expect(await recallsOf(reference)).toMatchObject([{ state: "deleted", answer: "deleted", told: 1 }]);
      expect(await typesOf(reference)).toEqual([
        "received",
        "offered",
        "delivered",
        "accepted",
        "withdrawn",
        "recall-told",
        "recall-answered",
      ]);
      const left = (await (await coach().asks("/recalls")).json()) as { recalls: Loose[] };
      expect(left.recalls.map((one) => one["reference"])).not.toContain(reference);
    });

    it("opens nothing to an accept that crosses the recall, and answers 410", async () => {
      const { reference, offer } = await offered();
      await withdraws(reference);
      const reply = await coach().asks(`/offers/${offer}/accept`, {});
      expect([reply.status, ((await reply.json()) as Loose)["code"] ?? ""]).toEqual([410, expect.anything()]);
      const shown = (await (await coach().asks(`/offers/${offer}`)).json()) as Loose;
      expect([shown["status"], shown["detail"]]).toEqual(["recalled", undefined]);
      expect(await typesOf(reference)).not.toContain("accepted");
    });

    it("asks again until it is answered, takes what is kept only with its basis and a day, and asks when that is over", async () => {
      const { reference, offer } = await accepted();
      await withdraws(reference);
      await until(() => told(reference).length === 1, "no recall came");
      await until(async () => (await waiting(offer)).length === 1, "no second time is planned");
      await sooner(offer);
      await until(() => told(reference).length === 2, "it was not asked again");
      expect(new Set(told(reference).map(({ webhookId }) => webhookId)).size).toBe(2);
      await until(async () => (await recallsOf(reference))[0]?.["state"] === "late", "it does not show as late");

      expect((await answers(offer, { answer: "kept" })).status).toBe(400);
      expect((await answers(offer, { answer: "kept", basis: "legal-claims", until: "2020-01-01" })).status).toBe(422);
      expect((await answers(offer, { answer: "deleted", until: "2030-01-01" })).status).toBe(400);
      const kept = await answers(offer, { answer: "kept", basis: "legal-obligation", until: "2033-03-31" });
      expect(kept.body["recall"]).toMatchObject({ state: "kept", basis: "legal-obligation", until: "2033-03-31" });
      // Its clock of before finds the answer.
      await house.sql("UPDATE waymark.work SET due = now() WHERE subject = $1 AND due < '2030-01-01'", [offer]);
      await until(async () => (await waiting(offer)).length === 1, "the clock of before was not stopped");
      expect(told(reference)).toHaveLength(2);
      await house.sql("UPDATE waymark.recall SET kept_until = '2026-01-01' WHERE offer = $1", [offer]);
      await sooner(offer);
      await until(() => told(reference).length === 3, "it was not asked when its time was over");
    });
    const waiting = (offer: string) =>
      house.sql<{ due: Date }>("SELECT due FROM waymark.work WHERE subject = $1 AND destination = 'recalls'", [offer]);
    const sooner = (offer: string) =>
      house.sql("UPDATE waymark.work SET due = now() WHERE subject = $1 AND destination = 'recalls'", [offer]);

    it("asks also a provider whose answer was lost: it may have read what came", async () => {
      coach().manner = "down";
      try {
        const reply = await post(house.sender(SURGERY), message(house.sender(SURGERY), PATIENT));
        const reference = reply.reference ?? "";
        await until(async () => (await typesOf(reference)).includes("offered"), "no offer");
        await withdraws(reference);
        await until(async () => (await recallsOf(reference))[0]?.["state"] === "waits", "no recall");
        expect((await typesOf(reference)).filter((type) => type === "delivered")).toEqual([]);
      } finally {
        coach().manner = "waits";
      }
    });

    it("ends what runs when the person takes back their consent", async () => {
      const { reference, offer } = await accepted();
      await coach().asks(`/offers/${offer}/start`, {});
      const reply = await post(house.sender(SURGERY), json(`/referrals/${reference}/consents`, { consents: [NEVER] }));
      expect(reply.status).toBe(200);
      await until(() => told(reference).length === 1, "no recall came");
      await until(async () => (await typesOf(reference)).includes("recall-told"), "not written down");
      expect((await typesOf(reference)).slice(-4)).toEqual(["started", "amended", "withdrawn", "recall-told"]);
    });

    it("ends with a job that was found before any start, and tells the holder", async () => {
      const { reference } = await accepted();
      const facts = { facts: { employment: "in-work", inWorkSince: new Date().toISOString().slice(0, 10) } };
      expect((await post(house.sender(SURGERY), json(`/referrals/${reference}/facts`, facts))).status).toBe(200);
      await until(() => told(reference).length === 1, "no recall came");
      const view = bodyOf(await get(house.sender(SURGERY), `/referrals/${reference}`));
      expect([view["status"], view["reasons"][0].code]).toEqual(["withdrawn", "found-work"]);
    });

    it("sends on what changed to those who hold it, by the names of what they were given and no others", async () => {
      const { reference, offer } = await accepted();
      const change = { person: { phones: ["07700 900456"] }, facts: { housing: "threatened" } };
      await post(house.sender(SURGERY), json(`/referrals/${reference}/facts`, change));
      await until(() => told(reference, "offer.changed").length === 1, "nothing was sent on");
      const [notice] = told(reference, "offer.changed");
      expect(notice?.verified).toBe(true);
      expect(JSON.parse(notice?.body ?? "{}")["fields"]).toEqual(["person.phones"]);
      expect(notice?.body).not.toContain("900456");
      const shown = (await (await coach().asks(`/offers/${offer}`)).json()) as Loose;
      expect(JSON.stringify(shown["detail"])).toContain("900456");
      // After a recall nothing else goes there.
      await withdraws(reference);
      await until(() => told(reference).length === 1, "no recall came");
      const again = { person: { phones: ["07700 900789"] } };
      const late = await post(house.sender(SURGERY), json(`/referrals/${reference}/facts`, again));
      expect(late.status).toBe(409);
      expect(told(reference, "offer.changed")).toHaveLength(1);
    });

    it("is withdrawn by a Jobcentre at its own door, which hears who has answered", async () => {
      const letter = handOffLetter({});
      const reply = await post(house.sender("jobcentre"), letter);
      const id = bodyOf(reply)["id"];
      const done = await post(house.sender("jobcentre"), {
        ...json(`/jobcentre/v1/handoffs/${id}/withdrawal`, { reason: "sent-in-error" }),
      });
      expect([done.status, bodyOf(done)["status"]]).toEqual([200, "withdrawn"]);
      const other = await post(house.sender(SURGERY), json(`/referrals/${id}/withdrawal`, { reason: "sent-in-error" }));
      expect(other.status).toBe(404);
      const wrong = await post(house.sender("jobcentre"), json(`/referrals/${id}/withdrawal`, { reason: "other" }));
      expect(wrong.status).toBe(400);
    });
  },
  PATIENCE_MS * 10,
);
