// One life of the broker: everything that the program is made of but the bell, which the month rings itself. The store is real, the
// doors are open on loopback, the clock is the month's, and whoever it reaches is played.
import { createMetrics } from "../../adapters/http/metrics.ts";
import { listen } from "../../adapters/http/serve.ts";
import type { Log } from "../../adapters/log.ts";
import type { Outbound } from "../../adapters/outbound/client.ts";
import { handleRings } from "../../queues/handle.ts";
import type { Config } from "../../schemas/config.ts";
import { composeLetters } from "../../src/letters.ts";
import { composeLinks } from "../../src/links.ts";
import { settlePacks } from "../../src/packs.ts";
import type { Clock } from "../../src/ports/system.ts";
import { composeApp, composeSteps, type Ground, openGround } from "../../src/wire.ts";
import type { Post } from "./receivers.ts";

export type Life = {
  ground: Ground;
  /** Where it answers. */
  origin: string;
  /** Rings what is due until nothing is; how many rings that were. */
  ring(): Promise<number>;
  /** Nothing of this life reaches anybody any more. */
  die(): void;
  /** Resolves when it has died. */
  dead: Promise<void>;
  /** In good order. */
  end(): Promise<void>;
};

type Options = {
  config: Config;
  clock: Clock;
  post: Post;
  log: Log;
  /** A step broke though nobody had killed us. */
  onBroken(what: string): void;
};

const PUBLIC_URL = "https://waymark.example";
/** Rings at one time: twice as many as a worker takes, for all that is due in a quarter of an hour is due at once. */
const AT_ONCE = 64;
/** The clock stands still while work is done, and pace is counted by it. */
const ANY_PACE = 1_000_000;
const GRACE_MS = 5_000;

export const openLife = async ({ config, clock, post, log, onBroken }: Options): Promise<Life> => {
  const ground = await openGround(config, log);
  ground.clock.now = () => clock.now();
  await settlePacks(config, ground.packs);
  let alive = true;
  let dies: () => void = () => undefined;
  const dead = new Promise<void>((done) => (dies = done));
  const never = new Promise<never>(() => undefined);

  const outbound: Outbound = {
    post: async (url, message) => {
      if (!alive) return never;
      const reply = await post(url, message);
      // What comes back to a process that was killed is read by nobody.
      return alive ? reply : never;
    },
    request: () => Promise.resolve({ kind: "failed", cause: "unreachable", sent: false }),
    getJson: () => Promise.resolve({ kind: "failed", cause: "unreachable", sent: false }),
    close: () => Promise.resolve(),
  };
  const bell = { nudge: () => undefined };
  const links = composeLinks(ground, composeLetters(config, ground.clock, outbound), PUBLIC_URL, bell);
  const steps = composeSteps(ground, bell, { outbound, publicUrl: PUBLIC_URL, links });
  const app = composeApp({
    config,
    ground,
    steps,
    outbound,
    publicUrl: PUBLIC_URL,
    links,
    callers: ground.store.clients,
    checks: {},
    durability: await ground.engine.durability(),
    metrics: createMetrics(),
    log,
  });
  const serving = await listen((req, res) => app(req, res), { port: 0, host: "127.0.0.1" });
  const { agenda } = ground.store;
  const metrics = {
    observe: (kind: string, outcome: string) => {
      if (alive && (outcome === "broke" || outcome === "malformed")) onBroken(`${kind} ${outcome}`);
    },
  };
  const handle = handleRings({ agenda, steps, clock: ground.clock, log, metrics });

  const ring = async (): Promise<number> => {
    for (let rung = 0; ;) {
      if (!alive) return rung;
      const { rings } = await agenda.lease({ limit: AT_ONCE, places: 24, perSecond: ANY_PACE, seconds: 30 });
      if (rings.length === 0) return rung;
      rung += rings.length;
      await Promise.all(rings.map(handle));
    }
  };
  return {
    ground,
    origin: serving.origin,
    ring,
    die: () => {
      alive = false;
      dies();
      void serving.close({ boundMs: 0 });
      ground.clock.close();
      // No new line is dialled; those that are open break when somebody cuts them.
      void ground.engine.close().catch(() => undefined);
    },
    dead,
    end: async () => {
      await serving.close({ boundMs: GRACE_MS });
      await ground.close();
    },
  };
};
