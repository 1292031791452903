// A store restored from yesterday, on both homes: it starts in quarantine, doors accept, nothing leaves; what the journal holds is
// done again, what is lost is named, and then everything flows. Who was erased stays erased, who withdrew is not sent out again.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Loose } from "../fixtures/gp/index.ts";
import { until } from "./house.ts";
import { get, handOffLetter, type Letter, post, requestLetter } from "./letters.ts";
import { COACHING, homes, openRestorable, type Restorable } from "./restorable.ts";

describe.each(homes())("a restored store on %s", (_, home) => {
  let house: Restorable;
  const sent: Record<string, string> = {};
  let later: { withdrawn: string; erased: string; refused: string; lost: string };
  const run: Restorable["run"] = (...argv) => house.run(...argv);
  const quarantine = () => house.ground().store.quarantine.inForce();
  const offered = async (): Promise<{ letter: Letter; reference: string }> => {
    const made = await house.letter();
    await house.delivered(made.reference);
    return made;
  };
  const recalled = (reference: string) =>
    house.coach().notices.filter((one) => one.reference === reference && one.type === "offer.recalled").length;

  beforeAll(async () => {
    house = await openRestorable(home);
    for (const name of ["withdrawn", "erased", "refused"]) sent[name] = (await offered()).reference;
  }, 120_000);
  afterAll(() => house.close());

  it("is backed up while it serves, into a file that is not there yet", async () => {
    expect(await run("backup", "--out", "yesterday")).toMatchObject({ status: 0 });
    expect(await run("backup", "--out", "yesterday")).toMatchObject({ status: 1 });
    expect((await readFile(join(house.folder, "yesterday"))).length).toBeGreaterThan(10_000);
  });

  let lostLetter: Letter;
  const elsewhere: Record<"jobcentre" | "hackney", string> = { jobcentre: "", hackney: "" };
  const by = (key: "jobcentre" | "hackney") => house.sender(key);
  it("goes on after the backup: one withdraws, one is erased, one takes consent back, and a new one comes", async () => {
    const lost = await offered();
    later = { ...(sent as Record<"withdrawn" | "erased" | "refused", string>), lost: lost.reference };
    lostLetter = lost.letter;
    elsewhere.jobcentre = String((await post(by("jobcentre"), handOffLetter({ need: "debt-advice" }))).reference);
    elsewhere.hackney = String((await post(by("hackney"), requestLetter(by("hackney"), {}))).reference);
    await house.withdraw(later.withdrawn);
    const no = JSON.stringify({ consents: [{ kind: "share", decision: "withdrawn" }] });
    const headers = { "Content-Type": "application/json" };
    const refusal = { path: `/referrals/${later.refused}/consents`, headers, body: no };
    expect((await post(house.surgery(), refusal)).status).toBe(200);
    expect(await run("person", "erase", later.erased, "--yes")).toMatchObject({ status: 0 });
    await until(() => recalled(later.withdrawn) === 1 && recalled(later.refused) === 1, "no recall came");
    await house.stop();
  });

  it("is restored over a store only by force, and starts in quarantine", async () => {
    expect(await run("restore", "--from", "yesterday", "--by", "Ada")).toMatchObject({ status: 1 });
    const forced = await run("restore", "--from", "yesterday", "--by", "Ada", "--force");
    expect(forced).toMatchObject({ status: 0 });
    await house.start();
    expect(await quarantine()).toMatchObject({ why: "restored" });
    expect(await house.statusOf(later.withdrawn)).toBe("offered");
  });

  it("takes referrals, and sends nothing to anybody", async () => {
    const before = { offers: house.coach().received.length, notices: house.coach().notices.length };
    sent["new"] = await house.send();
    await until(
      async () =>
        (await house.sql("SELECT FROM waymark.work WHERE kind = 'deliver' AND cause = 'quarantine'")).length > 0,
      "no offer is held",
    );
    expect({ offers: house.coach().received.length, notices: house.coach().notices.length }).toEqual(before);
    expect((await house.coach().asks("/offers")).status).toBe(503);
  });

  it("sends nothing for an operator either, and says why with a code", async () => {
    const tried = await run("letters", "try", "--email", "me@here.example", "--json");
    expect(tried.status).toBe(1);
    expect(JSON.parse(tried.out)).toMatchObject({ code: "quarantined" });
  });

  it("says what it has lost, and changes nothing by saying it", async () => {
    const plan = await run("reconcile", "--dry-run", "--json");
    expect(JSON.parse(plan.out)).toMatchObject({
      applied: false,
      ended: false,
      withdraw: [{ reference: later.withdrawn }, { reference: later.erased }],
      refuse: expect.arrayContaining([expect.objectContaining({ reference: later.refused })]),
      erase: [expect.any(String)],
      lost: [
        { reference: later.lost },
        { reference: elsewhere.jobcentre, door: "jobcentre" },
        { reference: elsewhere.hackney, door: "council" },
      ],
      differences: expect.arrayContaining([
        expect.objectContaining({ what: "offer-lost", reference: later.lost, provider: COACHING }),
      ]),
      // Whoever is reached by webhook cannot be asked, and is named all the same.
      destinations: expect.arrayContaining([
        expect.objectContaining({ provider: COACHING, way: "webhook", asked: "same-id", compared: 0 }),
      ]),
    });
    expect(await house.statusOf(later.withdrawn)).toBe("offered");
  });

  it("does again what the journal holds, and stays shut while something is left to decide", async () => {
    const done = await run("reconcile", "--by", "Ada");
    expect(done.status).toBe(1);
    expect(done.out).toContain("Still in quarantine.");
    expect(await house.statusOf(later.withdrawn)).toBe("withdrawn");
    expect((await house.sql("SELECT FROM waymark.case_file WHERE wrapped_key IS NULL")).length).toBe(1);
    expect(recalled(later.withdrawn)).toBe(1);
  });

  it("ends when somebody answers for the rest; then recalls go again, and what waited arrives", async () => {
    expect(await run("reconcile", "--accept-differences", "--by", "Ada")).toMatchObject({ status: 2 });
    const done = await run("reconcile", "--accept-differences", "--reason", "the coach was rung", "--by", "Ada");
    expect(done).toMatchObject({ status: 0, out: expect.stringContaining("The quarantine is over") });
    await until(() => recalled(later.withdrawn) === 2, "the recall did not go again");
    await until(() => recalled(later.refused) === 2, "nor did that of the refused");
    await until(
      () => house.coach().received.some((one) => one.reference === sent["new"]),
      "the new offer did not come",
    );
    // Under the ids that it had: nobody was asked twice.
    const ids = (reference: string) =>
      new Set(
        house
          .coach()
          .received.filter((one) => one.reference === reference)
          .map(({ webhookId }) => webhookId),
      ).size;
    expect([ids(later.withdrawn), ids(later.refused), ids(later.erased)]).toEqual([1, 1, 1]);
    expect((await house.coach().asks("/offers")).status).toBe(200);
    expect(await run("reconcile", "--dry-run")).toMatchObject({ status: 0, out: "There is no quarantine.\n" });
  });

  it("goes on behind its journal, and starts again as a store like any other", async () => {
    await house.stop();
    await house.start();
    expect(await quarantine()).toBeUndefined();
    const lines = (await readFile(join(house.folder, "journal"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Loose);
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_line, at) => at + 1));
    expect(lines.find(({ kind }) => kind === "restored")).toMatchObject({ epoch: 2, body: { by: "Ada" } });
    expect(lines.filter(({ kind }) => kind === "reconciled")).toMatchObject([{ body: { by: "Ada", accepted: true } }]);
  });

  it("says of a lost reference that it was lost, and gives it again to whoever sends the same again", async () => {
    const reply = await get(house.surgery(), `/referrals/${later.lost}`);
    expect([reply.status, reply.text]).toEqual([410, expect.stringContaining("lost-in-restore")]);
    expect((await get(house.surgery(), "/referrals/WM-2222-2222")).status).toBe(404);
    // In each door's own form, under the id as well; to others it was never there.
    const [{ referral } = { referral: "" }] = await house.sql<{ referral: string }>(
      "SELECT referral FROM waymark.lost_referral WHERE reference = $1",
      [later.lost],
    );
    const request = await get(house.surgery(), `/fhir/R4/ServiceRequest/${referral}`);
    expect([request.status, JSON.parse(request.text)]).toMatchObject([
      410,
      { resourceType: "OperationOutcome", issue: [{ details: { coding: [{ code: "lost-in-restore" }] } }] },
    ]);
    const handOff = await get(by("jobcentre"), `/jobcentre/v1/handoffs/${elsewhere.jobcentre}`);
    expect([handOff.status, JSON.parse(handOff.text).errors]).toMatchObject([410, [{ code: "lost-in-restore" }]]);
    const report = await get(by("hackney"), `/open311/v2/requests/${elsewhere.hackney}.json`);
    expect([report.status, report.text]).toEqual([410, expect.stringContaining("lost-in-restore")]);
    expect((await get(by("jobcentre"), `/jobcentre/v1/handoffs/${later.lost}`)).status).toBe(404);
    const again = await post(house.surgery(), lostLetter);
    expect([again.status, again.reference]).toEqual([200, later.lost]);
    expect((await get(house.surgery(), `/referrals/${later.lost}`)).status).toBe(200);
  });
});
