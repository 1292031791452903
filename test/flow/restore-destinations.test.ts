// What services say after a restore: each destination is asked how its offers stand there, before anything leaves again.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReconcileReport } from "../../schemas/reconcile.ts";
import { type FhirServer, openFhirServer } from "../world/fhir-server.ts";
import { type Mesh, openMesh } from "../world/mesh.ts";
import { until } from "./house.ts";
import { COACHING, homes, openRestorable, type Restorable } from "./restorable.ts";

const planOf = async ({ run }: Restorable): Promise<ReconcileReport> =>
  JSON.parse((await run("reconcile", "--dry-run", "--json")).out) as ReconcileReport;

describe.each(homes())("a service with a FHIR server, after a restore on %s", (_, home) => {
  let house: Restorable;
  let server: FhirServer;
  let sent: Record<"accepted" | "missing" | "withdrawn" | "late" | "lost", string>;
  const task = (reference: string) =>
    server.tasks().filter((one) => JSON.stringify(one["identifier"]).includes(reference));
  const offered = async (): Promise<string> => {
    const reference = await house.send();
    await house.delivered(reference);
    return reference;
  };
  const open = (port?: number) =>
    openFhirServer({
      keys: async () => (await (await fetch(`${house.origin()}/.well-known/jwks.json`)).json()) as { keys: never[] },
      clientId: "waymark",
      port,
    });

  beforeAll(async () => {
    house = await openRestorable(home);
    server = await open();
    await house.reach({ by: "fhir", base: server.url, clientId: "waymark", answers: "subscription" });
    const [accepted, missing, withdrawn] = [await offered(), await offered(), await offered()];
    // Held here while it is backed up, and sent afterwards.
    await house.pause();
    const late = await house.send();
    await house.held(late);
    await house.does("backup", "--out", "yesterday");
    await house.resume();
    await house.delivered(late);
    sent = { accepted, missing, withdrawn, late, lost: await offered() };
    const [made] = task(accepted);
    if (made !== undefined) server.move(made, { status: "accepted" });
    await server.ring();
    await until(async () => (await house.statusOf(accepted)) === "accepted", "it was not taken in");
    for (const one of task(missing)) server.resources.delete(`Task/${one.id}`);
    await house.withdraw(withdrawn);
    await until(() => task(withdrawn)[0]?.["status"] === "cancelled", "it was not taken back");
    await house.stop();
    await house.does("restore", "--from", "yesterday", "--by", "Ada", "--force");
    await house.start();
    // The pause came back with the backup.
    await house.resume();
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await server.close();
  });

  it("keeps everything shut while it does not answer, and says so", async () => {
    const { resources, url } = server;
    await server.close();
    const silent = { provider: COACHING, test: true, way: "fhir", asked: "silent", cause: "no-token-address" };
    const plan = await planOf(house);
    expect(plan.destinations).toMatchObject([{ ...silent, offers: 5, compared: 0 }]);
    expect(plan.differences).toContainEqual({
      what: "destination-silent",
      provider: COACHING,
      cause: "no-token-address",
    });
    const done = await house.run("reconcile", "--by", "Ada");
    expect([done.status, done.out]).toEqual([1, expect.stringContaining("asked, and it did not answer")]);
    expect(await house.ground().store.quarantine.inForce()).toBeDefined();
    server = await open(Number(new URL(url).port));
    for (const [name, one] of resources) server.resources.set(name, one);
  });

  it("is asked, and nothing is written there: it says what it took on, what it has not, and what it has of the lost", async () => {
    const plan = await planOf(house);
    expect(plan).toMatchObject({
      // The one that was withdrawn has been withdrawn again meanwhile.
      destinations: [{ provider: COACHING, asked: "answered", offers: 4, compared: 4, differ: 3 }],
      steps: [{ reference: sent.accepted, provider: COACHING, verbs: ["accept"] }],
      unsent: [{ reference: sent.late, how: "same-id" }],
    });
    // What its own server tells is no difference of the journal's any more.
    expect(plan.differences).toEqual([
      expect.objectContaining({ what: "offer-lost", reference: sent.lost, seen: "there" }),
      expect.objectContaining({ what: "offer-missing", reference: sent.missing, provider: COACHING }),
    ]);
    expect(new Set(server.seen)).toEqual(new Set(["GET Task"]));
    expect(await house.statusOf(sent.accepted)).toBe("offered");
  });

  it("has its steps taken in, as if they were told now; nothing is sent by that", async () => {
    const done = await house.run("reconcile", "--by", "Ada");
    expect(done.status).toBe(1);
    expect(await house.statusOf(sent.accepted)).toBe("accepted");
    expect(new Set(server.seen)).toEqual(new Set(["GET Task"]));
    expect((await planOf(house)).steps).toEqual([]);
  });

  it("gets what waited, once", async () => {
    const why = ["--reason", "the service was rung"];
    expect(await house.run("reconcile", "--accept-differences", ...why, "--by", "Ada")).toMatchObject({ status: 0 });
    await house.delivered(sent.late);
    expect(task(sent.late)).toHaveLength(1);
  });
});

