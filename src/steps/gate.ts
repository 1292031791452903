// Right before any step: what an operator has paused is put off, and no attempt is spent on it.
import { receiverOf } from "../core/follow.ts";
import { HELD_SECONDS, pauseOn } from "../core/pause.ts";
import type { Pause } from "../../schemas/pause.ts";
import { type Work, WorkKind } from "../../schemas/work.ts";
import type { Agenda } from "../ports/agenda.ts";
import type { Pauses } from "../ports/pauses.ts";
import type { Steps, Worked } from "../ports/steps.ts";
import type { Clock } from "../ports/system.ts";

type Ports = {
  pauses: Pick<Pauses, "inForce" | "list" | "programmeOf" | "setFree">;
  agenda: Pick<Agenda, "settle">;
  clock: Clock;
};
type Step = Steps[WorkKind];

/** Every step that work is rung for, unless what it is about is paused. */
export const createGate = (ports: Ports, steps: Pick<Steps, WorkKind>): Pick<Steps, WorkKind> => {
  const gated = WorkKind.options.map((kind) => [kind, unlessPaused(ports, steps[kind])] as const);
  return Object.fromEntries(gated) as Record<WorkKind, Step>;
};

const unlessPaused =
  (ports: Ports, step: Step): Step =>
  async (work) => {
    if ((await ports.pauses.inForce()).length === 0) return step(work);
    // Something is paused: now it counts what is so at this moment.
    const pauses = await ports.pauses.list();
    const worked = (await isPaused(ports, pauses, work)) ? await putOff(ports, work) : await step(work);
    if (!waits(worked)) return worked;
    // A pause that ended while this was put off found nothing yet to set free.
    const left = new Set((await ports.pauses.list()).map(({ scope }) => scope));
    if (pauses.some(({ scope }) => !left.has(scope))) await ports.pauses.setFree();
    return worked;
  };

const isPaused = async (ports: Ports, pauses: readonly Pause[], work: Work): Promise<boolean> => {
  const programme = work.kind === "deliver" ? await ports.pauses.programmeOf(work.subject) : undefined;
  return pauseOn(pauses, { destination: receiverOf(work.destination), programme }) !== undefined;
};

const putOff = async ({ agenda, clock }: Ports, work: Work): Promise<Worked> => {
  const due = new Date(clock.now().getTime() + HELD_SECONDS * 1_000);
  const held = await agenda.settle(work, { kind: "again", due, attempted: false, cause: "paused" });
  return { ended: held ? "again" : "nothing", cause: "paused" };
};

const waits = (worked: Worked): boolean =>
  typeof worked !== "string" && (worked.cause === "paused" || worked.cause === "programme-paused");
