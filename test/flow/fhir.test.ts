// A provider with a FHIR server of its own, on every set-up: the offer goes there, its answers are read there, and the
// person opens at our door alone.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Loose } from "../fixtures/gp/index.ts";
import { openFhirServer, type FhirServer } from "../world/fhir-server.ts";
import { newKeys, tokens, type Identity } from "../world/system.ts";
import { BELL_HEADER, bellSecret } from "../../adapters/providers/fhir-subscription.ts";
import { type House, PATIENCE_MS, logged, setups, until } from "./house.ts";
import { get, message, post } from "./letters.ts";
import { found, inMessage } from "./secrets.ts";

const COACHING = "sample-islington-coaching";

describe.each(setups())(
  "an offer to a FHIR server on $name",
  (setup) => {
    let house: House;
    let server: FhirServer;
    let client: string;
    let secret: string;
    let ask: (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Response>;
    beforeAll(async () => {
      house = await setup.open();
      const { origin } = house.broker;
      server = await openFhirServer({
        keys: async () => (await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as never,
        clientId: "waymark",
      });
      const keys = await newKeys();
      const added = await house.broker.ground.store.clients.add({
        kind: "provider",
        organisation: COACHING,
        name: "Coaching with a FHIR server",
        keys: { keys: [keys.publicKey as { kty: "EC"; kid: string }] },
        reach: { by: "fhir", base: server.url, clientId: "waymark", answers: "subscription" },
        test: true,
      });
      client = added.client.id;
      secret = added.client.webhookSecrets[0] ?? "";
      const token = tokens({ ...keys, clientId: client, name: "coaching" } as Identity, origin);
      ask = async (method, path, body, headers = {}) =>
        fetch(`${origin}/fhir/R4${path}`, {
          method,
          headers: { Authorization: `Bearer ${await token()}`, "Content-Type": "application/fhir+json", ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
    });
    afterAll(async () => {
      await house.close();
      await server.close();
    });

    /** Sends a patient who fits, and waits for the Task. */
    const referred = async () => {
      const by = house.sender("islington-surgery");
      const letter = message(by, {
        need: "employment",
        facts: { employment: "out-of-work", longTermCondition: true },
        person: { given: "Perpetua", family: "Quillfeather", postcode: "N1 2UD", birthDate: "1984-04-09" },
      });
      const { reference = "" } = await post(by, letter);
      const task = () => server.tasks().find((one) => JSON.stringify(one["identifier"]).includes(reference));
      await until(() => task() !== undefined, "no Task came");
      await until(
        () => [...server.resources.keys()].some((name) => name.startsWith("Subscription")),
        "no Subscription",
      );
      const made = task();
      if (made === undefined) throw new Error("no Task");
      const offer = (made["identifier"] as { value: string }[])[0]?.value ?? "";
      return { reference, made, offer, secrets: inMessage(JSON.parse(letter.body) as Loose) };
    };
    const heard = async (reference: string, encounter: string): Promise<void> => {
      await until(
        () =>
          house
            .referrer("islington-surgery")
            .heard.some(({ body }) => body.includes(reference) && body.includes(encounter)),
        `no news of ${encounter}`,
      );
    };

    it("is answered by moving the Task there, and opens the person here, from acceptance until its end", async () => {
      const { reference, made, offer, secrets } = await referred();
      expect(found(JSON.stringify(made), secrets)).toEqual([]);
      expect(found(await (await ask("GET", `/ServiceRequest/${offer}`)).text(), secrets)).toEqual([]);

      server.move(made, { status: "accepted" });
      expect(await server.ring()).toEqual([204]);
      await heard(reference, '"in-progress"');
      const opened = await (await ask("GET", `/ServiceRequest/${offer}`)).text();
      expect(found(opened, secrets).map(({ what }) => what)).toContain("family name");
      // What stands at their server stays as thin as it was.
      expect(found(JSON.stringify([...server.resources.values()]), secrets)).toEqual([]);

      server.move(made, { status: "completed" });
      await server.ring();
      await heard(reference, '"finished"');
      expect(found(await (await ask("GET", `/ServiceRequest/${offer}`)).text(), secrets)).toEqual([]);
      await until(async () => {
        const rows = await house.sql("SELECT FROM waymark.work WHERE subject = $1", [offer]);
        return rows.length === 0;
      }, "the offer is still followed");
    });

    it("is answered here as well, whichever comes first, and an old update moves nothing back", async () => {
      const { reference, made, offer } = await referred();
      const task = (await (await ask("GET", `/Task/${offer}`)).json()) as Loose;
      const accepted = { ...task, status: "accepted" };
      expect((await ask("PUT", `/Task/${offer}`, accepted)).status).toBe(200);
      await logged(house, { door: "/fhir/R4", offer, verb: "accept", status: 200, outcome: "changed" });
      expect((await ask("PUT", `/Task/${offer}`, accepted)).status).toBe(200);
      await logged(house, { door: "/fhir/R4", offer, status: 200, outcome: "repeated" });
      await heard(reference, '"in-progress"');
      // Their own copy still says that it was only received.
      server.move(made, { status: "received" });
      const before = server.seen.length;
      await server.ring();
      await until(() => server.seen.length > before, "nobody looked");
      await logged(house, { msg: "task", way: "fhir", client, offer, outcome: "behind" });
      const own = (await (await ask("GET", `/Task/${offer}`)).json()) as Loose;
      expect(own.status).toBe("accepted");
      const late = await ask("PUT", `/Task/${offer}`, { ...task, status: "received" });
      expect([late.status, ((await late.json()) as Loose).issue[0].details.coding.at(-1).code]).toEqual([
        409,
        "not-your-turn",
      ]);
      await logged(house, { door: "/fhir/R4", offer, status: 409, reasons: ["not-your-turn"] });
      const version = `W/"${task.meta.versionId}"`;
      const old = await ask("PUT", `/Task/${offer}`, { ...own, status: "in-progress" }, { "If-Match": version });
      expect(old.status).toBe(412);
      await logged(house, { door: "/fhir/R4", offer, status: 412, reasons: ["version-old"] });
      expect(((await (await ask("GET", `/Task/${offer}`)).json()) as Loose).status).toBe("accepted");

      server.move(made, { status: "rejected", statusReason: { text: "Too late." } });
      await server.ring();
      await logged(house, { msg: "task", way: "fhir", client, offer, verb: "end", outcome: "changed" });
      expect((await ask("PUT", `/Task/${offer}`, { ...own, status: "in-progress" })).status).toBe(409);
      await logged(house, { door: "/fhir/R4", offer, status: 409, reasons: ["offer-closed"] });
    });

    it("tells here and there how help gets on, and its referrer sees as much of it as concerns it", async () => {
      const { reference, made, offer } = await referred();
      server.move(made, { status: "accepted" });
      await server.ring();
      await heard(reference, '"in-progress"');
      const coded = (code: string) => ({
        coding: [{ system: "https://waymark.example/fhir/CodeSystem/progress", code }],
      });
      const own = async (): Promise<Loose> => (await ask("GET", `/Task/${offer}`)).json();
      const seen = async (): Promise<Loose> =>
        JSON.parse((await get(house.sender("islington-surgery"), `/fhir/R4/Task/${offer}`)).text);
      const missed = await ask("PUT", `/Task/${offer}`, { ...(await own()), businessStatus: coded("no-answer") });
      expect(missed.status).toBe(200);
      expect((await own()).businessStatus.coding[0].code).toBe("no-answer");
      expect((await seen()).businessStatus).toBeUndefined();

      server.move(made, { status: "accepted", businessStatus: coded("reached") });
      await server.ring();
      await until(async () => (await seen()).businessStatus?.coding[0].code === "reached", "the practice sees nothing");
      expect(JSON.stringify(await seen())).not.toMatch(/phone|told-on/);
      const before = server.seen.length;
      await server.ring();
      await until(() => server.seen.length > before, "nobody looked");
      server.move(made, { status: "on-hold", businessStatus: coded("reached") });
      await server.ring();
      await until(async () => (await seen()).status === "on-hold", "it does not rest");
      server.move(made, { status: "accepted", businessStatus: coded("plan-agreed") });
      await server.ring();
      await until(async () => (await seen()).businessStatus?.coding[0].code === "plan-agreed", "there is no plan");
      expect((await seen()).status).toBe("accepted");
      // Each attempt once, however often their Task was looked at meanwhile.
      const told = "SELECT FROM waymark.event WHERE type = 'contacted' AND body ->> 'offer' = $1";
      expect(await house.sql(told, [offer])).toHaveLength(2);
    });

    it("is taken back there when the person takes back their consent", async () => {
      const { reference, made } = await referred();
      server.move(made, { status: "received", note: [{ text: "theirs" }] });
      const back = [{ kind: "share", decision: "withdrawn" }];
      const reply = await post(house.sender("islington-surgery"), {
        path: `/referrals/${reference}/consents`,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ consents: back }),
      });
      expect({ status: reply.status, text: reply.text }).toMatchObject({ status: 200 });
      const there = () => server.resources.get(`Task/${made.id}`);
      await until(() => there()?.["status"] === "cancelled", "it was not taken back");
      expect(there()).toMatchObject({ note: [{ text: "theirs" }] });
      // Why is between the person and their practice.
      expect(JSON.stringify(there())).not.toMatch(/consent|withdr|take-part/i);
    });

    it("is another's business for everyone else", async () => {
      const { reference, offer } = await referred();
      const task = (await (await ask("GET", `/Task/${offer}`)).json()) as Loose;
      const other = house.provider("sample-newham-council").identity;
      const token = await tokens(other, house.broker.origin)();
      for (const body of [{ ...task, status: "accepted" }, {}]) {
        const reply = await fetch(`${house.broker.origin}/fhir/R4/Task/${offer}`, {
          method: "PUT",
          headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/fhir+json" },
          body: JSON.stringify(body),
        });
        expect([reply.status, ((await reply.json()) as Loose).issue[0].code]).toEqual([404, "not-found"]);
      }
      const said = { door: "/fhir/R4", client: other.clientId, offer, status: 404, reasons: ["not-found"] };
      await logged(house, { method: "PUT", ...said });
      for (const path of [`/fhir/R4/Task/${offer}`, `/fhir/R4/ServiceRequest/${offer}`])
        expect((await get(house.sender("camden-surgery"), path)).status).toBe(404);
      const seen = await get(
        house.sender("islington-surgery"),
        `/fhir/R4/Task?identifier=https://waymark.example/fhir/Id/reference|${reference}`,
      );
      expect(
        (JSON.parse(seen.text) as Loose).entry.map((one: Loose) => [one.resource.id, one.resource.status]),
      ).toEqual([[offer, "requested"]]);
    });

    it("publishes the key that it logs in with, and no private part of it", async () => {
      const url = new URL("/.well-known/jwks.json", house.broker.origin);
      const { keys } = (await (await fetch(url)).json()) as { keys: Record<string, string>[] };
      expect(keys.map((key) => [key["kty"], key["alg"]])).toEqual([
        ["OKP", "EdDSA"],
        ["EC", "ES384"],
      ]);
      expect(JSON.stringify(keys)).not.toContain('"d"');
      // Their server let us in by these keys, every time.
      expect(server.logins.refused).toBe(0);
    });

    it("hears no bell that is rung with an old secret or another's, and writes down whose it was", async () => {
      const { register } = house.broker.ground.store;
      const rings = async (secret: string): Promise<number> => {
        const bell = `${house.broker.origin}/provider/v1/bells/${client}`;
        return (await fetch(bell, { method: "POST", headers: { [BELL_HEADER]: secret } })).status;
      };
      const old = bellSecret(client, secret);
      expect(await rings(old)).toBe(204);
      await register.rotateSecret(client, "Ada");
      await register.retireSecret(client, "Ada");
      // What is known of a client is asked for again every five seconds.
      await until(async () => (await rings(old)) === 403, "the old secret still rings");
      await logged(house, { door: "/provider/v1", bell: client, status: 403, reasons: ["forbidden"] });
      expect(await rings(bellSecret(client, "somebody-else"))).toBe(403);
    });
  },
  PATIENCE_MS * 3,
);