describe.each(homes())("a service with a MESH mailbox, after a restore on %s", (_, home) => {
  const [OURS, THEIRS] = ["X26WAYMARK", "X26COACH1"];
  let house: Restorable;
  let mesh: Mesh;
  let sent: Record<"arrived" | "late" | "never", string>;
  const there = (reference: string) =>
    mesh.messages.filter((one) => one.to === THEIRS && mesh.text(one).includes(reference));

  beforeAll(async () => {
    mesh = await openMesh({ [OURS]: "secret", [THEIRS]: "p" });
    const { url: MESH_URL, sharedKey: MESH_SHARED_KEY } = mesh;
    house = await openRestorable(home, { MESH_URL, MESH_SHARED_KEY, MESH_MAILBOX: OURS, MESH_PASSWORD: "secret" });
    await house.reach({ by: "mesh", mailbox: THEIRS });
    const arrived = await house.send();
    await house.delivered(arrived);
    await house.pause();
    const [late, never] = [await house.send(), await house.send()];
    await house.held(late);
    await house.held(never);
    await house.does("backup", "--out", "yesterday");
    await house.resume();
    await house.delivered(late);
    await house.delivered(never);
    await house.stop();
    // As if it had been lost on the way there.
    for (const one of there(never)) mesh.messages.splice(mesh.messages.indexOf(one), 1);
    sent = { arrived, late, never };
    await house.does("restore", "--from", "yesterday", "--by", "Ada", "--force");
    await house.start();
    // The pause came back with the backup.
    await house.resume();
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await mesh.close();
  });

  it("is asked of what may have been sent since, and of nothing that had arrived", async () => {
    mesh.asked.length = 0;
    const plan = await planOf(house);
    expect(plan).toMatchObject({
      destinations: [{ provider: COACHING, way: "mesh", asked: "answered", offers: 3, compared: 2, differ: 0 }],
      differences: [],
    });
    expect(mesh.asked.filter((kind) => kind !== "inbox" && kind !== "handshake")).toEqual([
      "track-local",
      "track-local",
    ]);
  });

  it("stays shut while MESH does not answer", async () => {
    mesh.next("track-local", 503);
    expect(await planOf(house)).toMatchObject({
      destinations: [{ asked: "silent" }],
      differences: [{ what: "destination-silent", provider: COACHING }],
    });
  });

  it("gets no second copy of what had come", async () => {
    expect(await house.run("reconcile", "--by", "Ada")).toMatchObject({ status: 0 });
    await house.delivered(sent.late);
    expect([there(sent.arrived).length, there(sent.late).length]).toEqual([1, 1]);
    // Nobody can say yet that it never came: MESH is asked again before it goes.
    expect(there(sent.never)).toEqual([]);
    const waiting = "SELECT cause FROM waymark.work WHERE kind = 'deliver' AND dead_at IS NULL";
    await until(
      async () => (await house.sql<{ cause: string }>(waiting)).some(({ cause }) => cause === "mesh-not-there-yet"),
      "it does not wait",
    );
  });
});
