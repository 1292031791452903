// The register of clients, the assertions they showed, and the breakers' rows.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NewClient } from "../../schemas/client.ts";
import { SCOPES } from "../../schemas/client.ts";
import { engines } from "../engines.ts";
import { aHome, type Home, uuid } from "../builders/store.ts";

const aClient = (overrides: Partial<NewClient> = {}): NewClient => ({
  kind: "gp",
  organisation: `org-${uuid()}`,
  name: "The Sample Surgery",
  test: true,
  ...overrides,
});

describe.each(engines())("clients on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  const later = (seconds: number) => new Date(home.clock.now().getTime() + seconds * 1_000);

  it("registers a client and finds it again by id", async () => {
    const draft = aClient({
      keys: { keys: [{ kty: "EC", kid: "k-1", crv: "P-384" }] },
      callbackUrl: "https://surgery.example/fhir",
    });
    const { client, apiKey } = await home.store.clients.add(draft);
    expect(client).toMatchObject({ ...draft, scopes: SCOPES.gp });
    expect(apiKey).toBeUndefined();
    expect(client.webhookSecrets).toHaveLength(1);
    expect(client.webhookSecrets[0]).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await home.store.clients.byId(client.id)).toEqual(client);
    expect(await home.store.clients.byId(uuid())).toBeUndefined();
    expect(await home.store.clients.byId("' OR 1=1")).toBeUndefined();
    expect((await home.store.clients.list()).map((one) => one.id)).toContain(client.id);
  });

  it("keeps how a provider is reached, the form of a practice's news, and who we are at its server", async () => {
    const reach = { by: "fhir", base: "https://north.example/r4", clientId: "waymark", answers: "poll" } as const;
    const provider = await home.store.clients.add(aClient({ kind: "provider", reach }));
    expect((await home.store.clients.byId(provider.client.id))?.reach).toEqual(reach);
    const news = {
      callbackForm: "task",
      callbackLogin: { clientId: "waymark", tokenUrl: "https://gp.example/token" },
    } as const;
    const { client } = await home.store.clients.add(aClient({ callbackUrl: "https://gp.example/r4", ...news }));
    expect(await home.store.clients.byId(client.id)).toMatchObject(news);
  });

  it("keeps which listed body a client is, and who says otherwise later", async () => {
    const { client } = await home.store.clients.add(aClient({ authorityType: "emergency-department" }));
    const typed = async () => (await home.store.clients.byId(client.id))?.authorityType;
    expect(await typed()).toBe("emergency-department");
    expect(await home.store.register.authority(client.id, "A. Sample", "inpatient-hospital")).toBe("changed");
    expect(await typed()).toBe("inpatient-hospital");
    expect(await home.store.register.authority(client.id, "A. Sample", undefined)).toBe("changed");
    expect(await typed()).toBeUndefined();
    expect(
      await home.sql("SELECT actor, codes FROM waymark.audit WHERE verb = 'clients.change' AND $1 = ANY (subjects)", [
        client.id,
      ]),
    ).toEqual([
      { actor: "A. Sample", codes: { authorityType: "inpatient-hospital" } },
      { actor: "A. Sample", codes: { authorityType: null } },
    ]);
    const provider = await home.store.clients.add(aClient({ kind: "provider" }));
    expect(await home.store.register.authority(provider.client.id, "A. Sample", "prison")).toBe("does-not-refer");
    expect(await home.store.register.authority(uuid(), "A. Sample", "prison")).toBe("not-found");
  });

  it("gives fewer scopes when fewer are asked for, never more than the kind has", async () => {
    const { client } = await home.store.clients.add(aClient({ kind: "provider", scopes: ["offer.read", "operate"] }));
    expect(client.scopes).toEqual(["offer.read"]);
  });

  it("gives a council an API key, and stores only its keyed digest", async () => {
    const { client, apiKey } = await home.store.clients.add(aClient({ kind: "council" }));
    expect(apiKey).toMatch(/^wmk_[A-Za-z0-9_-]{43}$/);
    expect(await home.store.clients.byApiKey(apiKey ?? "")).toEqual(client);
    expect(await home.store.clients.byApiKey(`${apiKey}x`)).toBeUndefined();
    const [row] = await home.sql<{ text: string }>("SELECT c::text AS text FROM waymark.client c WHERE id = $1", [
      client.id,
    ]);
    expect(row?.text).not.toContain(apiKey);
    const secret = client.webhookSecrets[0]?.slice(6) ?? "?";
    expect(row?.text).not.toContain(Buffer.from(secret).toString("hex"));
    expect(row?.text).not.toContain(Buffer.from(secret, "base64").toString("hex"));
  });

  it("finds the newest client in force of an organisation and kind, and the organisations of a kind", async () => {
    const organisation = `org-${uuid()}`;
    const { clients } = home.store;
    const old = await clients.add(aClient({ organisation, kind: "provider" }));
    home.clock.pass(1);
    const fresh = await clients.add(aClient({ organisation, kind: "provider" }));
    await clients.add(aClient({ organisation, kind: "gp" }));
    home.clock.pass(1);
    const real = await clients.add(aClient({ organisation: `${organisation}-2`, kind: "provider", test: false }));
    expect(await clients.byOrganisation("provider", `${organisation}-2`, true)).toBeUndefined();
    expect((await clients.byOrganisation("provider", `${organisation}-2`, false))?.id).toBe(real.client.id);
    expect((await clients.byOrganisation("provider", organisation, true))?.id).toBe(fresh.client.id);
    expect(await clients.organisations("provider", true)).toContain(organisation);
    expect(await clients.organisations("provider", false)).not.toContain(organisation);
    expect(await clients.organisations("council", true)).not.toContain(organisation);
    expect(await clients.revoke(fresh.client.id)).toBe(true);
    expect(await clients.revoke(fresh.client.id)).toBe(false);
    expect(await clients.revoke("nobody")).toBe(false);
    expect((await clients.byOrganisation("provider", organisation, true))?.id).toBe(old.client.id);
    expect((await clients.byId(fresh.client.id))?.revokedAt).toEqual(home.clock.now());
    await clients.revoke(old.client.id);
    expect(await clients.byOrganisation("provider", organisation, true)).toBeUndefined();
    expect(await clients.organisations("provider", true)).not.toContain(organisation);
  });

  it("hides the address of a client that was silenced, with the same commit that settled the attempt", async () => {
    const { client } = await home.store.clients.add(aClient({ callbackUrl: "https://surgery.example/gone" }));
    const [id, token] = [uuid(), uuid()];
    await home.sql(
      `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at, token, lease_until)
       VALUES ($1, 'notify', $1, $1, 'client:x', $3, $3, $2, $4)`,
      [id, token, home.clock.now(), later(20)],
    );
    const gone = { kind: "done", silences: client.id } as const;
    expect(await home.store.agenda.settle({ id, token: uuid() }, gone)).toBe(false);
    expect(await home.store.clients.byId(client.id)).toEqual(client);
    expect(await home.store.agenda.settle({ id, token }, gone)).toBe(true);
    expect(await home.store.clients.byId(client.id)).toEqual({
      ...client,
      callbackUrl: undefined,
      silencedAt: home.clock.now(),
    });
  });

  it("takes an assertion once, even from many at once, and forgets those that ended long ago", async () => {
    const [client, other] = [uuid(), uuid()];
    const { firstUse } = home.store.clients;
    const all = await Promise.all(Array.from({ length: 10 }, () => firstUse(client, "jti-1", later(300))));
    expect(all.filter(Boolean)).toHaveLength(1);
    expect(await firstUse(other, "jti-1", later(300))).toBe(true);
    home.clock.pass(3_000);
    // Just ended: a replay is still known as one.
    expect(await firstUse(client, "jti-1", later(300))).toBe(false);
    home.clock.pass(3_600);
    expect(await firstUse(client, "jti-2", later(300))).toBe(true);
    expect(await home.sql("SELECT jti FROM waymark.assertion ORDER BY jti")).toEqual([{ jti: "jti-2" }]);
  });

  describe("breaker rows", () => {
    it("open, let one caller probe when the time has come, and close for that caller alone", async () => {
      const { breakerRows } = home.store;
      const to = `provider:${uuid()}`;
      expect(await breakerRows.get(to)).toBeUndefined();
      const now = home.clock.now();
      await breakerRows.open(to, later(30), 2);
      expect(await breakerRows.get(to)).toEqual({
        state: "open",
        until: later(30),
        failures: 2,
        probeUntil: undefined,
      });
      expect(await breakerRows.claimProbe(to, now, later(60), uuid())).toBe(false);

      home.clock.pass(30);
      const tokens = Array.from({ length: 8 }, () => uuid());
      const lease = later(20);
      const claims = await Promise.all(
        tokens.map((token) => breakerRows.claimProbe(to, home.clock.now(), lease, token)),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await breakerRows.get(to)).toMatchObject({ state: "open", probeUntil: lease });
      const winner = tokens[claims.indexOf(true)] ?? "";
      for (const token of tokens) if (token !== winner) await breakerRows.close(to, token);
      expect(await breakerRows.get(to)).toMatchObject({ state: "open" });

      home.clock.pass(20);
      const heir = uuid();
      expect(await breakerRows.claimProbe(to, home.clock.now(), later(20), heir)).toBe(true);
      await breakerRows.close(to, winner);
      expect(await breakerRows.get(to)).toMatchObject({ state: "open" });
      await breakerRows.close(to, heir);
      expect(await breakerRows.get(to)).toMatchObject({ state: "closed", failures: 0, probeUntil: undefined });
      expect(await breakerRows.claimProbe(to, later(600), later(900), uuid())).toBe(false);
    });

    it("end a probe when they open again", async () => {
      const { breakerRows } = home.store;
      const to = `provider:${uuid()}`;
      await breakerRows.open(to, home.clock.now(), 0);
      const token = uuid();
      expect(await breakerRows.claimProbe(to, home.clock.now(), later(60), token)).toBe(true);
      await breakerRows.open(to, home.clock.now(), 1);
      await breakerRows.close(to, token);
      expect(await breakerRows.get(to)).toMatchObject({ state: "open", failures: 1 });
      expect(await breakerRows.claimProbe(to, home.clock.now(), later(60), uuid())).toBe(true);
    });
  });
});
