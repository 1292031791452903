// Are we alive, and may we be given work? Says which part is down, and what an accepted referral survives.
import { Router } from "express";
import type { Clock } from "../../src/ports/system.ts";
import { inTime, NotInTime } from "./in-time.ts";
import { createMemo } from "./memo.ts";

export type Check = () => Promise<{ ok: boolean; detail?: string }>;
export type Durability = "power-loss" | "process-crash";

type Part = { status: "up" | "down"; detail?: string };

const PATIENCE_MS = 2_000;
/** Anyone may ask: the parts are asked at most once in this time. */
const REMEMBERED_MS = 1_000;
/** What we know of ourselves costs nothing and is news at once: a load balancer must hear in time that we leave. */
const OURSELVES = "broker";

/** A part that throws or says nothing is down; why it threw stays in the log of whoever owns it, for it may name hosts. */
const ask = async (check: Check, patienceMs: number): Promise<Part> => {
  try {
    const { ok, detail } = await inTime(check(), patienceMs);
    return { status: ok ? "up" : "down", ...(detail === undefined ? {} : { detail }) };
  } catch (error) {
    return { status: "down", detail: error instanceof NotInTime ? "no answer in time" : "failed" };
  }
};

export const createHealthRouter = (options: {
  checks: Record<string, Check>;
  durability: Durability;
  clock: Clock;
  patienceMs?: number;
}): Router => {
  const { checks, durability, clock, patienceMs = PATIENCE_MS } = options;
  const remembered = createMemo<Record<string, Part>>(clock, REMEMBERED_MS);
  const others = Object.entries(checks).filter(([name]) => name !== OURSELVES);
  const askOthers = async (): Promise<Record<string, Part>> =>
    Object.fromEntries(
      await Promise.all(others.map(async ([name, check]) => [name, await ask(check, patienceMs)] as const)),
    );
  const ourselves = async (): Promise<Record<string, Part>> => {
    const check = checks[OURSELVES];
    return check === undefined ? {} : { [OURSELVES]: await ask(check, patienceMs) };
  };

  const router = Router();
  router.get("/live", (_req, res) => {
    res.json({ status: "up" });
  });
  router.get("/ready", async (_req, res) => {
    const parts = { ...(await ourselves()), ...(await remembered("parts", askOthers)) };
    const up = Object.values(parts).every((part) => part.status === "up");
    res.status(up ? 200 : 503).json({ status: up ? "ready" : "not-ready", durability, parts });
  });
  return router;
};
