// Tells the person on call, by a way other than the one that failed: the first that takes it, else the next.
import { alertWords, openMeans } from "../core/alert-words.ts";
import type { Telling } from "../../schemas/alert.ts";
import type { Alerts, Means, WayTo } from "../ports/on-call.ts";
import type { Clock } from "../ports/system.ts";

type Ports = {
  alerts: Pick<Alerts, "claim" | "told" | "failed">;
  /** In the order in which they are tried. None: whoever reads the log is told. */
  means: readonly Means[];
  wayTo: WayTo;
  clock: Clock;
  repeatMs: number;
};

/** How one telling went: who took it, and why each of the others did not. */
export type Told = { telling: Telling; by?: Means["name"]; failed: readonly { by: Means["name"]; cause: string }[] };

/** What nobody took is tried again after this. */
const AGAIN_MS = 60_000;

export const createAlarm = ({ alerts, means, wayTo, clock, repeatMs }: Ports) => {
  const tell = async (telling: Telling, hosts: readonly string[], name?: string): Promise<Told> => {
    const words = alertWords(telling, name);
    const open = openMeans(means, telling.what, hosts);
    const failed = means
      .filter((one) => !open.includes(one))
      .map(({ name: by }): Told["failed"][number] => ({ by, cause: "same-path" }));
    for (const one of open) {
      const cause = await one.tell(telling, words);
      if (cause === undefined) return { telling, by: one.name, failed };
      failed.push({ by: one.name, cause });
    }
    return { telling, failed };
  };

  const due = async (telling: Telling): Promise<Told> => {
    const { hosts, name } = await wayTo(telling.alert);
    const told = await tell(telling, hosts, name);
    // commits: that people know, or when it is tried again
    if (told.by !== undefined || means.length === 0) await alerts.told(telling);
    else await alerts.failed(telling, new Date(clock.now().getTime() + AGAIN_MS));
    return told;
  };

  return {
    /** Everything that this process may tell now. */
    tellDue: async (): Promise<Told[]> => Promise.all((await alerts.claim(repeatMs)).map(due)),
    /** What stands in no row, because there is no store. */
    tell: (telling: Telling): Promise<Told> => tell(telling, []),
  };
};
