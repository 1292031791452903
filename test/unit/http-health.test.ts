// Readiness: a part that hangs is down in time, and many askers are one question.
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { createHealthRouter, type Check } from "../../adapters/http/health.ts";
import { listen, type Serving } from "../../adapters/http/serve.ts";

const now = new Date("2026-03-02T09:00:00Z");
let serving: Serving | undefined;
afterEach(() => serving?.close());

const ready = async (checks: Record<string, Check>) => {
  const app = express().use(
    createHealthRouter({ checks, durability: "power-loss", clock: { now: () => now }, patienceMs: 30 }),
  );
  serving = await listen(app, { port: 0, host: "127.0.0.1" });
  const { origin } = serving;
  return async () => {
    const reply = await fetch(`${origin}/ready`);
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
};

describe("/ready", () => {
  it("gives up on a part that does not answer", async () => {
    const ask = await ready({ store: async () => ({ ok: true }), queue: () => new Promise(() => {}) });
    expect(await ask()).toEqual({
      status: 503,
      body: {
        status: "not-ready",
        durability: "power-loss",
        parts: { store: { status: "up" }, queue: { status: "down", detail: "no answer in time" } },
      },
    });
  });

  it("asks each part once for many askers at the same moment", async () => {
    let asked = 0;
    const ask = await ready({
      store: async () => {
        asked += 1;
        return { ok: true };
      },
    });
    const replies = await Promise.all(Array.from({ length: 10 }, ask));
    expect(replies.map((one) => one.status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(asked).toBe(1);
  });

  it("says at once that the broker leaves, although the other parts are remembered", async () => {
    let [leaving, asked] = [false, 0];
    const ask = await ready({
      broker: async () => ({ ok: !leaving }),
      store: async () => {
        asked += 1;
        return { ok: true };
      },
    });
    expect((await ask()).status).toBe(200);
    leaving = true;
    expect((await ask()).status).toBe(503);
    expect(asked).toBe(1);
  });
});
