// Lines that stay open for a moment between sends. Each belongs to one origin and was dialled by the guard, to an address that it judged.
import { Client, type Dispatcher } from "undici";
import { guardedConnect, type Tls } from "./dial.ts";
import type { Guard } from "./guard.ts";

export type LineBounds = {
  /** Servers commonly hang up after five seconds: we do before them, and seldom meet a line that is just being closed. */
  idleMs?: number;
  /** No line is older, so that a name is resolved and judged again at least this often. */
  ageMs?: number;
  /** Idle lines that are kept, to one origin and in all. */
  each?: number;
  most?: number;
};

export type Line = {
  dispatcher: Dispatcher;
  /** It carried another exchange before, and so may have been closed at the far side unseen. */
  kept: boolean;
  /** After a whole exchange, for the next one. */
  keep(): void;
  hangUp(): void;
};

export type Lines = {
  /** An idle line if there is one, unless a new one is asked for. */
  take(origin: string, anew: boolean): Line;
  close(): Promise<void>;
};

type Held = { client: Client; origin: string; old: boolean; aging?: NodeJS.Timeout };

/** The lines of one client: one certificate and one set of authorities, so that no line is shared across those. */
export const openLines = (guard: Guard, connectTimeoutMs: number, tls?: Tls, bounds: LineBounds = {}): Lines => {
  const { idleMs = 4_000, ageMs = 30_000, each = 8, most = 256 } = bounds;
  /** In the order in which they became idle. */
  const idle = new Set<Held>();
  const all = new Set<Held>();

  const hangUp = async (held: Held): Promise<void> => {
    idle.delete(held);
    all.delete(held);
    clearTimeout(held.aging);
    // What it still carries fails with it, and says so itself.
    await held.client.destroy().catch(() => undefined);
  };

  const dial = (origin: string): Held => {
    const connect = guardedConnect(guard, connectTimeoutMs, tls);
    const client = new Client(origin, { connect, keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs });
    const held: Held = { client, origin, old: false };
    all.add(held);
    held.aging = setTimeout(() => {
      held.old = true;
      if (idle.has(held)) void hangUp(held);
    }, ageMs).unref();
    // Closed by the far side, or idle for too long. Were it used again it would dial, which is a line of its own.
    client.on("disconnect", () => {
      held.old = true;
      if (idle.has(held)) void hangUp(held);
    });
    return held;
  };

  const keep = (held: Held): void => {
    if (held.old || !all.has(held)) return void hangUp(held);
    idle.add(held);
    const [eldest] = idle;
    const [here, ...more] = [...idle].filter(({ origin }) => origin === held.origin);
    if (here !== undefined && more.length >= each) void hangUp(here);
    else if (eldest !== undefined && idle.size > most) void hangUp(eldest);
  };

  return {
    take(origin, anew) {
      const found = anew ? undefined : [...idle].findLast((one) => one.origin === origin);
      if (found !== undefined) idle.delete(found);
      const held = found ?? dial(origin);
      return {
        dispatcher: held.client,
        kept: found !== undefined,
        keep: () => keep(held),
        hangUp: () => void hangUp(held),
      };
    },
    close: async () => void (await Promise.all([...all].map(hangUp))),
  };
};
