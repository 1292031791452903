// JSON Patch (RFC 6902) on a Task, as far as whole elements go: what an owner changes is one status and its reason.
import type { Read } from "../../schemas/faults.ts";
import type { JsonPatch } from "../../schemas/foreign/fhir/task.ts";
import { reason } from "../../schemas/reason.ts";

type Fields = Record<string, unknown>;

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

export const patched = (before: Fields, patch: JsonPatch): Read<Fields> => {
  const after: Fields = { ...before };
  for (const [at, { op, path, value }] of patch.entries()) {
    const refused = (code: "not-supported" | "invalid" | "required" | "version-old", field: string): Read<never> => ({
      ok: false,
      reasons: [reason(code, `[${at}].${field}`)],
    });
    const [, element] = /^\/([a-zA-Z]{1,40})$/.exec(path) ?? [];
    if (element === undefined || element === "constructor") return refused("not-supported", "path");
    if (op !== "remove" && value === undefined) return refused("required", "value");
    // Section 4.2 to 4.6: what is not there can be neither replaced, nor removed, nor found the same.
    const there = Object.hasOwn(after, element) && after[element] !== undefined;
    if (op === "test" && !(there && same(after[element], value))) return refused("version-old", "value");
    if ((op === "replace" || op === "remove") && !there) return refused("invalid", "path");
    if (op === "remove") delete after[element];
    else if (op !== "test") after[element] = value;
  }
  return { ok: true, value: after };
};
