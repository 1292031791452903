// Lines that stay open for a moment between sends. Each belongs to one origin and was dialled by the guard, to an address that it judged.
import { Client, type Dispatcher } from "undici";
import { guardedConnect, type Tls } from "./dial.ts";
import type { Guard } from "./guard.ts";

export type LineBounds = {
  /** Servers commonly hang up after five seconds: we do before them, and seldom meet a line that is just being closed. */
  idleMs?: number;
  /** No line is older, so that a name is resolved and judged again at least this often. */
  ageMs?: number;
  /** Idle lines that are kept, to one origin and in all. Many providers may share a host, each with places of its own. */
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
  const { idleMs = 4_000, ageMs = 30_000, each = 128, most = 512 } = bounds;
  /** In the order in which they became idle: all, and those of each origin. */
  const idle = new Set<Held>();
  const at = new Map<string, Set<Held>>();
  const all = new Set<Held>();

  /** Answers all that are idle at its origin. */
  const rest = (held: Held): Set<Held> => {
    idle.add(held);
    const here = (at.get(held.origin) ?? new Set()).add(held);
    at.set(held.origin, here);
    return here;
  };

  const wake = (held: Held): void => {
    idle.delete(held);
    const here = at.get(held.origin);
    here?.delete(held);
    if (here?.size === 0) at.delete(held.origin);
  };

  const hangUp = async (held: Held): Promise<void> => {
    wake(held);
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
    const here = rest(held);
    const [eldest] = here.size > each ? here : idle.size > most ? idle : [];
    if (eldest !== undefined) void hangUp(eldest);
  };

  return {
    take(origin, anew) {
      const found = anew ? undefined : [...(at.get(origin) ?? [])].at(-1);
      if (found !== undefined) wake(found);
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
