// What an operator pauses stops, waits with its reason on record, and goes on at once when it may.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import { type House, setups, until } from "./house.ts";
import { operate } from "./operator.ts";
import { get, handOffLetter, message, post, requestLetter } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const PROGRAMME = "islington-gp-coaching";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { postcode: "N1 2UD", birthDate: "1984-04-09" },
};

describe.each(setups())("pausing on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());
  afterEach(async () => {
    for (const { scope } of await house.broker.ground.store.pauses.list()) await run("resume", scope, "--by", "Ada");
    await house.quiet();
  });

  const run = (...argv: string[]) => operate(house, argv);
  const pauses = async (scope: string): Promise<void> => {
    expect(await run("pause", scope, "--by", "Ada", "--reason", "a trial")).toMatchObject({ status: 0 });
    // Another process may read a second later; this one knows at once.
  };
  const send = () => post(house.sender("islington-surgery"), message(house.sender("islington-surgery"), PATIENT));
  const statusOf = async (reference: string): Promise<string> =>
    (JSON.parse((await get(house.sender("islington-surgery"), `/referrals/${reference}`)).text) as Loose).status;
  const waits = (reference: string) =>
    house.sql<{ kind: string; destination: string; attempt: number; cause: string }>(
      `SELECT kind, destination, attempt, cause FROM waymark.work w JOIN waymark.referral r ON r.id = w.referral
       WHERE reference = $1 AND cause IN ('paused', 'programme-paused')`,
      [reference],
    );
  const held = (reference: string | undefined) =>
    until(async () => (await waits(String(reference))).length > 0, "nothing waits for a pause");
  const asked = (reference: string | undefined) =>
    house.provider(COACHING).received.filter((one) => one.reference === reference);
  const heard = (reference: string | undefined) =>
    until(() => asked(reference).length === 1, "the provider has not heard of it");
  const audit = () => house.sql("SELECT actor, verb, subjects, codes FROM waymark.audit ORDER BY at, id");

  it("a door answers 503 in its own form, says when to come again, stores nothing, and others go on", async () => {
    await pauses("door:gp");
    const before = await house.rows();
    const reply = await send();
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "120"]);
    expect(JSON.parse(reply.text)).toMatchObject({ resourceType: "OperationOutcome", issue: [{ code: "transient" }] });
    expect(reply.text).toContain("closed for a while");
    expect(await house.rows()).toEqual(before);
    expect((await post(house.sender("jobcentre"), handOffLetter({ need: "debt-advice" }))).status).toBe(202);
    await run("resume", "door:gp", "--by", "Ada");
    expect((await send()).status).toBe(200);
  });

  it.each([
    ["door:jobcentre", () => post(house.sender("jobcentre"), handOffLetter({ need: "debt-advice" }))],
    ["door:council", () => post(house.sender("hackney"), requestLetter(house.sender("hackney"), {}))],
  ])("%s does so too", async (scope, sends) => {
    await pauses(scope);
    const reply = await sends();
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "120"]);
    expect(reply.text).toContain("closed for a while");
  });

  it("a destination is sent nothing and spends no attempt; what waited goes out once it may", async () => {
    await pauses(`destination:provider:${COACHING}`);
    const { reference } = await send();
    await held(reference);
    expect(await waits(String(reference))).toEqual([
      { kind: "deliver", destination: `provider:${COACHING}`, attempt: 0, cause: "paused" },
    ]);
    expect(asked(reference)).toEqual([]);
    const why = await run("why", String(reference));
    expect(why.out).toMatch(/^ {2}Waits for: The end of a pause\. Since .* UTC\.$/m);
    expect(why.out).toMatch(
      new RegExp(`Sending the offer .*: paused \\(destination:provider:${COACHING}\\) since .* by Ada: a trial$`, "m"),
    );
    expect(JSON.parse((await run("why", String(reference), "--json")).out)).toMatchObject({
      status: "offered",
      who: "operator",
      tasks: expect.arrayContaining([
        expect.objectContaining({
          kind: "deliver",
          state: "paused",
          pause: expect.objectContaining({ by: "Ada", reason: "a trial" }),
        }),
      ]),
    });
    await run("resume", `destination:provider:${COACHING}`, "--by", "Ada");
    await heard(reference);
    await house.quiet();
    expect((await run("why", String(reference))).out).toContain("The service must act.");
    expect(await run("why", "WM-2222-2222")).toMatchObject({ status: 1, out: "There is no referral WM-2222-2222.\n" });
    const attempts = await house.sql(
      "SELECT number FROM waymark.attempt a JOIN waymark.referral r ON r.id = a.referral WHERE reference = $1 AND kind = 'deliver'",
      [reference],
    );
    expect(attempts).toEqual([{ number: 1 }]);
  });

  it("a programme makes no offers; its cases wait with the reason on record, others are decided", async () => {
    await pauses(`programme:${PROGRAMME}`);
    const { reference } = await send();
    await held(reference);
    expect(await waits(String(reference))).toMatchObject([{ kind: "assess", cause: "programme-paused" }]);
    expect(await statusOf(String(reference))).toBe("received");
    const [count] = await house.sql(
      "SELECT count(*)::integer AS offers FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral WHERE reference = $1",
      [reference],
    );
    expect(count).toEqual({ offers: 0 });
    const other = await post(house.sender("jobcentre"), handOffLetter({ need: "debt-advice" }));
    await until(async () => {
      const [row] = await house.sql<{ status: string }>("SELECT status FROM waymark.referral WHERE reference = $1", [
        other.reference,
      ]);
      return row?.status !== "received";
    }, "the other is not decided");
    await run("resume", `programme:${PROGRAMME}`, "--by", "Ada");
    await heard(reference);
    expect(await statusOf(String(reference))).toBe("offered");
  });

  it("an offer that a programme made before it was paused is not sent", async () => {
    await pauses(`destination:provider:${COACHING}`);
    const { reference } = await send();
    await held(reference);
    await pauses(`programme:${PROGRAMME}`);
    await run("resume", `destination:provider:${COACHING}`, "--by", "Ada");
    await held(reference);
    expect(asked(reference)).toEqual([]);
    await run("resume", `programme:${PROGRAMME}`, "--by", "Ada");
    await heard(reference);
  });

  it("all stops the doors, the decisions and the sending, and is shown to whoever looks after us", async () => {
    await pauses(`destination:provider:${COACHING}`);
    const { reference } = await send();
    await held(reference);
    await pauses("all");
    await run("resume", `destination:provider:${COACHING}`, "--by", "Ada");
    expect((await send()).status).toBe(503);
    expect(asked(reference)).toEqual([]);
    await until(async () => {
      const ready = (await (await fetch(`${house.broker.origin}/health/ready`)).json()) as Loose;
      return ready.status === "ready" && /^all since \d{4}-/.test(ready.parts.pauses.detail);
    }, "health does not say so");
    await run("resume", "all", "--by", "Ada");
    await heard(reference);
  });

  it("is done once, by somebody, for something that is there; and each time is on record", async () => {
    const [before] = [await audit()];
    expect(await run("pause", "door:gp", "--by", "Ada")).toMatchObject({
      status: 2,
      out: expect.stringContaining("--reason") as string,
    });
    expect(await run("pause", "programme:none-such", "--by", "Ada", "--reason", "x")).toMatchObject({ status: 2 });
    expect(await run("pause", "destination:provider:none-such", "--by", "Ada", "--reason", "x")).toMatchObject({
      status: 2,
    });
    expect(await run("pause", "everything", "--by", "Ada", "--reason", "x")).toMatchObject({ status: 2 });
    expect(await run("resume", "door:gp", "--by", "Ada")).toMatchObject({ status: 1 });
    await pauses("door:gp");
    expect(await run("pause", "door:gp", "--by", "Bo", "--reason", "again")).toMatchObject({ status: 1 });
    expect((await run("pause")).out).toMatch(/^door:gp {2}since .* by Ada: a trial$/m);
    expect(JSON.parse((await run("pause", "--json")).out)).toMatchObject([
      { scope: "door:gp", by: "Ada", reason: "a trial" },
    ]);
    await run("resume", "door:gp", "--by", "Cleo");
    expect((await run("pause")).out).toBe("Nothing is paused.\n");
    expect((await audit()).slice(before?.length)).toEqual([
      { actor: "Ada", verb: "pause", subjects: ["door:gp"], codes: { reason: "a trial" } },
      { actor: "Cleo", verb: "resume", subjects: ["door:gp"], codes: {} },
    ]);
  });
});
