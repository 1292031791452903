// Providers whose updates do not hold: old ones, ones sent again, ones for another's offer, and logins with an old or a
// wrong key. Each has its coded outcome and its line in the log, changes nothing, and delays nobody.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueToken } from "../../adapters/http/token.ts";
import { SCOPES } from "../../schemas/client.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import { assertionFor, newKeys, tokens, type Identity } from "../world/system.ts";
import { type House, logged, setups, until } from "./house.ts";
import { handOffLetter, message, post } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const NEWHAM = "sample-newham-council";

describe.each(setups())("updates that do not hold, on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  /** The offer that came of one referral. */
  const offered = async (organisation: string, reference: string | undefined): Promise<string> => {
    const found = () => house.provider(organisation).received.find((one) => one.reference === reference)?.offer;
    await until(() => found() !== undefined, "the offer has not come");
    await house.quiet();
    return found() ?? "";
  };
  const toCoaching = async (): Promise<string> => {
    const gp = house.sender("islington-surgery");
    const letter = message(gp, { facts: { employment: "out-of-work", longTermCondition: true } });
    return offered(COACHING, (await post(gp, letter)).reference);
  };
  const toNewham = async (): Promise<string> => {
    const changes = {
      "person.postcode": "E6 2RP",
      "claim.unemployedSince": "2024-03-01",
      "programme.earlier": [],
      "circumstances.longTermCondition": true,
    };
    return offered(NEWHAM, (await post(house.sender("jobcentre"), handOffLetter({ changes }))).reference);
  };
  const says = async (organisation: string, offer: string, verb: string, body: object = {}) => {
    const reply = await house.provider(organisation).asks(`/offers/${offer}/${verb}`, body);
    const text = await reply.text();
    const { errors } = (text === "" ? {} : JSON.parse(text)) as Loose;
    return { status: reply.status, codes: errors?.map(({ code }: Loose) => code) };
  };
  const storyOf = (offer: string) =>
    house.sql("SELECT type FROM waymark.event WHERE body ->> 'offer' = $1 ORDER BY sequence", [offer]);

  it("by an update that is old or comes again: the offer stays as it is, and says so", async () => {
    const offer = await toCoaching();
    expect((await says(COACHING, offer, "accept")).status).toBe(200);
    const before = await storyOf(offer);
    const wrong: [verb: string, body: object, status: number, code: string | undefined][] = [
      ["accept", {}, 200, undefined],
      ["acknowledge", {}, 409, "not-your-turn"],
      ["decline", { reason: "full" }, 409, "not-your-turn"],
      ["resume", {}, 409, "not-your-turn"],
      ["start", { on: "2020-01-01" }, 422, "before-offer"],
      ["end", { reason: "dislike" }, 400, "not-one-of"],
    ];
    for (const [verb, body, status, code] of wrong) {
      expect([verb, await says(COACHING, offer, verb, body)]).toEqual([
        verb,
        { status, codes: code === undefined ? undefined : [code] },
      ]);
      const told = code === undefined ? { outcome: "repeated" } : { reasons: [code] };
      await logged(house, { door: "/provider/v1", offer, verb, status, ...told });
    }
    expect(await storyOf(offer)).toEqual(before);

    expect((await says(COACHING, offer, "end", { reason: "completed" })).status).toBe(200);
    for (const verb of ["accept", "start"]) {
      expect(await says(COACHING, offer, verb)).toEqual({ status: 409, codes: ["offer-closed"] });
      await logged(house, { offer, verb, status: 409, outcome: "refused", reasons: ["offer-closed"] });
    }
    expect(await says(COACHING, offer, "end", { reason: "completed" })).toMatchObject({ status: 200 });
    await logged(house, { offer, verb: "end", status: 200, outcome: "repeated" });
  });

  it("by an update for another's offer, whichever it is: there is no such offer", async () => {
    const offer = await toNewham();
    const before = await storyOf(offer);
    const bodies: [verb: string, body: object][] = [
      ["accept", {}],
      ["contact", { outcome: "reached", way: "phone" }],
      ["hold", {}],
      ["end", { reason: "completed" }],
      ["outcome", { what: "job-started", on: "2026-01-05", employment: "paid", hours: 16, evidence: "employer" }],
      ["assign", { to: "somebody" }],
    ];
    for (const [verb, body] of bodies) {
      expect([verb, await says(COACHING, offer, verb, body)]).toEqual([verb, { status: 404, codes: ["not-found"] }]);
      const { clientId: client } = house.provider(COACHING).identity;
      await logged(house, { client, offer, verb, status: 404, outcome: "not-found", reasons: ["not-found"] });
    }
    expect(await storyOf(offer)).toEqual(before);
  });

  it("names no offer in the log by what is no id of ours, such as a person's number", async () => {
    for (const verb of ["accept", "outcome", "assign"])
      expect((await says(COACHING, "999-000-0018", verb)).codes).toEqual(["not-found"]);
    const told = house.log.filter((line) => line.includes("/offers/:id/") && line.includes('"status":404'));
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(house.log.join("")).not.toMatch(/999-000-0018/);
  });

  const asksToken = async (assertion: string) => {
    const reply = await fetch(`${house.broker.origin}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: assertion,
      }),
    });
    return { status: reply.status, error: ((await reply.json()) as Loose).error as string | undefined };
  };
  /** Signed with a key that is not registered: under a name of its own, as an old one is, or under that of the right one. */
  const signs = async (identity: Identity, as: "old" | "wrong"): Promise<string> => {
    const { privateKey } = await newKeys();
    const kid = as === "old" ? String(privateKey.kid) : String(identity.privateKey.kid);
    return assertionFor({ ...identity, privateKey: { ...privateKey, kid } }, house.broker.origin);
  };

  it.each([
    ["old", "token:kid"],
    ["wrong", "token:signature"],
  ] as const)("by a login with its %s key: it gets no token, and the log says whose it was to be", async (as, code) => {
    const { identity } = house.provider(COACHING);
    expect(await asksToken(await signs(identity, as))).toEqual({ status: 401, error: "invalid_client" });
    const claims = identity.clientId;
    await logged(house, { route: "/oauth2/token", status: 401, reasons: [code], claims });
    // A name that never was one is only repeated where it has the form of ours.
    const nobody = { ...identity, clientId: "999 000 0018" };
    expect((await asksToken(await signs(nobody, as))).status).toBe(401);
    await logged(house, { route: "/oauth2/token", status: 401, reasons: ["token:client"] });
    expect(house.log.join("")).not.toContain("999 000 0018");
  });

  it("by a token that is over, or was signed by somebody else", async () => {
    const { identity } = house.provider(COACHING);
    const offer = await toCoaching();
    const now = house.broker.ground.clock.now().getTime();
    const made = (key: Buffer, at: number) => issueToken(key, identity.clientId, SCOPES.provider, new Date(at));
    const key = house.broker.ground.vault.tokenKey();
    const bad: [string, string][] = [
      [made(key, now - 3_600_000), "token-expired"],
      [made(Buffer.alloc(32, 1), now), "token-invalid"],
    ];
    for (const [token, code] of bad) {
      const requestId = randomUUID();
      const headers = { Authorization: `Bearer ${token}`, "X-Request-Id": requestId };
      const path = `${house.broker.origin}/provider/v1/offers/${offer}/accept`;
      const reply = await fetch(path, { method: "POST", headers });
      expect([reply.status, ((await reply.json()) as Loose).errors[0].code]).toEqual([401, code]);
      await logged(house, { requestId, door: "/provider/v1", status: 401, reasons: [code] });
    }
    expect(await storyOf(offer)).toEqual([{ type: "offered" }, { type: "delivered" }]);
  });

  it("delay nobody: while one goes on and on with them, another is offered, accepts, starts and ends", async () => {
    const [own, others] = [await toCoaching(), await toNewham()];
    expect((await says(COACHING, own, "accept")).status).toBe(200);
    const { identity } = house.provider(COACHING);
    const seen = new Map<string, number>();
    const enough = new AbortController();
    const again = async (name: string, send: () => Promise<{ status: number }>): Promise<void> => {
      while (!enough.signal.aborted) {
        const key = `${name} ${(await send()).status}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    };
    const storm = [
      again("again", () => says(COACHING, own, "accept")),
      again("old", () => says(COACHING, own, "acknowledge")),
      again("another's", () => says(COACHING, others, "accept")),
    ];
    // As many as one address may send in a minute are for a hospital; of one client, a tenth of that.
    const logins = Array.from({ length: 80 }, async (_, at) => {
      const { status } = await asksToken(await signs(identity, at % 2 === 0 ? "old" : "wrong"));
      return status;
    });

    const good = house.provider(NEWHAM);
    const fresh = tokens(good.identity, house.broker.origin);
    expect(await fresh()).toMatch(/^[\w-]+\.[\w-]+$/);
    for (const [verb, body] of [
      ["acknowledge", {}],
      ["accept", {}],
      ["contact", { outcome: "reached", way: "phone" }],
      ["start", {}],
      ["end", { reason: "completed" }],
    ] as const)
      expect([verb, (await says(NEWHAM, others, verb, body)).status]).toEqual([verb, 200]);
    // Nor does what goes out wait: an offer that is made meanwhile arrives.
    const next = await toNewham();
    expect((await says(NEWHAM, next, "accept")).status).toBe(200);

    enough.abort();
    await Promise.all(storm);
    expect([...seen.keys()].toSorted()).toEqual(["again 200", "another's 404", "old 409"]);
    expect(Math.min(...seen.values())).toBeGreaterThan(3);
    // Its own share is used up by them, and nobody else's.
    const refused = await Promise.all(logins);
    expect(new Set(refused)).toEqual(new Set([401, 429]));
    await logged(house, {
      route: "/oauth2/token",
      status: 429,
      reasons: ["token:too-many"],
      claims: identity.clientId,
    });
  }, 60_000);
});
