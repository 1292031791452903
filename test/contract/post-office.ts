// Everything that sends, over one store: ringer, queue, workers, steps and the guarded client, and every line they log.
import { connectQueue } from "../../queues/connect.ts";
import { startRinger } from "../../queues/ringer.ts";
import { startWorkers } from "../../queues/workers.ts";
import type { Queue } from "../../queues/queue.ts";
import { senders } from "../builders/delivery.ts";
import type { Home } from "../builders/store.ts";

type Line = { level: string } & Record<string, unknown>;
type Options = NonNullable<Parameters<typeof senders>[1]> & { queue?: Queue; concurrency?: number; places?: number };

export const PLACES = 4;

export const openPostOffice = async (
  home: Home,
  { queue: given, concurrency = 16, places = PLACES, ...rest }: Options,
) => {
  const lines: Line[] = [];
  const say = (level: string) => (fields: object) => void lines.push({ level, ...fields });
  const log = { info: say("info"), warn: say("warn"), error: say("error") };
  const { agenda } = home.store;
  const queue = given ?? (await connectQueue({ pool: home.engine.queuePool(), log }));
  const steps = senders(home, rest);
  const ringer = startRinger({ agenda, queue, clock: home.clock, log, places, perSecond: 10_000, sweepMs: 50 });
  const workers = startWorkers({
    queue,
    agenda,
    steps: { ...steps, assess: async () => "nothing" } as unknown as Parameters<typeof startWorkers>[0]["steps"],
    clock: home.clock,
    log,
    bell: ringer,
    concurrency,
    graceMs: 200,
  });
  return {
    /** What was logged of attempts, in order. */
    attempts: () => lines.filter(({ job }) => job === "notify" || job === "deliver"),
    ringer,
    async close() {
      await ringer.stop();
      await steps.close();
      await workers.close();
      if (given === undefined) await queue.close();
    },
  };
};
