// One ring from claim to settled row, with steps and an agenda that are told what to do.
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { handleRings, type JobOutcome } from "../../queues/handle.ts";
import { WorkKind, type Settlement, type Work } from "../../schemas/work.ts";
import type { Worked } from "../../src/ports/steps.ts";
import { everyStep } from "../builders/steps.ts";

const now = new Date("2030-05-06T07:08:09Z");
const rowOf = (row: Partial<Work> = {}): Work => ({
  id: randomUUID(),
  kind: "deliver",
  subject: randomUUID(),
  referral: randomUUID(),
  destination: "provider:EXAMPLE",
  due: now,
  attempt: 0,
  token: randomUUID(),
  leaseUntil: now,
  firstDue: now,
  madeAt: now,
  ...row,
});

const build = (row: Work | undefined, step: (verb: string, work: Work) => Promise<Worked>, settle?: () => never) => {
  const settled: Settlement[] = [];
  const lines: { level: string; fields: Record<string, unknown> }[] = [];
  const observed: [string, JobOutcome][] = [];
  const say = (level: string) => (fields: object) => void lines.push({ level, fields: { ...fields } });
  const handle = handleRings({
    agenda: {
      claim: async () => row,
      settle: async (_work, settlement) => {
        settle?.();
        settled.push(settlement);
        return true;
      },
    },
    steps: everyStep((work, kind) => step(kind, work)),
    clock: { now: () => now },
    log: { info: say("info"), warn: say("warn"), error: say("error") },
    metrics: { observe: (kind, outcome) => void observed.push([kind, outcome]) },
  });
  return { handle, settled, lines, observed };
};

const ring = { work: randomUUID(), token: randomUUID() };
const SECRET = "Ada Example, 12 Sample Street, 999 000 0000";

describe("one ring", () => {
  for (const kind of WorkKind.options) {
    it(`is done by the step of its kind: ${kind}`, async () => {
      const done: string[] = [];
      const row = rowOf({ kind });
      const { handle, lines, observed } = build(row, async (verb, work) => {
        done.push(verb);
        expect(work).toBe(row);
        return "again";
      });
      await handle(ring);
      expect(done).toEqual([kind]);
      expect(observed).toEqual([[kind, "again"]]);
      const fields = { job: kind, work: row.id, referral: row.referral, attempt: 0, outcome: "again" };
      expect(lines).toEqual([{ level: "info", fields: { ...fields, ms: expect.any(Number) } }]);
    });
  }

  it("says of an attempt in codes what it came to, and louder where a person must see to it", async () => {
    const codes = { cause: "answered-503", status: 503, way: "webhook" } as const;
    for (const [ended, level] of [
      ["again", "info"],
      ["dead", "warn"],
    ] as const) {
      const { handle, lines, observed } = build(rowOf(), async () => ({ ended, outcome: "unavailable", ...codes }));
      await handle(ring);
      expect(lines).toMatchObject([{ level, fields: { outcome: ended, tried: "unavailable", ...codes } }]);
      expect(observed).toEqual([["deliver", ended]]);
    }
  });

  it("finds nothing to do when its token is old", async () => {
    const { handle, settled, observed } = build(undefined, async () => {
      throw new Error("a step ran without a claim");
    });
    await handle(ring);
    expect(settled).toEqual([]);
    expect(observed).toEqual([["none", "nothing"]]);
  });

  for (const payload of [undefined, null, "x", {}, { ...ring, work: "1" }, { ...ring, name: SECRET }])
    it(`is refused when malformed: ${JSON.stringify(payload)?.slice(0, 20)}`, async () => {
      const { handle, lines, observed } = build(rowOf(), async () => "done");
      await handle(payload);
      expect(observed).toEqual([["none", "malformed"]]);
      expect(JSON.stringify(lines)).not.toContain("Example");
    });

  it("survives a step that throws: one line without the message, and the row waits", async () => {
    const { handle, settled, lines } = build(rowOf({ attempt: 2 }), async () => {
      throw Object.assign(new TypeError(SECRET), { detail: SECRET });
    });
    await handle(ring);
    expect(settled).toMatchObject([
      { kind: "again", due: new Date(now.getTime() + 120_000), attempted: true, cause: "broke" },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: "error", fields: { outcome: "broke", cause: "TypeError" } });
    expect(JSON.stringify(lines)).not.toContain("Example");
  });

  it("waits half a minute at first and never longer than an hour", async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 19; attempt += 1) {
      const { handle, settled } = build(rowOf({ attempt }), async () => Promise.reject(new Error("broke")));
      await handle(ring);
      const [first] = settled;
      if (first?.kind === "again") waits.push((first.due.getTime() - now.getTime()) / 1000);
    }
    expect(waits.slice(0, 3)).toEqual([30, 60, 120]);
    expect(Math.max(...waits)).toBe(3_600);
    expect(waits).toHaveLength(19);
  });

  it("goes to a person after twenty", async () => {
    const { handle, settled } = build(rowOf({ attempt: 19 }), async () => Promise.reject(new Error("broke")));
    await handle(ring);
    expect(settled).toMatchObject([{ kind: "dead", cause: "broke", tried: { outcome: "broke" } }]);
  });

  it("never rejects, even when the row cannot be settled", async () => {
    const away = (): never => {
      throw new Error("store away");
    };
    const { handle, observed } = build(rowOf(), async () => Promise.reject(new Error("broke")), away);
    await expect(handle(ring)).resolves.toBeUndefined();
    expect(observed).toEqual([["deliver", "broke"]]);
  });
});
