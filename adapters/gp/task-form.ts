// An offer as a Task in its provider's own server: how it is put there, found again, read, and taken back.
import { z } from "zod";
import { read } from "../../schemas/faults.ts";
import { CodeableConcept } from "../../schemas/foreign/fhir/datatypes.ts";
import { CHECKPOINT, OFFER_ID } from "../../schemas/foreign/fhir/systems.ts";
import { SearchSet, Task, type TaskStatus } from "../../schemas/foreign/fhir/task.ts";
import type { FoundTask, TaskForm } from "../../src/ports/outward.ts";
import { movesOf } from "../../src/core/task.ts";
import { checkpointAsked, checkpointsSaid } from "./checkpoints.ts";
import { codesIn, sameSystem } from "./codes.ts";
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

  moves: ({ task }, offer) => movesOf(offer, saidBy(task)),

  isClosed: ({ task }) => CLOSED.has(task.status),

  /** Everything that is theirs stays; the reason stays with us, since why we took it back may be about the person. */
  cancelled: ({ resource }, now) => ({
    ...resource,
    status: "cancelled",
    statusReason: { text: "Waymark took this offer back." },
    lastModified: now.toISOString(),
  }),

  noted: (found, words, now) => noted(found, words, now),
  says: ({ resource }, words) => listOf(resource["note"]).some((one) => textOf(one) === `${MARK}${words}`),

  asked: (found, { week, due }, now) => {
    const before = listOf(found.resource["input"]).filter((one) => !isQuestion(one));
    return { ...noted(found, QUESTION, now), input: [...before, ...checkpointAsked({ week, due })] };
  },

  reports: ({ task }) => checkpointsSaid(task).flatMap(({ report }) => (report.ok ? [report.value] : [])),
};

const MARK = "Waymark: ";
const QUESTION = "please say whether the person is in work: answer the newest input with an output of the same type.";

/** What we have to say stands once: the newest takes the place of what we said before. Their own notes stay. */
const noted = ({ resource }: FoundTask, words: string, now: Date) => ({
  ...resource,
  note: [
    ...listOf(resource["note"]).filter((one) => !isOurs(one)),
    { time: now.toISOString(), text: `${MARK}${words}` },
  ],
  lastModified: now.toISOString(),
});

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (note: unknown): string => {
  const text = (note as { text?: unknown } | null)?.text;
  return typeof text === "string" ? text : "";
};
const isOurs = (note: unknown): boolean => textOf(note).startsWith(MARK);
const isQuestion = (input: unknown): boolean => {
  const { type } = Input.catch({}).parse(input);
  return codesIn(type, CHECKPOINT).length > 0;
};
const Input = z.object({ type: CodeableConcept.optional() });
