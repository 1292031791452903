// Advisers of some boroughs answer what they are asked, and badly: out of order, twice at once, and again when nobody heard.
import { setTimeout as rest } from "node:timers/promises";
import { tokens } from "../world/system.ts";
import type { Ledger } from "./ledger.ts";
import { adviserOf } from "./packs.ts";
import type { Offer, Receivers } from "./receivers.ts";

/** One borough in eight. */
export const answers = (borough: number): boolean => borough % 8 === 0;

const AGAIN_MS = 150;

export type Answering = {
  hears(offer: Offer): void;
  /** Resolves when every answer that was begun was heard. */
  done(): Promise<void>;
  stop(): void;
};

type Options = { boroughs: number; origin: string; receivers: Receivers; ledger: Ledger };

export const openAnswers = ({ boroughs, origin, receivers, ledger }: Options): Answering => {
  const over = new AbortController();
  const underWay = new Set<Promise<void>>();
  const logins = new Map<string, () => Promise<string>>();
  const who = new Set(
    Array.from({ length: boroughs }, (_, at) => at + 1)
      .filter(answers)
      .map(adviserOf),
  );

  const login = (provider: string): (() => Promise<string>) => {
    const identity = receivers.identities.get(provider);
    if (identity === undefined) throw new Error(`nobody plays ${provider}`);
    const known = logins.get(provider) ?? tokens(identity, origin);
    logins.set(provider, known);
    return known;
  };

  /** The status, once somebody was there to hear it. */
  const say = async (provider: string, offer: string, verb: string, body: object): Promise<number> => {
    while (!over.signal.aborted) {
      try {
        const headers = { Authorization: `Bearer ${await login(provider)()}`, "Content-Type": "application/json" };
        const signal = AbortSignal.timeout(20_000);
        const request = { method: "POST", headers, body: JSON.stringify(body), signal };
        const reply = await fetch(`${origin}/provider/v1/offers/${offer}/${verb}`, request);
        await reply.arrayBuffer();
        if (reply.status < 500 && reply.status !== 401 && reply.status !== 429) return reply.status;
      } catch {
        // The broker is away: it is asked again.
      }
      await rest(AGAIN_MS);
    }
    return 0;
  };

  const work = async (provider: string, offer: string): Promise<void> => {
    const early = await say(provider, offer, "start", {});
    if (early !== 0 && early < 400) ledger.wrong(`a start before any yes was answered ${early}`);
    const both = await Promise.all([say(provider, offer, "accept", {}), say(provider, offer, "accept", {})]);
    for (const status of both) if (status >= 400) ledger.wrong(`a yes was answered ${status}`);
  };

  return {
    hears({ provider, offer, first }) {
      if (!first || !who.has(provider)) return;
      const one = work(provider, offer).finally(() => underWay.delete(one));
      underWay.add(one);
    },
    async done() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    stop: () => over.abort(),
  };
};
