// An offer as a Task in its provider's own server: how it is put there, found again, read, and taken back.
import { read } from "../../schemas/faults.ts";
import { OFFER_ID } from "../../schemas/foreign/fhir/systems.ts";
import { SearchSet, Task, type TaskStatus } from "../../schemas/foreign/fhir/task.ts";
import type { FoundTask, TaskForm } from "../../src/ports/outward.ts";
import { movesOf } from "../../src/core/task.ts";
import { sameSystem } from "./codes.ts";
import { pushedTask } from "./offered.ts";
import { saidBy } from "./said.ts";

const CLOSED: ReadonlySet<TaskStatus> = new Set(["rejected", "cancelled", "failed", "completed", "entered-in-error"]);

/** A server may answer more than was asked: a Task without this offer's identifier is another's, whatever it says. */
const found = (resource: Record<string, unknown>, offer: string): FoundTask[] => {
  const task = read(Task, resource);
  if (!task.ok || task.value.id === undefined) return [];
  const own = (task.value.identifier ?? []).some(
    (one) => sameSystem(one.system, OFFER_ID) && one.value?.toLowerCase() === offer,
  );
  const version = task.value.meta?.versionId;
  return own ? [{ id: task.value.id, ...(version === undefined ? {} : { version }), task: task.value, resource }] : [];
};

export const taskForm: TaskForm = {
  identifier: (offer) => `${OFFER_ID}|${offer}`,

  render: ({ offer, reference, preview }, publicUrl) => {
    const { id, service, status, madeAt, changedAt } = offer;
    const shown = { id, reference, service, status, preview };
    const times = { madeAt: madeAt.toISOString(), changedAt: changedAt.toISOString() };
    return pushedTask({ ...shown, ...times }, offer.assignedTo ?? offer.provider, publicUrl);
  },

  find: (answer, offer) => {
    const set = SearchSet.safeParse(answer);
    if (!set.success) return undefined;
    return (set.data.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : found(resource, offer)));
  },

  moves: ({ task }, { status, onHold }) => movesOf(status, saidBy(task), onHold !== undefined),

  isClosed: ({ task }) => CLOSED.has(task.status),

  /** Everything that is theirs stays; the reason stays with us, since why we took it back may be about the person. */
  cancelled: ({ resource }, now) => ({
    ...resource,
    status: "cancelled",
    statusReason: { text: "Waymark took this offer back." },
    lastModified: now.toISOString(),
  }),

  changed: ({ resource }, now) => ({
    ...resource,
    note: [
      ...(Array.isArray(resource["note"]) ? resource["note"] : []).filter((one) => !isOurs(one)),
      { time: now.toISOString(), text: CHANGED },
    ],
    lastModified: now.toISOString(),
  }),
};

const CHANGED = "Waymark: what you were given has changed. Read the ServiceRequest again.";
const isOurs = (note: unknown): boolean =>
  typeof note === "object" && note !== null && (note as { text?: unknown }).text === CHANGED;
