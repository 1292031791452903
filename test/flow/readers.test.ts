// One decision, and each who may read it: what a commissioner may prove by it, and what the person is told.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Loose } from "../fixtures/gp/index.ts";
import { freePort, register, tokens } from "../world/system.ts";
import type { Sender } from "../world/send.ts";
import { type House, PATIENCE_MS, setups } from "./house.ts";
import { get, handOffLetter, message, post } from "./letters.ts";

const NEWHAM = "E09000025";

describe.each(setups())("who reads a decision on $name", (setup) => {
  let house: House;
  let newham: Sender;
  let islington: Sender;
  beforeAll(async () => {
    house = await setup.open();
    newham = await commissioner(NEWHAM);
    islington = await commissioner("E09000019");
  });
  afterAll(() => house.close());

  const commissioner = async (organisation: string): Promise<Sender> => {
    const draft = {
      name: "Commissioners (sample)",
      kind: "commissioner",
      organisation,
      port: await freePort(),
    } as const;
    const identity = await register((one) => house.broker.ground.store.clients.add(one), { ...draft, pulls: true });
    return { identity, token: tokens(identity, house.broker.origin), broker: house.broker.origin };
  };
  const read = async (from: Sender, path: string): Promise<{ status: number; body: Loose }> => {
    const reply = await get(from, path);
    return { status: reply.status, body: JSON.parse(reply.text) };
  };
  /** Someone of Newham, long out of work. */
  const sends = async (seed: number): Promise<string> => {
    const said = await post(house.sender("jobcentre"), handOffLetter({ seed }));
    expect(said).toMatchObject({ status: 202 });
    const reference = said.reference ?? "";
    const decided = async () => (await read(newham, `/referrals/${reference}/receipt`)).status;
    await expect.poll(decided, { timeout: PATIENCE_MS }).toBe(200);
    return reference;
  };

  /** What a receipt names of programmes that are not this organisation's. */
  const others = (organisation: string, { packs, candidates }: Loose): string[] => {
    const all = house.broker.ground.rulebook.inForce(new Date()).map(({ programme }) => programme);
    const own = new Set(all.filter((one) => one.commissioner.id === organisation).map((one) => one.programme));
    const named = [
      ...packs.map((pack: string) => pack.split("@")[0]),
      ...candidates.map((one: Loose) => one.programme),
    ];
    return named.filter((one: string) => !own.has(one));
  };

  it("shows a commissioner each decision under its own programmes, and nothing of the person", async () => {
    const reference = await sends(7);
    const { body } = await read(newham, `/referrals/${reference}/receipt`);
    expect(body.receipts).toMatchObject([{ outcome: "offered", offered: { programme: "newham-workplace" } }]);
    const [receipt] = body.receipts;
    expect(receipt.packs.length).toBeGreaterThan(0);
    expect(others(NEWHAM, receipt)).toEqual([]);
    expect(receipt.inputHash).toBeTypeOf("string");
    expect(receipt.consent).toBeUndefined();
    expect(receipt.withheld).toBeUndefined();
    expect((await read(newham, `/referrals/${reference}`)).status).toBe(404);
  });

  it("shows it to nobody whose programme was not read, and lists nothing of others' programmes", async () => {
    const reference = await sends(8);
    const other = await read(islington, "/commissioner/v1/receipts");
    for (const receipt of other.body.receipts) expect(others("E09000019", receipt)).toEqual([]);
    const nobody = await commissioner("E09000099");
    expect((await read(nobody, `/referrals/${reference}/receipt`)).status).toBe(404);
    expect((await read(nobody, "/commissioner/v1/receipts")).body).toEqual({ receipts: [] });
    expect((await read(house.sender("jobcentre"), "/commissioner/v1/receipts")).status).toBe(403);
  });

  it("lists them by programme and time, page by page, each once", async () => {
    const wanted = [await sends(9), await sends(10), await sends(11)];
    const seen: string[] = [];
    let next: string | undefined = "/commissioner/v1/receipts?programme=newham-workplace&limit=2";
    while (next !== undefined) {
      const { body } = await read(newham, next);
      expect(body.receipts.length).toBeLessThanOrEqual(2);
      seen.push(...body.receipts.map((one: Loose) => one.reference));
      next = body.next === undefined ? undefined : new URL(body.next).pathname + new URL(body.next).search;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(wanted));
    expect((await read(newham, "/commissioner/v1/receipts?to=2020-01-01T00:00:00Z")).body).toEqual({ receipts: [] });
    expect((await read(newham, "/commissioner/v1/receipts?programme=another")).body).toEqual({ receipts: [] });
    const faults = await read(newham, "/commissioner/v1/receipts?limit=0&from=yesterday&x=1");
    expect(faults.status).toBe(400);
    expect(faults.body.errors.map((one: Loose) => one.path).sort()).toEqual(["from", "limit", "x"]);
  });

  it("gives who referred the words for the person, but not a Jobcentre", async () => {
    const surgery = house.sender("islington-surgery");
    const { reference } = await post(surgery, message(surgery, { seed: "13" }));
    await house.hears("islington-surgery", reference ?? "", 1);
    const { body } = await read(surgery, `/referrals/${reference}/receipt?for=person`);
    expect(body.receipts[0]).toEqual({
      reference,
      decidedAt: expect.any(String),
      words: expect.any(String),
      why: expect.any(Array),
      youCan: expect.arrayContaining([expect.any(String)]),
    });
    const own = await sends(12);
    expect((await read(house.sender("jobcentre"), `/referrals/${own}/receipt?for=person`)).status).toBe(404);
    expect((await read(house.sender("jobcentre"), `/referrals/${own}/receipt?for=anyone`)).status).toBe(400);
  });
});
