// FHIR R4 Task as far as an offer speaks through it: where it stands, why, and since when.
import { z } from "zod";
import { CodeableConcept, Extensions, FhirDateTime, FhirId, Identifier, Meta } from "./datatypes.ts";
import { text } from "../../text.ts";

/** R4 value set task-status, whole. */
export const TaskStatus = z.enum([
  "draft",
  "requested",
  "received",
  "accepted",
  "rejected",
  "ready",
  "cancelled",
  "in-progress",
  "on-hold",
  "failed",
  "completed",
  "entered-in-error",
]);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const Task = z.object({
  resourceType: z.literal("Task"),
  id: FhirId.optional(),
  meta: Meta.optional(),
  identifier: z.array(Identifier).max(20).optional(),
  status: TaskStatus,
  statusReason: CodeableConcept.optional(),
  businessStatus: CodeableConcept.extend({ extension: Extensions }).optional(),
  extension: Extensions,
  output: z
    .array(
      z.object({
        type: CodeableConcept.optional(),
        valueCodeableConcept: CodeableConcept.optional(),
        extension: Extensions,
      }),
    )
    .max(50)
    .optional(),
  executionPeriod: z.object({ start: FhirDateTime.optional(), end: FhirDateTime.optional() }).optional(),
});
export type Task = z.output<typeof Task>;

/** RFC 6902, as far as whole elements of a Task go. */
export const JsonPatch = z
  .array(
    z.object({
      op: z.enum(["add", "replace", "remove", "test"]),
      path: text(100),
      value: z.unknown().optional(),
    }),
  )
  .min(1)
  .max(20);
export type JsonPatch = z.output<typeof JsonPatch>;

/** What a search for Tasks answers; entries that are no Tasks are left to their reader. */
export const SearchSet = z.object({
  resourceType: z.literal("Bundle"),
  entry: z
    .array(z.object({ resource: z.looseObject({ resourceType: z.string() }).optional() }))
    .max(200)
    .optional(),
});
