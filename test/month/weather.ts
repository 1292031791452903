// Who cannot be reached, when, and how it looks to whoever tries: each receiver has its outages, and now and then a mishap.
import type { Exchange } from "../../adapters/outbound/exchange.ts";
import type { Draws } from "./draws.ts";
import { DAY, HOUR } from "./timeline.ts";

/** `lost`: it has the message, and nobody hears its answer. */
export type Trouble = "refused" | "busy" | "asks-to-wait" | "lost";
type Outage = { from: number; until: number; trouble: Trouble };

const TROUBLES = ["refused", "busy", "asks-to-wait", "lost"] as const;

export const NOTICED: Record<Trouble, Exchange> = {
  refused: { kind: "failed", cause: "connect-refused", sent: false },
  busy: { kind: "answer", status: 503, headers: {}, body: "" },
  "asks-to-wait": { kind: "answer", status: 429, headers: { "retry-after": "1200" }, body: "" },
  lost: { kind: "failed", cause: "timed-out", sent: true },
};

export type Weather = {
  of(who: string, now: Date, message: string): Trouble | undefined;
  /** Of all that were away at any time. */
  outages(): number;
};

type Fixed = { who: string; from: string; until: string; trouble: Trouble };

export const createWeather = (
  draws: Draws,
  everybody: readonly string[],
  month: { from: number; until: number },
  fixed: readonly Fixed[],
): Weather => {
  const drawn = (who: string): Outage[] =>
    Array.from({ length: Math.floor(draws.between(0, 3, "outages", who)) }, (_, nth) => {
      const from = draws.between(month.from, month.until, "outage", who, nth);
      // Mostly hours, sometimes days.
      const lasts = draws.between(0.25, 4, "outage-lasts", who, nth) ** 3 * HOUR;
      return { from, until: from + Math.min(lasts, 3 * DAY), trouble: draws.pick(TROUBLES, "outage-how", who, nth) };
    });
  const all = new Map(everybody.map((who) => [who, drawn(who)]));
  for (const { who, from, until, trouble } of fixed)
    all.get(who)?.push({ from: Date.parse(from), until: Date.parse(until), trouble });

  return {
    of: (who, now, message) => {
      const at = now.getTime();
      // In the last days everybody is there again, so that what is left to say can be said.
      if (at >= month.until) return undefined;
      const outage = all.get(who)?.find(({ from, until }) => from <= at && at < until);
      if (outage !== undefined) return outage.trouble;
      if (!draws.chance(0.02, "mishap", who, message, at)) return undefined;
      return draws.pick(TROUBLES, "mishap-how", who, message, at);
    },
    outages: () => [...all.values()].flat().length,
  };
};
