// Signing up a provider without a system: registered without a key, its telephone checked by word of mouth, letters tried.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runVerb, type Printed } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import { type PostOffice, startPostOffice } from "../world/post-office.ts";
import { type House, setups } from "./house.ts";

const REACH = { by: "email", address: "desk@coaching.example", mobile: "+447700900123" };
const [embedded] = setups();

describe("signing up a provider without a system", () => {
  let house: House;
  let office: PostOffice;
  let cwd: string;
  beforeAll(async () => {
    if (embedded === undefined) throw new Error("no set-up");
    office = await startPostOffice();
    house = await embedded.open({
      SMTP_URL: `smtp://127.0.0.1:${office.port}`,
      SMTP_TEXT_DOMAIN: "sms.example",
      LETTERS_FROM: "no-reply@waymark.example",
    });
    cwd = await mkdtemp(join(tmpdir(), "waymark-number-"));
    await writeFile(join(cwd, "reach.json"), JSON.stringify(REACH));
    await writeFile(join(cwd, "wrong.json"), JSON.stringify({ ...REACH, mobile: "07700 900123" }));
  });
  afterAll(async () => {
    await house.close();
    await office.close();
    await rm(cwd, { recursive: true, force: true });
  });
  beforeEach(() => {
    office.mails.length = 0;
    office.refuses({});
  });

  const run = (...argv: string[]): Promise<Printed> =>
    runVerb(
      argv,
      toolsOf(house.config, () => Promise.resolve(house.broker.ground)),
      { cwd },
    );
  const who = ["--kind", "provider", "--organisation", "sample-islington-coaching", "--name", "Coaching", "--test"];
  const add = (reach: string): Promise<Printed> => run("clients", "add", ...who, "--reach", reach, "--json");
  const registered = async (): Promise<string> =>
    String((JSON.parse((await add("reach.json")).out) as Loose)["clientId"]);
  const listed = async (id: string): Promise<Loose | undefined> =>
    (JSON.parse((await run("clients", "list", "--json")).out) as Loose[]).find((one) => one["clientId"] === id);
  const codeSent = (): string => /\b\d{6}\b/.exec(office.mails.at(-1)?.mail.text ?? "")?.[0] ?? "";
  const check = (id: string, ...more: string[]): Promise<Printed> => run("clients", "check-number", id, ...more);

  it("needs no key, and a number in the form that all telephones know", async () => {
    expect(await add("reach.json")).toMatchObject({ status: 0, err: "" });
    const wrong = await add("wrong.json");
    expect(wrong.status).toBe(2);
    expect(wrong.out).toContain("mobile");
    expect(wrong.out).not.toContain("900123");
  });

  it("sends a code to the number, and takes it back by word of mouth", async () => {
    const id = await registered();
    expect(await listed(id)).toMatchObject({ reach: "email", numberChecked: false });
    const sent = await check(id);
    expect(sent).toMatchObject({ status: 0, err: "" });
    expect(sent.out).toContain("ending 23");
    expect(sent.out).not.toContain(codeSent());
    expect(office.mails[0]?.to).toBe("447700900123@sms.example");
    const wrong = codeSent() === "000000" ? "000001" : "000000";
    expect(await check(id, "--code", wrong)).toMatchObject({
      status: 1,
      out: expect.stringContaining("left: 4") as string,
    });
    expect(await listed(id)).toMatchObject({ numberChecked: false });
    expect(await check(id, "--code", codeSent())).toMatchObject({ status: 0 });
    expect(await listed(id)).toMatchObject({ numberChecked: true });
    expect(await check(id, "--code", codeSent())).toMatchObject({ status: 1 });
  });

  it("takes no code after five wrong ones, nor one that went to another", async () => {
    const [one, other] = [await registered(), await registered()];
    await check(one);
    const code = codeSent();
    await check(other);
    expect(await check(other, "--code", code === codeSent() ? "x" : code)).toMatchObject({ status: 1 });
    for (let count = 0; count < 5; count += 1) await check(one, "--code", "no");
    expect((await check(one, "--code", code)).out).toContain("No code is out");
    expect(await listed(one)).toMatchObject({ numberChecked: false });
  });

  it("says why a code did not go, and which client cannot have one", async () => {
    const id = await registered();
    office.refuses({ to: 550 });
    const refused = await check(id);
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.out).toContain("550");
    expect(await check("nobody")).toMatchObject({ status: 1 });
    const stranger = house.provider("sample-money-advice").identity.clientId;
    expect((await check(stranger)).out).toContain("reached by e-mail");
    await run("clients", "revoke", id);
    expect(await check(id)).toMatchObject({ status: 1 });
  });

  it("tries letters, one by each way", async () => {
    expect(await run("letters", "try", "--email", "me@here.example")).toMatchObject({ status: 0 });
    expect(await run("letters", "try", "--mobile", "+447700900456")).toMatchObject({ status: 0 });
    expect(office.mails.map(({ to }) => to)).toEqual(["me@here.example", "447700900456@sms.example"]);
    office.refuses({ to: 451 });
    expect(await run("letters", "try", "--email", "me@here.example")).toMatchObject({ status: 1 });
    expect(await run("letters", "try")).toMatchObject({ status: 2 });
    expect(await run("letters", "try", "--email", "nobody", "--mobile", "+447700900456")).toMatchObject({ status: 2 });
  });
});
