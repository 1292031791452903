// Who sees what: each client its own organisation's, through its own door. Everything else is not there, whatever it is.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueToken } from "../../adapters/http/token.ts";
import { SCOPES } from "../../schemas/client.ts";
import { PRIVATE_WORDS } from "../../src/core/firewall.ts";
import type { OfferView } from "../../src/ports/views.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import type { Part } from "../world/cast.ts";
import type { Sender } from "../world/send.ts";
import { assertionFor, register, tokens } from "../world/system.ts";
import { type House, PATIENCE_MS, logged, setups, until } from "./house.ts";
import { get, handOffLetter, message, post, requestLetter, type Reply } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const IDS_OF_NOBODY = [
  "WM-2222-2222",
  "0192f000-0000-7000-8000-00000000dead",
  "999 123 4567",
  "..%2F..",
  "%00",
  "x".repeat(300),
];

/** A refusal without what is new in each: the ids of the request. */
const form = (reply: Reply) => ({
  status: reply.status,
  type: reply.headers.get("content-type"),
  body: reply.text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>"),
});

describe.each(setups())("bounds on $name", (setup) => {
  let house: House;
  /** One case of each door, each with an open offer. */
  const cases: Record<"gp" | "jobcentre" | "council", string> = { gp: "", jobcentre: "", council: "" };
  let offer = "";
  const idOf = async (reference: string): Promise<string> =>
    (await house.sql<{ id: string }>("SELECT id FROM waymark.referral WHERE reference = $1", [reference]))[0]?.id ?? "";
  const as = async (part: Omit<Part, "key">, test = true): Promise<Sender> => {
    const add = house.broker.ground.store.clients.add;
    const identity = await register((draft) => add(draft), { ...part, port: 9, pulls: true, test });
    return { identity, broker: house.broker.origin, token: tokens(identity, house.broker.origin) };
  };

  beforeAll(async () => {
    house = await setup.open();
    const gp = house.sender("islington-surgery");
    const sent = [
      await post(gp, message(gp, { facts: { employment: "out-of-work", longTermCondition: true } })),
      await post(
        house.sender("jobcentre"),
        handOffLetter({
          changes: {
            "person.postcode": "E6 2RP",
            "claim.unemployedSince": "2024-03-01",
            "programme.earlier": [],
            "circumstances.longTermCondition": true,
          },
        }),
      ),
      await post(house.sender("camden"), requestLetter(house.sender("camden"), { seed: 3 })),
    ];
    [cases.gp, cases.jobcentre, cases.council] = sent.map(({ reference }) => reference ?? "") as [
      string,
      string,
      string,
    ];
    const coaching = house.provider(COACHING);
    await until(() => coaching.received.length === 1, "the offer has not come");
    offer = coaching.received[0]?.offer ?? "";
    await house.quiet();
  });
  afterAll(() => house.close());

  describe("another's, unknown and malformed are the same 404 in each form", () => {
    const asked = async (from: Sender, address: (id: string) => string, theirs: string[], own: string, suffix = "") => {
      expect((await get(from, address(own) + suffix)).status).toBe(200);
      const replies = [];
      for (const id of [...theirs, ...(await Promise.all(theirs.map(idOf))), ...IDS_OF_NOBODY])
        replies.push(form(await get(from, address(id) + suffix)));
      expect(replies.every(({ status }) => status === 404)).toBe(true);
      expect(new Set(replies.map((one) => JSON.stringify(one))).size).toBe(1);
      return replies[0];
    };

    it("FHIR", async () => {
      const own = await idOf(cases.gp);
      const reply = await asked(
        house.sender("islington-surgery"),
        (id) => `/fhir/R4/ServiceRequest/${id}`,
        [cases.jobcentre, cases.council],
        own,
      );
      expect(reply?.type).toMatch(/^application\/fhir\+json/);
      expect(JSON.parse(reply?.body ?? "{}")).toMatchObject({
        resourceType: "OperationOutcome",
        issue: [{ code: "not-found" }],
      });
      const other = await get(house.sender("camden-surgery"), `/fhir/R4/ServiceRequest/${own}`);
      expect(form(other)).toEqual(reply);
    });

    it("hand-offs", async () => {
      const reply = await asked(
        house.sender("jobcentre"),
        (id) => `/jobcentre/v1/handoffs/${id}`,
        [cases.gp, cases.council],
        cases.jobcentre,
      );
      expect(reply?.type).toMatch(/^application\/problem\+json/);
      const office = await as({ kind: "jobcentre", organisation: "sample-jobcentre-999", name: "Another office" });
      expect(form(await get(office, `/jobcentre/v1/handoffs/${cases.jobcentre}`))).toEqual(reply);
    });

    it("GeoReport, in XML and JSON", async () => {
      for (const format of ["json", "xml"]) {
        const reply = await asked(
          house.sender("camden"),
          (id) => `/open311/v2/requests/${id}.${format}`,
          [cases.gp, cases.jobcentre],
          cases.council,
        );
        expect(reply?.type).toContain(format);
        expect(reply?.body).toContain("not-found");
        expect(form(await get(house.sender("hackney"), `/open311/v2/requests/${cases.council}.${format}`))).toEqual(
          reply,
        );
      }
    });

    it("referrals and their receipts, for every kind of client", async () => {
      for (const suffix of ["", "/receipt"]) {
        const address = (id: string): string => `/referrals/${id}`;
        const gp = house.sender("islington-surgery");
        const [one] = [await asked(gp, address, [cases.jobcentre, cases.council], cases.gp, suffix)];
        const jobcentre = await asked(
          house.sender("jobcentre"),
          address,
          [cases.gp, cases.council],
          cases.jobcentre,
          suffix,
        );
        const council = await asked(
          house.sender("camden"),
          address,
          [cases.gp, cases.jobcentre],
          cases.council,
          suffix,
        );
        expect(new Set([one, jobcentre, council].map((each) => JSON.stringify(each))).size).toBe(1);
      }
    });

    it("also for another kind of client of the very same organisation", async () => {
      const { organisation } = house.sender("islington-surgery").identity;
      const council = await as({ kind: "council", organisation, name: "Same body, other door" });
      const jobcentre = await as({ kind: "jobcentre", organisation, name: "Same body, other door" });
      for (const from of [council, jobcentre])
        for (const suffix of ["", "/receipt"])
          expect((await get(from, `/referrals/${cases.gp}${suffix}`)).status).toBe(404);
      expect((await get(council, `/open311/v2/requests/${cases.gp}.json`)).status).toBe(404);
      expect((await get(jobcentre, `/jobcentre/v1/handoffs/${cases.gp}`)).status).toBe(404);
    });

    it("offers", async () => {
      const other = house.provider("sample-newham-council");
      const replies = [];
      for (const id of [offer, ...IDS_OF_NOBODY]) replies.push(await other.asks(`/offers/${id}`));
      for (const verb of ["acknowledge", "accept", "start"])
        replies.push(await other.asks(`/offers/${offer}/${verb}`, {}));
      replies.push(await other.asks(`/offers/${offer}/decline`, { reason: "full" }));
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 404));
      const bodies = await Promise.all(replies.map(async (one) => ((await one.json()) as Loose).errors));
      expect(new Set(bodies.map((one) => JSON.stringify(one))).size).toBe(1);
      for (const verb of ["acknowledge", "accept", "start", "decline"])
        await logged(house, { offer, verb, status: 404, outcome: "not-found", reasons: ["not-found"] });
      const page = (await (await other.asks("/offers")).json()) as { offers: OfferView[] };
      expect(page.offers.map(({ reference }) => reference)).toEqual([cases.jobcentre]);
      expect((await (await house.provider(COACHING).asks(`/offers/${offer}`)).json()) as OfferView).toMatchObject({
        status: "sent",
      });
    });
  });

  describe("a login that does not hold is refused in each door's own form", () => {
    const ADDRESSES: [string, string][] = [
      ["/fhir/R4/ServiceRequest/", "gp"],
      ["/jobcentre/v1/handoffs/", "jobcentre"],
      ["/open311/v2/requests/", "council"],
      ["/provider/v1/offers/", "provider"],
      ["/referrals/", "referrals"],
    ];
    const refusal = async (path: string, authorization?: string): Promise<Reply> => {
      const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
      const reply = await fetch(`${house.broker.origin}${path}${randomUUID()}`, {
        headers: { Accept: "application/json", ...headers },
      });
      return { status: reply.status, headers: reply.headers, text: await reply.text() };
    };
    const expired = (): string => {
      const { vault, clock } = house.broker.ground;
      const { clientId, kind } = house.sender("islington-surgery").identity;
      return issueToken(vault.tokenKey(), clientId, SCOPES[kind], new Date(clock.now().getTime() - 3_600_000));
    };
    const codesIn = (text: string): string[] =>
      ["login-required", "token-invalid", "token-expired", "api-key-required"].filter((code) => text.includes(code));

    it.each(ADDRESSES)("%s", async (path, door) => {
      const council = door === "council";
      const expects = (reply: Reply, code: string): void => {
        expect(codesIn(reply.text)).toEqual([code]);
        expect(reply.status).toBe(council ? 403 : 401);
        expect(reply.headers.get("www-authenticate") ?? "").toMatch(council ? /^($|Bearer)/ : /^Bearer/);
        const shape =
          door === "gp" ? "OperationOutcome" : council ? "description" : "https://waymark.example/problems/";
        expect(reply.text).toContain(shape);
      };
      expects(await refusal(path), council ? "api-key-required" : "login-required");
      for (const wrong of ["Bearer rubbish", "Bearer a.b", `Bearer ${"x".repeat(5_000)}`])
        expects(await refusal(path, wrong), "token-invalid");
      const good = issueToken(
        house.broker.ground.vault.tokenKey(),
        randomUUID(),
        ["referral.read"],
        house.broker.ground.clock.now(),
      );
      expects(await refusal(path, `Bearer ${good}`), "token-invalid");
      expects(await refusal(path, `Bearer ${good.slice(0, -2)}AA`), "token-invalid");
      expects(await refusal(path, `Bearer ${expired()}`), "token-expired");
    });

    it("a token of the wrong kind is forbidden, before anything is looked up", async () => {
      const token = await house.sender("jobcentre").token();
      const reply = await refusal("/fhir/R4/ServiceRequest/", `Bearer ${token}`);
      expect(reply.status).toBe(403);
      expect(JSON.parse(reply.text)).toMatchObject({
        resourceType: "OperationOutcome",
        issue: [{ code: "forbidden" }],
      });
      expect((await refusal("/provider/v1/offers/", `Bearer ${token}`)).status).toBe(403);
    });

    it("an assertion counts once", async () => {
      const { identity } = house.sender("islington-surgery");
      const body = new URLSearchParams({
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: await assertionFor(identity, house.broker.origin),
      });
      const ask = () => fetch(`${house.broker.origin}/oauth2/token`, { method: "POST", body });
      const together = await Promise.all([ask(), ask(), ask(), ask()]);
      expect(together.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401]);
      const again = await ask();
      expect(again.status).toBe(401);
      expect(await again.json()).toMatchObject({ error: "invalid_client" });
    });
  });

  describe("a receipt shows its reader only what it may", () => {
    const receiptsFor = async (from: Sender, reference: string): Promise<Loose[]> =>
      (JSON.parse((await get(from, `/referrals/${reference}/receipt`)).text) as { receipts: Loose[] }).receipts;

    it("the Jobcentre's holds nothing of consent or health", async () => {
      const [receipt] = await receiptsFor(house.sender("jobcentre"), cases.jobcentre);
      expect(receipt.outcome).toBe("offered");
      expect(receipt.candidates.length).toBeGreaterThan(0);
      expect(receipt.consent).toBeUndefined();
      expect(JSON.stringify(receipt)).not.toMatch(PRIVATE_WORDS);
    });

    it("the practice's names consent and clauses: so there was something to hide", async () => {
      const [receipt] = await receiptsFor(house.sender("islington-surgery"), cases.gp);
      expect(receipt.consent).toBeDefined();
      expect(JSON.stringify(receipt)).toMatch(PRIVATE_WORDS);
    });

    it("a provider's speaks of itself alone", async () => {
      const { identity } = house.provider(COACHING);
      const from = { identity, broker: house.broker.origin, token: tokens(identity, house.broker.origin) };
      const [receipt] = await receiptsFor(from, cases.gp);
      expect(receipt.offered.provider).toBe(COACHING);
      expect(receipt.candidates.map((one: Loose) => one.provider)).toEqual(receipt.candidates.map(() => COACHING));
      expect(JSON.stringify(receipt)).not.toContain("sample-islington-council");
      expect((await get(from, `/referrals/${cases.jobcentre}/receipt`)).status).toBe(404);
      expect((await get(from, `/referrals/${cases.gp}`)).status).toBe(403);
    });
  });

  // The embedded store is for trial: it takes no other clients (proven with the command line).
  describe.each([setup].filter((one) => !one.embedded))("test clients and real ones never meet", () => {
    const real = async (kind: Part["kind"], organisation: string): Promise<Sender> =>
      as({ kind, organisation, name: `Real ${organisation}` }, false);

    it("a real practice does not see the test cases of its own organisation, nor the other way round", async () => {
      const practice = await real("gp", "F83999");
      expect((await get(practice, `/referrals/${cases.gp}`)).status).toBe(404);
      expect((await get(practice, `/referrals/${cases.gp}/receipt`)).status).toBe(404);
      expect((await get(practice, `/fhir/R4/ServiceRequest/${await idOf(cases.gp)}`)).status).toBe(404);
      const own = await post(practice, message(practice, { need: "debt-advice" }));
      expect((await get(practice, `/referrals/${own.reference}`)).status).toBe(200);
      expect((await get(house.sender("islington-surgery"), `/referrals/${own.reference}`)).status).toBe(404);
    });

    it("a real case is offered to no test provider, and a test case to no real one", async () => {
      const practice = await real("gp", "F83999");
      const asks = { facts: { employment: "out-of-work", longTermCondition: true } };
      const without = await post(practice, message(practice, asks));
      await house.quiet();
      const stands = async (from: Sender, reference = ""): Promise<Loose> =>
        JSON.parse((await get(from, `/referrals/${reference}`)).text) as Loose;
      expect((await stands(practice, without.reference)).status).toBe("unmet");

      const provider = await real("provider", COACHING);
      const reached = await post(practice, message(practice, asks));
      await house.quiet();
      expect((await stands(practice, reached.reference)).status).toBe("offered");
      const pageOf = async (from: Sender): Promise<string[]> =>
        (JSON.parse((await get(from, "/provider/v1/offers?limit=100")).text) as { offers: OfferView[] }).offers.map(
          (one) => one.reference,
        );
      expect(await pageOf(provider)).toEqual([reached.reference]);
      expect((await get(provider, `/provider/v1/offers/${offer}`)).status).toBe(404);

      // The real client of this provider is the newer one: the test client still gets its own.
      const by = house.sender("islington-surgery");
      const trial = await post(by, message(by, asks));
      const coaching = house.provider(COACHING);
      const heard = () => coaching.received.map(({ reference }) => reference);
      await expect.poll(heard, { timeout: PATIENCE_MS, interval: 20 }).toContain(trial.reference);
      expect(heard()).not.toContain(reached.reference);
    });

    it("a real practice may not send a number that fails its check", async () => {
      const practice = await real("gp", "F83999");
      const bad = { person: { nhsNumber: "9991234561" } };
      expect((await post(practice, message(practice, bad))).text).toContain("nhs-number-check");
      const by = house.sender("islington-surgery");
      expect((await post(by, message(by, bad))).status).toBe(200);
    });
  });
});
