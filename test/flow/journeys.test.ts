// The story, end to end, on every set-up: one referral through each door, to a provider, and the news back.
import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRIVATE_WORDS } from "../../src/core/firewall.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { barsMessage, type GpOptions, type Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import type { Heard } from "../world/referrer.ts";
import { type House, PATIENCE_MS, setups } from "./house.ts";
import { get, handOffLetter, message, post, requestLetter, type Letter } from "./letters.ts";
import { found, inForm, inHandOff, inMessage, type Secret } from "./secrets.ts";

const COACHING = "sample-islington-coaching";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  detail: "Would like to work in a garden again.",
  person: {
    given: "Perpetua",
    family: "Quillfeather",
    postcode: "N1 2UD",
    lines: ["7 Invented Passage"],
    phone: "07700 900777",
    email: "perpetua.quillfeather@example.org",
    birthDate: "1984-04-09",
  },
};

describe.each(setups())("a referral on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  const offerTo = async (organisation: string, reference: string): Promise<string> => {
    const provider = house.provider(organisation);
    const sent = () => provider.received.find((one) => one.reference === reference);
    await expect.poll(sent, { timeout: PATIENCE_MS, interval: 20 }).toBeDefined();
    return sent()?.offer ?? "";
  };
  const answers = async (organisation: string, offer: string, verb: string, body: object = {}): Promise<void> => {
    const reply = await house.provider(organisation).asks(`/offers/${offer}/${verb}`, body);
    expect({ status: reply.status, text: await reply.text() }).toMatchObject({ status: 200 });
  };
  /** What this provider can read of an offer, in its queue and alone. */
  const seen = async (organisation: string, offer: string): Promise<string> => {
    const provider = house.provider(organisation);
    const page = (await (await provider.asks("/offers?limit=100")).json()) as { offers: OfferView[] };
    const listed = page.offers.find((one) => one.id === offer);
    return JSON.stringify([listed, await (await provider.asks(`/offers/${offer}`)).json()]);
  };
  const sends = async (key: ReferrerKey, letter: Letter): Promise<string> => {
    const reply = await post(house.sender(key), letter);
    if (reply.status >= 300 || reply.reference === undefined)
      throw new Error(`not taken: ${reply.status} ${reply.text}`);
    return reply.reference;
  };
  const statusOf = async (key: ReferrerKey, reference: string): Promise<string> =>
    (JSON.parse((await get(house.sender(key), `/referrals/${reference}`)).text) as { status: string }).status;
  const stands = async (key: ReferrerKey, reference: string, status: string): Promise<void> => {
    await expect.poll(() => statusOf(key, reference), { timeout: PATIENCE_MS, interval: 20 }).toBe(status);
  };

  it("takes a patient from the practice to coaching at the surgery, and tells the practice in BaRS", async () => {
    const by = house.sender("islington-surgery");
    const letter = message(by, PATIENT);
    const sent = JSON.parse(letter.body) as Loose;
    const secrets = inMessage(sent);
    const reference = await sends("islington-surgery", letter);

    const offer = await offerTo(COACHING, reference);
    const hook = house.provider(COACHING).received.find((one) => one.reference === reference);
    expect(hook).toMatchObject({ verified: true, webhookId: offer });
    expect(JSON.parse(hook?.body ?? "")).toMatchObject({
      service: "sample-coaching-at-the-surgery",
      preview: { need: "employment", area: "E09000019", ageBand: "25-49" },
    });
    expect(found(hook?.body ?? "", secrets)).toEqual([]);
    expect(found(await seen(COACHING, offer), secrets)).toEqual([]);
    await answers(COACHING, offer, "acknowledge");
    expect(found(await seen(COACHING, offer), secrets)).toEqual([]);

    await answers(COACHING, offer, "accept");
    const opened = await seen(COACHING, offer);
    const shown = found(opened, secrets).map(({ what }) => what);
    expect(new Set(shown)).toEqual(
      new Set(["given name", "family name", "telephone or e-mail", "birth date", "address", "postcode", "free text"]),
    );
    expect(opened).toContain("7 Invented Passage");
    await answers(COACHING, offer, "start");
    expect(found(await seen(COACHING, offer), secrets)).not.toEqual([]);
    await answers(COACHING, offer, "end", { reason: "completed" });
    expect(found(await seen(COACHING, offer), secrets)).toEqual([]);

    const heard = await house.hears("islington-surgery", reference, 5);
    const news = heard
      .map(({ body }) => JSON.parse(body) as Loose)
      .map((bundle) => ({
        event: bundle.entry[0].resource.eventCoding.code as string,
        answers: bundle.entry[0].resource.response.identifier as string,
        sequence: Number(bundle.entry[1].resource.meta.versionId),
        encounter: bundle.entry[2].resource.status as string,
      }))
      .toSorted((a, b) => a.sequence - b.sequence);
    expect(news.map(({ encounter }) => encounter)).toEqual([
      "planned",
      "planned",
      "in-progress",
      "arrived",
      "finished",
    ]);
    expect(new Set(news.map(({ sequence }) => sequence)).size).toBe(5);
    expect(new Set(news.map(({ event }) => event))).toEqual(new Set(["servicerequest-response"]));
    expect(new Set(news.map((one) => one.answers))).toEqual(new Set([sent.id]));
    for (const one of heard) await expectsBars(one, letter, secrets);
    expect(await statusOf("islington-surgery", reference)).toBe("ended");
  });

  /** One piece of BaRS news: at the registered address, with both ids, and with both signatures. */
  const expectsBars = async (one: Heard, letter: Letter, secrets: readonly Secret[]): Promise<void> => {
    expect(one).toMatchObject({ verified: true, path: "/$process-message" });
    expect(one.contentType).toMatch(/^application\/fhir\+json/);
    expect(one.headers["x-request-id"]).toBe(one.id);
    expect(one.headers["x-correlation-id"]).toBe(letter.headers["X-Correlation-Id"]);
    expect(found(one.body, secrets)).toEqual([]);
    await expectsPublicSignature(one);
  };

  const expectsPublicSignature = async ({ headers, body }: Heard): Promise<void> => {
    const jwks = await fetch(`${house.broker.origin}/.well-known/jwks.json`);
    const { keys } = (await jwks.json()) as { keys: Loose[] };
    const key = createPublicKey({ key: keys.find((one) => one.crv === "Ed25519"), format: "jwk" });
    const [, signature = ""] = /v1a,(\S+)/.exec(headers["webhook-signature"] ?? "") ?? [];
    const signed = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
    expect(verify(null, signed, key, Buffer.from(signature, "base64"))).toBe(true);
  };

  it("goes to the next provider when the first says no, and the first no longer sees who it is", async () => {
    const by = house.sender("camden");
    const letter = requestLetter(by, {
      seed: 41,
      service: "debt-advice",
      parameters: { address_string: "9 Invented Mews, WC1H 9JE" },
      attributes: { authority: "E09000007", birth_date: "1984-04-09" },
    });
    const secrets = inForm(new URLSearchParams(letter.body));
    const reference = await sends("camden", letter);

    const first = await offerTo("sample-camden-advice", reference);
    await answers("sample-camden-advice", first, "decline", { reason: "full" });
    const second = await offerTo("sample-money-advice", reference);
    expect(second).not.toBe(first);
    expect((await house.provider("sample-camden-advice").asks(`/offers/${second}`)).status).toBe(404);
    await answers("sample-money-advice", second, "accept");
    expect(found(await seen("sample-money-advice", second), secrets)).not.toEqual([]);
    expect(found(await seen("sample-camden-advice", first), secrets)).toEqual([]);

    const late = await house.provider("sample-camden-advice").asks(`/offers/${first}/accept`, {});
    expect(late.status).toBe(409);

    // offered, seeking, offered, accepted
    const heard = await house.hears("camden", reference, 4);
    const forms = heard.map(({ body }) => new URLSearchParams(body));
    expect(heard.every(({ path, verified }) => verified && path === "/servicerequestupdates.json")).toBe(true);
    expect(forms.map((form) => form.get("status")).toSorted()).toEqual([
      "in_progress",
      "internal_referral",
      "internal_referral",
      "internal_referral",
    ]);
    expect(forms.some((form) => form.get("description")?.includes("The service is full.") === true)).toBe(true);
    expect(found(heard.map(({ body }) => decodeURIComponent(body)).join("\n"), secrets)).toEqual([]);
  });

  it("takes a hand-off to Newham Workplace, and tells the Jobcentre nothing of health, permission or attendance", async () => {
    const letter = handOffLetter({
      seed: 42,
      changes: {
        "person.postcode": "E6 2RP",
        "claim.unemployedSince": "2024-03-01",
        "circumstances.longTermCondition": true,
        "programme.earlier": [],
      },
    });
    const sent = JSON.parse(letter.body) as Loose;
    const reference = await sends("jobcentre", letter);
    const offer = await offerTo("sample-newham-council", reference);
    for (const verb of ["acknowledge", "accept", "start"]) await answers("sample-newham-council", offer, verb);
    await answers("sample-newham-council", offer, "end", { reason: "left-early" });

    const heard = await house.hears("jobcentre", reference, 3);
    const news = heard.map(({ body }) => JSON.parse(body) as Loose).toSorted((a, b) => a.sequence - b.sequence);
    expect(news.map(({ type, reasons }) => [type, reasons])).toEqual([
      ["referral.offered", []],
      ["referral.accepted", []],
      ["referral.ended", []],
    ]);
    expect(news.every((one) => one.handoffId === sent.handoffId && one.correlationId === sent.correlationId)).toBe(
      true,
    );
    expect(heard.every((one) => one.verified && one.contentType.startsWith("application/json"))).toBe(true);
    const text = heard.map(({ body }) => body).join("\n");
    expect(text).not.toMatch(PRIVATE_WORDS);
    expect(text).not.toMatch(/start|acknowledg|left|attend/i);
    expect(found(text, inHandOff(sent))).toEqual([]);
  });

  it("tells a Jobcentre that another service is sought, and not that the person said no", async () => {
    const letter = handOffLetter({
      seed: 43,
      changes: { "person.postcode": "E6 2RP", "claim.unemployedSince": "2024-03-01", "programme.earlier": [] },
    });
    const reference = await sends("jobcentre", letter);
    const offer = await offerTo("sample-newham-council", reference);
    await answers("sample-newham-council", offer, "decline", { reason: "person-declined" });
    const heard = await house.hears("jobcentre", reference, 2);
    const seeking = heard.map(({ body }) => JSON.parse(body) as Loose).find((one) => one.status === "seeking");
    expect(seeking?.reasons).toEqual([]);
    expect(heard.map(({ body }) => body).join("\n")).not.toMatch(/declined|does not want/i);
    expect((await get(house.sender("jobcentre"), `/referrals/${reference}`)).text).not.toMatch(/person-declined/);
  });

  it("finds help for a homeless person without an address", async () => {
    const letter = requestLetter(house.sender("hackney"), {
      seed: 44,
      service: "homelessness",
      parameters: { address_string: undefined },
      attributes: { no_fixed_abode: "yes", authority: "E09000012", birth_date: "1990-01-31", housing: "homeless" },
    });
    const reference = await sends("hackney", letter);
    const offer = await offerTo("sample-housing-aid", reference);
    await answers("sample-housing-aid", offer, "accept");
    const { detail } = (await (
      await house.provider("sample-housing-aid").asks(`/offers/${offer}`)
    ).json()) as OfferView;
    expect(detail?.person.home).toEqual({ kind: "none" });
    expect(await statusOf("hackney", reference)).toBe("accepted");
  });

  it("holds what nobody may be told of, and says which permission is missing", async () => {
    const letter = message(house.sender("islington-surgery"), { ...PATIENT, consents: [{ directCare: true }] });
    const reference = await sends("islington-surgery", letter);
    const [held] = await house.hears("islington-surgery", reference, 1);
    const bundle = JSON.parse(held?.body ?? "{}") as Loose;
    const codes = bundle.entry[2].resource.reasonCode.flatMap((one: Loose) =>
      one.coding.map((each: Loose) => each.code),
    );
    expect(codes).toContain("consent-missing");
    expect(await statusOf("islington-surgery", reference)).toBe("held");
    expect(
      await house.sql(
        "SELECT FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral WHERE r.reference = $1",
        [reference],
      ),
    ).toEqual([]);
  });

  it("records a need that nobody meets", async () => {
    const changes = { "person.postcode": "CR0 1EA", "person.lauaCode": "E09000008", "programme.earlier": [] };
    const reference = await sends("jobcentre", handOffLetter({ seed: 45, need: "debt-advice", changes }));
    await stands("jobcentre", reference, "unmet");
    const rows = await house.sql(
      "SELECT e.type FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE r.reference = $1 ORDER BY e.sequence",
      [reference],
    );
    expect(rows).toEqual([{ type: "received" }, { type: "unmet" }]);
    const { receipts } = JSON.parse(
      (await get(house.sender("jobcentre"), `/referrals/${reference}/receipt`)).text,
    ) as Loose;
    expect(receipts).toMatchObject([{ outcome: "unmet" }]);
    const [news] = await house.hears("jobcentre", reference, 1);
    expect(JSON.parse(news?.body ?? "{}")).toMatchObject({ type: "referral.unmet", status: "unmet" });
  });

  it("lets a provider that pulls find its offers", async () => {
    const letter = requestLetter(house.sender("hackney"), {
      seed: 46,
      service: "legal-advice",
      parameters: { address_string: "9 Invented Mews, E8 1EA" },
      attributes: { authority: "E09000012", birth_date: "1990-01-31" },
    });
    const reference = await sends("hackney", letter);
    await stands("hackney", reference, "offered");
    const reply = await house.provider("sample-law-centres").asks("/offers?status=sent");
    const { offers } = (await reply.json()) as { offers: OfferView[] };
    const offer = offers.find((one) => one.reference === reference);
    expect(offer).toMatchObject({ status: "sent", service: "sample-law-centre-hackney" });
    expect(found(JSON.stringify(offer), inForm(new URLSearchParams(letter.body)))).toEqual([]);
    expect(house.provider("sample-law-centres").received).toEqual([]);
  });

  it("lets a provider or a referrer that is down delay nobody else, and reaches it under the same id once it is up", async () => {
    const down = house.provider("sample-tower-hamlets-council");
    const council = house.referrer("tower-hamlets");
    down.manner = "down";
    council.down = true;
    const where = { parameters: { address_string: "9 Invented Mews, E1 1BJ" } };
    const attributes = { authority: "E09000030", birth_date: "1990-01-31" };
    const request = (seed: number, service: string): Letter =>
      requestLetter(house.sender("tower-hamlets"), { seed, service, ...where, attributes });
    const late = await sends("tower-hamlets", request(47, "childcare"));
    await expect.poll(() => down.missed.length, { timeout: PATIENCE_MS, interval: 20 }).toBeGreaterThan(0);
    await expect.poll(() => council.missed.length, { timeout: PATIENCE_MS, interval: 20 }).toBeGreaterThan(0);
    council.down = false;
    const other = await sends("tower-hamlets", request(48, "benefits-advice"));
    const offer = await offerTo("sample-welfare-rights", other);
    await answers("sample-welfare-rights", offer, "accept");
    expect(await statusOf("tower-hamlets", other)).toBe("accepted");
    expect(down.received).toEqual([]);

    down.manner = "waits";
    const reached = await offerTo("sample-tower-hamlets-council", late);
    expect(new Set([...down.missed, reached, ...down.received.map(({ webhookId }) => webhookId)]).size).toBe(1);
    expect(await statusOf("tower-hamlets", late)).toBe("offered");
    const heard = await house.hears("tower-hamlets", late, 1);
    expect(heard.map(({ id }) => id)).toEqual([council.missed[0]]);
  });

  it("refuses an emergency at each door with the right route, and keeps nothing", async () => {
    await house.quiet();
    const before = await house.rows();
    const flagged: GpOptions = {
      ...PATIENT,
      priority: "stat",
      flags: [{ category: "SG", code: "sample-concern" }],
    };
    const letters: [ReferrerKey, Letter][] = [
      ["islington-surgery", message(house.sender("islington-surgery"), flagged)],
      ["jobcentre", handOffLetter({ seed: 49, changes: { "flags.safeguarding": "emergency" } })],
      ["camden", requestLetter(house.sender("camden"), { seed: 50, attributes: { safeguarding: "emergency" } })],
    ];
    for (const [key, letter] of letters) {
      const reply = await post(house.sender(key), letter);
      expect([key, reply.status]).toEqual([key, key === "camden" ? 400 : 422]);
      expect(reply.text).toContain("call 999");
      expect(reply.reference).toBeUndefined();
    }
    expect(await house.rows()).toEqual(before);
  });
});

it("is a story that these fixtures can fail: what they send holds what is looked for", () => {
  const sent = barsMessage(PATIENT);
  expect(found(JSON.stringify(sent), inMessage(sent)).length).toBe(inMessage(sent).length);
  expect(inMessage(sent).length).toBeGreaterThanOrEqual(9);
});
