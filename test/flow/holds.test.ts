// A hold and its clock, end to end on every set-up: what was asked for does not come, the referrer is reminded, the referral
// expires, and each door says so in its own form.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBroker } from "../../src/broker.ts";
import { createLog } from "../../adapters/log.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { type House, PATIENCE_MS, setups } from "./house.ts";
import { get, handOffLetter, message, post, requestLetter, type Letter } from "./letters.ts";

const WITHOUT_CONSENT: Record<string, (house: House) => [ReferrerKey, Letter]> = {
  gp: (house) => [
    "islington-surgery",
    message(house.sender("islington-surgery"), {
      need: "employment",
      facts: { employment: "out-of-work", longTermCondition: true },
      person: { postcode: "N1 2UD", birthDate: "1984-04-09" },
      consents: [{ directCare: true }],
    }),
  ],
  jobcentre: () => [
    "jobcentre",
    handOffLetter({
      seed: 61,
      changes: {
        "person.postcode": "E6 2RP",
        "claim.unemployedSince": "2024-03-01",
        "programme.earlier": [],
        consent: [],
      },
    }),
  ],
  council: (house) => [
    "camden",
    requestLetter(house.sender("camden"), {
      seed: 62,
      service: "debt-advice",
      parameters: { address_string: "9 Invented Mews, WC1H 9JE" },
      attributes: { consent_share: undefined, consent_take_part: undefined },
    }),
  ],
};

describe.each(setups())("a hold on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  const view = async (key: ReferrerKey, reference: string) =>
    JSON.parse((await get(house.sender(key), `/referrals/${reference}`)).text) as Loose;
  const stands = async (key: ReferrerKey, reference: string, status: string): Promise<void> => {
    const seen = async () => (await view(key, reference))["status"] as string;
    await expect.poll(seen, { timeout: PATIENCE_MS, interval: 20 }).toBe(status);
  };
  const holdOf = async (reference: string, kind: "remind" | "expire") => {
    const [row] = await house.sql<{ id: string; days: number }>(
      `SELECT w.id, (extract(epoch FROM w.due - w.made_at) / 86400)::float AS days FROM waymark.work w
       JOIN waymark.referral r ON r.id = w.referral WHERE r.reference = $1 AND w.kind = $2`,
      [reference, kind],
    );
    return row;
  };
  const fallsDue = async (reference: string, kind: "remind" | "expire"): Promise<void> => {
    const row = await holdOf(reference, kind);
    await house.sql("UPDATE waymark.work SET due = made_at WHERE id = $1", [row?.id]);
  };

  it.each(Object.keys(WITHOUT_CONSENT))("reminds and then expires, at the door %s", async (door) => {
    const [key, letter] = (WITHOUT_CONSENT[door] as (house: House) => [ReferrerKey, Letter])(house);
    const { reference = "" } = await post(house.sender(key), letter);
    await stands(key, reference, "held");
    const { days = 0 } = (await holdOf(reference, "expire")) ?? {};
    expect(days).toBeGreaterThan(28);
    expect(days).toBeLessThan(29.05);

    await fallsDue(reference, "remind");
    const reminded = await house.hears(key, reference, 2);
    expect(new Set(reminded.map(({ id }) => id)).size).toBe(2);
    expect((await view(key, reference))["status"]).toBe("held");
    await fallsDue(reference, "expire");
    await stands(key, reference, "expired");
    const seen = await view(key, reference);
    expect(seen["reasons"][0].code).toBe("hold-expired");
    const last = (await house.hears(key, reference, 3)).map(({ body }) => body).find((body) => SAYS_EXPIRED.test(body));
    expect(last).toBeDefined();
    // A Jobcentre never learns that it was a consent.
    expect(/consent/i.test(last ?? "")).toBe(door !== "jobcentre");
  });

  /** BaRS: revoked and cancelled, with our code. Jobcentre: its type. FixMyStreet: no further action, in words. */
  const SAYS_EXPIRED = /"cancelled".*"hold-expired"|"type":"referral.expired"|no_further_action.*time\+is\+over/s;

  it("keeps its clock through a restart", async () => {
    const [key, letter] = (WITHOUT_CONSENT["jobcentre"] as () => [ReferrerKey, Letter])();
    const { reference = "" } = await post(house.sender(key), letter);
    await stands(key, reference, "held");
    await house.broker.close();
    house.broker = await openBroker(
      { ...house.config, PORT: Number(new URL(house.broker.origin).port) },
      createLog({ level: "trace", destination: { write: (line) => house.log.push(line) } }),
    );
    const again = (await house.broker.ground.store.agenda.backlog()).waiting;
    expect(again).toBeGreaterThan(0);
    await house.broker.ground.engine.transaction("owner", (query) =>
      query(
        "UPDATE waymark.work SET due = made_at WHERE kind = 'expire' AND referral = (SELECT id FROM waymark.referral WHERE reference = $1)",
        [reference],
      ),
    );
    await stands(key, reference, "expired");
  });
});
