// Sent twice is taken once: at every door, one after the other and at the same instant, and never half.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { type House, setups } from "./house.ts";
import {
  handOffLetter,
  message,
  post,
  requestLetter,
  serviceRequestLetter,
  transactionLetter,
  type Letter,
  type Reply,
} from "./letters.ts";

/** Nobody can take what these ask for, so that every case stops after its first decision. */
const HOME = "CR0 1EA";
const gp = { need: "debt-advice", person: { postcode: HOME, birthDate: "1984-04-09" } } as const;
const other = { ...gp, detail: "Said something else the second time." };
const handOff = { need: "debt-advice", changes: { "person.postcode": HOME, "programme.earlier": [] } };
const council = {
  service: "debt-advice",
  parameters: { address_string: `9 Invented Mews, ${HOME}` },
  attributes: { authority: "E09000008", birth_date: "1990-01-31" },
};

type Door = {
  name: string;
  from: ReferrerKey;
  /** The same key makes the same submission; `changed` gives it another body. */
  write(house: House, key: string, changed?: boolean): Letter;
  /** What a repetition answers. */
  again: { status: number; reference: boolean };
};

const DOORS: Door[] = [
  {
    name: "a BaRS message",
    from: "camden-surgery",
    write: (house, key, changed) =>
      message(house.sender("camden-surgery"), { seed: key, ...(changed ? other : gp) }, key),
    again: { status: 409, reference: false },
  },
  {
    name: "a ServiceRequest",
    from: "camden-surgery",
    write: (house, key, changed) =>
      serviceRequestLetter(house.sender("camden-surgery"), { seed: key, ...(changed ? other : gp) }, key),
    again: { status: 200, reference: true },
  },
  {
    name: "a transaction",
    from: "camden-surgery",
    write: (house, key, changed) =>
      transactionLetter(house.sender("camden-surgery"), { seed: key, ...(changed ? other : gp) }, key),
    again: { status: 200, reference: true },
  },
  {
    name: "a hand-off",
    from: "jobcentre",
    write: (_house, key, changed) =>
      handOffLetter({ ...handOff, changes: { ...handOff.changes, ...(changed && { reason: "Another." }) } }, key),
    again: { status: 202, reference: true },
  },
  ...(["json", "xml"] as const).map((format): Door => ({
    name: `a GeoReport request in ${format}`,
    from: "camden",
    write: (house, key, changed) =>
      requestLetter(
        house.sender("camden"),
        changed ? { ...council, parameters: { ...council.parameters, description: "Another." } } : council,
        format,
        key,
      ),
    again: { status: 200, reference: true },
  })),
];

describe.each(setups())("sent twice on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  /** How many of each came to be, once all is decided. */
  const made = async (act: () => Promise<void>): Promise<Record<string, number>> => {
    await house.quiet();
    const before = await house.rows();
    await act();
    await house.quiet();
    const after = await house.rows();
    return Object.fromEntries(Object.entries(after).map(([table, count]) => [table, count - (before[table] ?? 0)]));
  };
  const ONE = { submission: 1, case_file: 1, referral: 1, event: 2, receipt: 1, offer: 0, callback: 1, work: 0 };

  const expectRepetition = (door: Door, first: Reply | undefined, second: Reply): void => {
    expect(second.status).toBe(door.again.status);
    if (door.again.reference) return expect(second.reference).toBe(first?.reference);
    const outcome = JSON.parse(second.text) as Loose;
    expect(outcome.resourceType).toBe("OperationOutcome");
    expect(outcome.issue[0].code).toBe("duplicate");
    expect(outcome.issue[0].details.coding.map((one: Loose) => one.code)).toContain("REC_CONFLICT");
  };

  for (const door of DOORS) {
    it(`takes ${door.name} once, however often it comes`, async () => {
      const letter = door.write(house, randomUUID());
      const sender = house.sender(door.from);
      const came = await made(async () => {
        const first = await post(sender, letter);
        expect(first.status).toBeLessThan(300);
        expect(first.reference).toBeDefined();
        expectRepetition(door, first, await post(sender, letter));
        expectRepetition(door, first, await post(sender, letter));
      });
      expect(came).toMatchObject(ONE);
    });

    it(`takes ${door.name} once when it comes twenty times at the same instant`, async () => {
      const letter = door.write(house, randomUUID());
      const sender = house.sender(door.from);
      await sender.token();
      const came = await made(async () => {
        const replies = await Promise.all(Array.from({ length: 20 }, () => post(sender, letter)));
        // The first answer and the others: where a repetition is answered alike, any of them may stand for the first.
        const first = replies.findIndex((one) => one.status !== door.again.status);
        const [one, ...others] = [...replies.splice(Math.max(0, first), 1), ...replies];
        expect(one?.status).toBeLessThan(300);
        expect(others).toHaveLength(19);
        for (const another of others) expectRepetition(door, one, another);
      });
      expect(came).toMatchObject(ONE);
    });

    it(`refuses the key of ${door.name} with another body, and keeps the first`, async () => {
      const key = randomUUID();
      const sender = house.sender(door.from);
      const first = door.write(house, key);
      const second = door.write(house, key, true);
      expect(second.body).not.toBe(first.body);
      const came = await made(async () => {
        expect((await post(sender, first)).status).toBeLessThan(300);
        const reply = await post(sender, second);
        expect(reply.status).toBe(409);
        expect(reply.text).toContain("key-reused");
        expect(reply.reference).toBeUndefined();
      });
      expect(came).toMatchObject(ONE);
    });
  }

  it("takes ten of twenty when each of ten comes twice at the same instant, and writes nothing by halves", async () => {
    const letters = Array.from({ length: 10 }, () => DOORS[3]?.write(house, randomUUID())).filter(
      (one) => one !== undefined,
    );
    const came = await made(async () => {
      const replies = await Promise.all(
        [...letters, ...letters].map((letter) => post(house.sender("jobcentre"), letter)),
      );
      expect(new Set(replies.map(({ reference }) => reference)).size).toBe(10);
    });
    expect(came).toMatchObject(Object.fromEntries(Object.entries(ONE).map(([table, count]) => [table, count * 10])));
  });

  it("lets two organisations use the same key", async () => {
    const key = randomUUID();
    const letter = (from: ReferrerKey): Letter => requestLetter(house.sender(from), council, "json", key);
    const came = await made(async () => {
      const one = await post(house.sender("camden"), letter("camden"));
      const two = await post(house.sender("hackney"), letter("hackney"));
      expect([one.status, two.status]).toEqual([200, 200]);
      expect(one.reference).not.toBe(two.reference);
    });
    expect(came).toMatchObject({ submission: 2, referral: 2 });
  });
});
