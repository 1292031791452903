// Outcomes, end to end on every set-up: a job reported, asked about when its weeks are over, reached by the programme's own
// definition, counted once; and what may not be reported.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import { type House, PATIENCE_MS, setups, until } from "./house.ts";
import { message, post, type Letter } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const SURGERY = "islington-surgery";
const patient = (nhsNumber?: string): GpOptions => ({
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: {
    postcode: "N1 2UD",
    birthDate: "1984-04-09",
    family: "Quillfeather",
    ...(nhsNumber === undefined ? {} : { nhsNumber }),
  },
});
const json = (path: string, body: object): Letter => ({
  path,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

describe.each(setups())(
  "outcomes on $name",
  (setup) => {
    let house: House;
    beforeAll(async () => void (house = await setup.open()));
    afterAll(() => house.close());

    const coach = () => house.provider(COACHING);
    const says = async (offer: string, body: object) => {
      const reply = await coach().asks(`/offers/${offer}/outcome`, { evidence: "employer", ...body });
      const text = await reply.text();
      return { status: reply.status, body: (text === "" ? {} : JSON.parse(text)) as Loose };
    };
    /** Help that began in January, as far as everybody knows. */
    const helped = async (options = patient()) => {
      const reply = await post(house.sender(SURGERY), message(house.sender(SURGERY), options));
      const reference = reply.reference ?? "";
      await until(() => coach().received.some((one) => one.reference === reference), "no offer came");
      const offer = coach().received.find((one) => one.reference === reference)?.offer ?? "";
      await until(
        async () =>
          (
            await house.sql("SELECT FROM waymark.work WHERE subject = $1 AND kind IN ('deliver', 'checkpoint')", [
              offer,
            ])
          ).length === 0,
        "it is still on its way",
      );
      for (const verb of ["accept", "start"])
        expect((await coach().asks(`/offers/${offer}/${verb}`, {})).status).toBe(200);
      await house.sql(
        `UPDATE waymark.event SET body = jsonb_set(body, '{on}', '"2026-01-05"') WHERE type = 'started' AND body ->> 'offer' = $1`,
        [offer],
      );
      return { reference, offer };
    };
    const JOB = { what: "job-started", on: "2026-01-12", employment: "paid", hours: 20, hourlyRate: 14.8 };
    const typesOf = async (offer: string): Promise<string[]> =>
      (
        await house.sql<{ type: string }>(
          "SELECT e.type FROM waymark.event e JOIN waymark.offer o ON o.referral = e.referral WHERE o.id = $1 ORDER BY e.sequence",
          [offer],
        )
      ).map(({ type }) => type);
    const due = (offer: string) =>
      house.sql("UPDATE waymark.work SET due = now() WHERE subject = $1 AND destination = 'checkpoints'", [offer]);
    const hears = async (reference: string, type: string) =>
      until(
        async () =>
          (
            await house.sql("SELECT FROM waymark.callback WHERE body ->> 'reference' = $1 AND body ->> 'type' = $2", [
              reference,
              type,
            ])
          ).length > 0,
        `no news of ${type}`,
      );

    it("asks whether a job lasts when its weeks are over, and finds the outcome reached", async () => {
      const { reference, offer } = await helped();
      const first = await says(offer, JOB);
      expect([first.status, first.body["outcomes"].checkpoints[3]]).toEqual([200, { week: 52, due: "2027-01-11" }]);
      await hears(reference, "referral.job-started");
      await hears(reference, "referral.outcome-reached");
      // The weeks are over already: the latest that is due is asked about, once at a time.
      await until(
        () => coach().notices.some((one) => one.offer === offer && one.type === "offer.checkpoint"),
        "not asked",
      );
      const notice = coach().notices.find((one) => one.offer === offer && one.type === "offer.checkpoint");
      expect(notice?.verified).toBe(true);
      expect(JSON.parse(notice?.body ?? "{}")).toMatchObject({ type: "offer.checkpoint", week: 26, due: "2026-07-13" });
      expect(notice?.body).not.toMatch(/Quillfeather|14\.8/);
      const checkpoint = { what: "checkpoint", week: 26, on: "2026-07-14" };
      expect((await says(offer, { ...checkpoint, answer: "could-not-contact" })).status).toBe(200);
      expect((await typesOf(offer)).filter((type) => type === "outcome-reached")).toHaveLength(1);
      expect((await says(offer, { ...checkpoint, answer: "in-work" })).status).toBe(200);
      expect((await typesOf(offer)).filter((type) => type === "outcome-reached")).toHaveLength(2);
      expect((await says(offer, { ...checkpoint, answer: "not-in-work" })).body["errors"]?.[0]?.code).toBe(
        "checkpoint-answered",
      );
      const asked = coach().notices.filter((one) => one.offer === offer).length;
      await due(offer);
      await until(
        async () =>
          (
            await house.sql("SELECT FROM waymark.work WHERE subject = $1 AND kind IN ('deliver', 'checkpoint')", [
              offer,
            ])
          ).length === 0,
        "clocks are left",
      );
      expect(coach().notices.filter((one) => one.offer === offer)).toHaveLength(asked);
      expect(coach().notices.filter((one) => one.offer === offer && one.type === "offer.checkpoint")).toHaveLength(1);
      // Nowhere in the open: what somebody earns is sealed.
      const open = await house.sql<{ all: string }>("SELECT jsonb_agg(e.body)::text AS all FROM waymark.event e");
      expect(open[0]?.all).not.toContain("14.8");
      // A job may well take as many milliseconds.
      const told = house.log.map((line) => ({ ...(JSON.parse(line) as object), time: "", ms: 0 }));
      expect(JSON.stringify(told)).not.toContain("14.8");
    });

    it("takes the same report once, though it comes a hundred times at one moment", async () => {
      const { offer } = await helped();
      const replies = await Promise.all(Array.from({ length: 100 }, () => says(offer, JOB)));
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
      expect((await typesOf(offer)).filter((type) => type === "outcome-reported")).toHaveLength(1);
      const rows = await house.sql("SELECT FROM waymark.outcome_report WHERE offer = $1", [offer]);
      expect(rows).toHaveLength(1);
    });

    it("refuses what cannot be, each with its code", async () => {
      const { reference, offer } = await helped();
      const code = async (body: object) => {
        const reply = await says(offer, body);
        return [reply.status, reply.body["errors"]?.[0]?.code];
      };
      expect(await code({ ...JOB, on: "2099-01-01" })).toEqual([422, "not-yet"]);
      expect(await code({ ...JOB, on: "2025-12-01" })).toEqual([422, "before-start"]);
      expect(await code({ what: "job-ended", on: "2026-02-01" })).toEqual([409, "no-job"]);
      expect((await code({ ...JOB, hours: 0 }))[0]).toBe(400);
      await says(offer, { what: "earnings", on: "2026-03-01", total: 500 });
      expect(await code({ what: "earnings", on: "2026-04-01", total: 499 })).toEqual([422, "earnings-shrink"]);
      const waiting = await post(house.sender(SURGERY), message(house.sender(SURGERY), patient()));
      await until(() => coach().received.some((one) => one.reference === waiting.reference), "no offer came");
      const fresh = coach().received.find((one) => one.reference === waiting.reference)?.offer ?? "";
      expect((await says(fresh, JOB)).body["errors"]?.[0]?.code).toBe("help-not-begun");
      await post(house.sender(SURGERY), json(`/referrals/${reference}/withdrawal`, { reason: "person-declined" }));
      expect(await code(JOB)).toEqual([410, "outcome-after-withdrawal"]);
      expect(
        (await house.provider("sample-welfare-rights").asks(`/offers/${offer}/outcome`, { ...JOB, evidence: "rti" }))
          .status,
      ).toBe(404);
    });

    it("opens the same case again for who wants help after a job, and says so", async () => {
      const { reference, offer } = await helped();
      await says(offer, JOB);
      const before = await house.sql<{ case_id: string }>("SELECT case_id FROM waymark.referral WHERE reference = $1", [
        reference,
      ]);
      expect((await says(offer, { what: "job-ended", on: "2026-03-02", returns: true })).status).toBe(200);
      await hears(reference, "referral.branched");
      const inCase = await house.sql<{ reference: string }>(
        "SELECT reference FROM waymark.referral WHERE case_id = $1 AND reference <> $2",
        [before[0]?.case_id, reference],
      );
      expect(inCase).toHaveLength(1);
      await until(
        () => coach().received.some((one) => one.reference === inCase[0]?.reference),
        "nobody was asked anew",
      );
    });

    it("counts a person once who came by two referrals", async () => {
      const count = async () =>
        (await house.broker.ground.store.desk.outcomes(true)).find((one) => one.outcome === "job") ?? {
          people: 0,
          referrals: 0,
        };
      const before = await count();
      for (const one of [await helped(patient("9434765919")), await helped(patient("9434765919"))])
        await says(one.offer, JOB);
      const after = await count();
      expect([after.people - before.people, after.referrals - before.referrals]).toEqual([1, 2]);
    });
  },
  PATIENCE_MS * 10,
);
