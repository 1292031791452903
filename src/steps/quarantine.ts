// Right before any step: in quarantine nothing leaves, and no attempt is spent on it. Deciding goes on; the canary never leaves us.
import { HELD_SECONDS } from "../core/pause.ts";
import { isCanary } from "../../schemas/canary.ts";
import { type Work, WorkKind } from "../../schemas/work.ts";
import type { Agenda } from "../ports/agenda.ts";
import type { QuarantineDesk } from "../ports/journal.ts";
import type { Pauses } from "../ports/pauses.ts";
import type { Steps, Worked } from "../ports/steps.ts";
import type { Clock } from "../ports/system.ts";

type Ports = {
  quarantine: Pick<QuarantineDesk, "inForce" | "read">;
  pauses: Pick<Pauses, "setFree">;
  agenda: Pick<Agenda, "settle">;
  clock: Clock;
};
type Step = Steps[WorkKind];

/** Nothing of it is sent, and none of it is told to anybody before `waymark reconcile`: clocks ran on while we were away. */
const GOES_ON: ReadonlySet<WorkKind> = new Set(["assess"]);

export const createQuarantineGate = (ports: Ports, steps: Pick<Steps, WorkKind>): Pick<Steps, WorkKind> => {
  const gated = WorkKind.options.map((kind) => [
    kind,
    GOES_ON.has(kind) ? steps[kind] : unlessQuarantined(ports, steps[kind]),
  ]);
  return Object.fromEntries(gated) as Record<WorkKind, Step>;
};

const unlessQuarantined =
  (ports: Ports, step: Step): Step =>
  async (work) => {
    if (isCanary(work.referral) || (await ports.quarantine.inForce()) === undefined) return step(work);
    // It may be over since that was read.
    if ((await ports.quarantine.read()) === undefined) return step(work);
    const worked = await putOff(ports, work);
    // One that ended while this was put off found nothing yet to set free.
    if ((await ports.quarantine.read()) === undefined) await ports.pauses.setFree();
    return worked;
  };

const putOff = async ({ agenda, clock }: Ports, work: Work): Promise<Worked> => {
  const due = new Date(clock.now().getTime() + HELD_SECONDS * 1_000);
  const held = await agenda.settle(work, { kind: "again", due, attempted: false, cause: "quarantine" });
  return { ended: held ? "again" : "nothing", cause: "quarantine" };
};
