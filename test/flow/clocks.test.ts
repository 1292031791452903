// A promise keeps its time, end to end on every set-up, with the clock turned: a service that says nothing is reminded and
// loses the offer, one that takes it says how it gets on, a partner sees only its own, and the ledger names what is silent.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OfferView } from "../../src/ports/views.ts";
import { runVerb } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import { type House, PATIENCE_MS, setups, until } from "./house.ts";
import { get, handOffLetter, message, post } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const PRIME = "sample-connect-west-partners";
const PARTNER = "sample-skills-centre";
const SURGERY = "islington-surgery";

const patient = (seed: string): GpOptions => ({
  seed,
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { postcode: "N1 2UD", birthDate: "1984-04-09" },
});

describe.each(setups())("the clocks on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  const sends = async (options: GpOptions): Promise<string> => {
    const { reference, status, text } = await post(house.sender(SURGERY), message(house.sender(SURGERY), options));
    if (reference === undefined) throw new Error(`not taken: ${status} ${text}`);
    return reference;
  };
  const view = async (reference: string) =>
    JSON.parse((await get(house.sender(SURGERY), `/referrals/${reference}`)).text) as Loose;
  const stands = (reference: string, status: string) =>
    until(async () => (await view(reference))["status"] === status, `${reference} is not ${status}`);
  const bodies = (organisation: string, reference: string): Loose[] =>
    [...house.provider(organisation).received, ...house.provider(organisation).notices]
      .filter((one) => one.reference === reference)
      .map(({ body }) => JSON.parse(body) as Loose);
  const hears = async (organisation: string, reference: string, type: string): Promise<Loose> => {
    await until(() => bodies(organisation, reference).some((one) => one["type"] === type), `no ${type}`);
    return bodies(organisation, reference).find((one) => one["type"] === type) as Loose;
  };
  const offerTo = async (organisation: string, reference: string): Promise<string> =>
    (await hears(organisation, reference, "offer.made"))["offer"] as string;
  const reads = async (organisation: string, offer: string): Promise<OfferView> =>
    (await (await house.provider(organisation).asks(`/offers/${offer}`)).json()) as OfferView;
  const says = async (organisation: string, offer: string, verb: string, body: object = {}) => {
    const reply = await house.provider(organisation).asks(`/offers/${offer}/${verb}`, body);
    const text = await reply.text();
    return { status: reply.status, offer: JSON.parse(text === "" ? "{}" : text) as OfferView };
  };
  type Row = { id: string; due: Date };
  const clockOf = async (reference: string): Promise<Row | undefined> =>
    (
      await house.sql<Row>(
        `SELECT w.id, w.due FROM waymark.work w JOIN waymark.referral r ON r.id = w.referral
         WHERE r.reference = $1 AND w.kind = 'chase'`,
        [reference],
      )
    )[0];
  /** Turns the clock to when something is due next, and waits until it rang. */
  const rings = async (reference: string): Promise<void> => {
    const before = await clockOf(reference);
    if (before === undefined) throw new Error(`${reference} has no clock`);
    await house.turn(new Date(before.due.getTime() + 1_000));
    await until(async () => {
      const now = await clockOf(reference);
      return now?.id !== before.id || now.due.getTime() !== before.due.getTime();
    }, "nothing rang");
  };
  const ledger = async (...more: string[]): Promise<{ status: number; json: Loose }> => {
    const tools = toolsOf(house.config, () => Promise.resolve(house.broker.ground));
    const printed = await runVerb(["ledger", "--json", ...more], tools, { cwd: "/" });
    return { status: printed.status, json: JSON.parse(printed.out) as Loose };
  };
  const events = async (reference: string): Promise<string[]> =>
    (
      await house.sql<{ type: string }>(
        `SELECT e.type FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral
         WHERE r.reference = $1 ORDER BY e.sequence`,
        [reference],
      )
    ).map(({ type }) => type);

  it("reminds a service that says nothing, takes the offer back, and asks the next", async () => {
    const reference = await sends(patient("silent"));
    const offer = await offerTo(COACHING, reference);
    await until(async () => (await events(reference)).includes("delivered"), "not delivered");
    expect((await reads(COACHING, offer)).due).toMatchObject({ clock: "acknowledge" });
    await rings(reference);
    expect(await hears(COACHING, reference, "offer.reminder")).toMatchObject({ offer, clock: "acknowledge" });
    await rings(reference);
    // The next service is asked; the first one's view of the person is closed, and it hears that it is to delete it.
    await until(async () => (await events(reference)).filter((type) => type === "offered").length === 2, "nobody else");
    const seen = await reads(COACHING, offer);
    expect(seen).toMatchObject({ id: offer, status: "lapsed" });
    expect(seen.preview).toBeUndefined();
    expect(seen.due).toBeUndefined();
    await hears(COACHING, reference, "offer.recalled");
    expect(await says(COACHING, offer, "accept")).toMatchObject({ status: 410 });
    const seeking = (await view(reference))["timeline"].map((one: Loose) => one["type"]);
    expect(seeking).toContain("referral.seeking");
    const [next] = await house.sql<{ provider: string }>(
      `SELECT o.provider FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral
       WHERE r.reference = $1 AND o.status = 'sent'`,
      [reference],
    );
    expect(next?.provider).not.toBe(COACHING);
  });

  it(
    "hears how it goes, never moves back, and takes the same word a hundred times for once",
    { timeout: 60_000 },
    async () => {
      const reference = await sends(patient("goes well"));
      const offer = await offerTo(COACHING, reference);
      expect(await says(COACHING, offer, "contact", { outcome: "reached" })).toMatchObject({ status: 409 });
      expect(await says(COACHING, offer, "start")).toMatchObject({ status: 409 });
      expect((await says(COACHING, offer, "accept")).offer.due).toMatchObject({ clock: "contact" });
      expect(await says(COACHING, offer, "acknowledge")).toMatchObject({ status: 409 });
      expect((await says(COACHING, offer, "contact", { outcome: "no-answer" })).offer.due).toMatchObject({
        clock: "contact",
      });
      const many = await Promise.all(
        Array.from({ length: 100 }, () => says(COACHING, offer, "contact", { outcome: "reached", way: "visit" })),
      );
      expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200]));
      expect((await events(reference)).filter((type) => type === "contacted")).toHaveLength(2);
      expect((await reads(COACHING, offer)).due).toMatchObject({ clock: "start" });
      expect(await says(COACHING, offer, "hold", { until: "2020-01-01" })).toMatchObject({ status: 422 });
      expect(await says(COACHING, offer, "resume")).toMatchObject({ status: 409 });
      const held = await says(COACHING, offer, "hold", {});
      expect(held.offer).toMatchObject({ status: "accepted", due: { clock: "hold" } });
      expect(held.offer.onHold).toBeDefined();
      await rings(reference);
      expect(await hears(COACHING, reference, "offer.reminder")).toMatchObject({ clock: "hold" });
      expect((await says(COACHING, offer, "resume")).offer.due).toMatchObject({ clock: "start" });
      expect(await says(COACHING, offer, "milestone", { milestone: "plan-agreed", on: "2999-01-01" })).toMatchObject({
        status: 422,
      });
      expect(await says(COACHING, offer, "milestone", { milestone: "plan-agreed" })).toMatchObject({ status: 200 });
      expect((await says(COACHING, offer, "start")).offer).toMatchObject({
        status: "started",
        due: { clock: "review" },
      });
      expect(await says(COACHING, offer, "accept")).toMatchObject({ status: 409 });
      await says(COACHING, offer, "end", { reason: "completed" });
      await stands(reference, "ended");
      expect(await clockOf(reference)).toBeUndefined();
      expect((await reads(COACHING, offer)).preview).toBeUndefined();
    },
  );

  it("gives an offer to a partner, which sees only its own and may hand it back", async () => {
    const { reference = "" } = await post(
      house.sender("jobcentre"),
      handOffLetter({
        seed: 91,
        need: "supported-employment",
        changes: {
          "person.postcode": "W5 2HL",
          "person.lauaCode": "E09000009",
          "programme.earlier": [],
          circumstances: { disability: true },
        },
      }),
    );
    const offer = await offerTo(PRIME, reference);
    expect((await reads(PARTNER, offer)).id).toBeUndefined();
    expect(await says(PRIME, offer, "assign", { to: COACHING })).toMatchObject({ status: 422 });
    expect(await says(PARTNER, offer, "assign", { to: PARTNER })).toMatchObject({ status: 404 });
    const given = await says(PRIME, offer, "assign", { to: PARTNER });
    expect(given).toMatchObject({ status: 200, offer: { assignedTo: PARTNER } });
    await hears(PARTNER, reference, "offer.made");
    expect(await reads(PARTNER, offer)).toMatchObject({ id: offer, assignedBy: PRIME });
    expect(await says(PARTNER, offer, "decline", { reason: "full" })).toMatchObject({ status: 204 });
    expect((await reads(PARTNER, offer)).id).toBeUndefined();
    expect((await reads(PRIME, offer)).assignedTo).toBeUndefined();
    await says(PRIME, offer, "assign", { to: PARTNER });
    expect((await says(PARTNER, offer, "accept")).offer.detail?.person).toBeDefined();
    expect((await reads(PRIME, offer)).status).toBe("accepted");
  });

  it("moves a caseload to another service, where the person's consents reach it", async () => {
    const reference = await sends(patient("moves on"));
    const offer = await offerTo(COACHING, reference);
    await says(COACHING, offer, "accept");
    await says(COACHING, offer, "start");
    const asked = await sends(patient("only asked"));
    await offerTo(COACHING, asked);
    await house.quiet();
    const tools = toolsOf(house.config, () => Promise.resolve(house.broker.ground));
    const [from, to] = [COACHING, "sample-islington-council"];
    const move = [
      "caseload",
      "move",
      "--from",
      from,
      "--programme",
      "islington-gp-coaching",
      "--by",
      "Ada",
      "--reason",
      "It closes.",
    ];
    const wrong = await runVerb([...move, "--service", "sample-law-centre-hackney", "--json"], tools, { cwd: "/" });
    expect(wrong.status).toBe(1);
    const done = await runVerb([...move, "--service", "sample-coaching-town-hall", "--json"], tools, { cwd: "/" });
    expect({ status: done.status, ...JSON.parse(done.out) }).toMatchObject({ status: 0, left: [] });
    expect(JSON.parse(done.out).moved).toBeGreaterThan(0);

    const other = await offerTo(to, reference);
    expect(other).not.toBe(offer);
    expect((await reads(to, other)).detail?.person).toBeDefined();
    expect(await reads(to, other)).toMatchObject({ status: "started", due: { clock: "review" } });
    const before = await reads(COACHING, offer);
    expect(before).toMatchObject({ status: "recalled" });
    expect(before.detail).toBeUndefined();
    await hears(COACHING, reference, "offer.recalled");
    expect((await view(reference))["status"]).toBe("started");
    // Its referrer hears of it in the order in which it happened, and who did it stands in the audit.
    const news = await house.sql<{ type: string; reasons: object[] }>(
      `SELECT c.body ->> 'type' AS type, c.body -> 'reasons' AS reasons FROM waymark.callback c
       WHERE c.body ->> 'reference' = $1 ORDER BY (c.body ->> 'sequence')::integer`,
      [reference],
    );
    expect(news.map(({ type }) => type).slice(-3)).toEqual(["referral.accepted", "referral.started", "referral.moved"]);
    expect(news.at(-1)?.reasons).toMatchObject([{ code: "caseload-moved", severity: "information" }]);
    const deeds = await house.sql<{ actor: string; codes: object }>(
      "SELECT actor, codes FROM waymark.audit WHERE verb = 'caseload.move' AND subjects @> ARRAY[$1]",
      [offer],
    );
    expect(deeds).toEqual([{ actor: "Ada", codes: { service: "sample-coaching-town-hall", reason: "It closes." } }]);
    expect((await says(to, other, "end", { reason: "completed" })).offer).toMatchObject({ status: "ended" });
    await house.quiet();
    expect((await ledger()).json["differences"]).toEqual([]);
  });

  it("tells an operator where nobody who answers for the service can be reached", async () => {
    const reference = await sends(patient("no contact"));
    const offer = await offerTo(COACHING, reference);
    await says(COACHING, offer, "accept");
    for (let ring = 0; ring < 3 && !(await events(reference)).includes("escalated"); ring += 1) await rings(reference);
    expect(await events(reference)).toContain("escalated");
    await until(
      async () =>
        (
          await house.sql(
            `SELECT FROM waymark.work w JOIN waymark.referral r ON r.id = w.referral
             WHERE r.reference = $1 AND w.kind = 'nudge' AND w.cause = 'clock-ran-out' AND w.dead_at IS NOT NULL`,
            [reference],
          )
        ).length === 1,
      "no operator's task",
    );
    expect(await reads(COACHING, offer)).toMatchObject({ status: "accepted" });
  });

  it("balances, names who owes what, and names by reference what somebody breaks", async () => {
    await house.quiet();
    const sound = await ledger("--open");
    expect(sound.json["differences"]).toEqual([]);
    expect(sound).toMatchObject({ status: 0, json: { balanced: true } });
    const { accepted, open, ended, withdrawn, refused, openReferrals } = sound.json;
    expect(accepted).toBe(open + ended + withdrawn + refused);
    expect(openReferrals).toHaveLength(open);
    for (const one of openReferrals as Loose[]) {
      expect(one["next"]).toMatchObject({ owner: expect.stringMatching(/provider|operator|referrer/) });
      expect(Number.isNaN(Date.parse(one["next"].due))).toBe(false);
    }

    const reference = await sends(patient("broken"));
    const offer = await offerTo(COACHING, reference);
    await says(COACHING, offer, "accept");
    await house.quiet();
    await house.sql(
      "DELETE FROM waymark.work w USING waymark.referral r WHERE r.id = w.referral AND r.reference = $1 AND w.kind = 'chase'",
      [reference],
    );
    const broken = await ledger();
    expect(broken.status).toBe(1);
    expect(broken.json["differences"]).toMatchObject([{ hop: "offered-answered", reference, fault: "no-clock" }]);
    // The next word of its provider winds it again.
    await says(COACHING, offer, "contact", { outcome: "reached" });
    await house.quiet();
    expect(await ledger()).toMatchObject({ status: 0 });
    await house.sql("UPDATE waymark.offer SET status = 'ended' WHERE id = $1", [offer]);
    const lost = (await ledger()).json["differences"] as Loose[];
    expect(lost).toMatchObject([{ hop: "decided-offered", reference, fault: "no-offer" }]);
    await house.sql("UPDATE waymark.offer SET status = 'accepted' WHERE id = $1", [offer]);
    await expect.poll(async () => (await ledger()).status, { timeout: PATIENCE_MS }).toBe(0);
  });
});
