// From zod's issues to our reasons: every fault at once, each with its path, never with the value that was sent.
import type { z } from "zod";
import { reason, REASONS, type Reason, type ReasonCode } from "./reason.ts";

type Issue = z.core.$ZodIssue;

const MOST = 50;

const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((step, at) => (typeof step === "number" ? `[${step}]` : `${at === 0 ? "" : "."}${String(step)}`)).join("");

/** A schema may name a reason itself: `{ error: "nhs-number-malformed" }`. */
const codeOf = (issue: Issue): ReasonCode => {
  if (issue.message in REASONS) return issue.message as ReasonCode;
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "required" : "wrong-type";
    case "unrecognized_keys":
      return "unknown";
    case "too_big":
      return issue.origin === "array" ? "too-many" : "too-long";
    case "too_small":
      return "required";
    case "invalid_value":
      return issue.input === undefined ? "required" : "not-one-of";
    case "invalid_format":
      return issue.format === "date" || issue.format === "datetime" ? "date-impossible" : "invalid";
    default:
      return "invalid";
  }
};

export type Read<T> = { ok: true; value: T } | { ok: false; reasons: Reason[] };

/** Parses what came from outside. `root` is put before every path. */
export const read = <S extends z.ZodType>(schema: S, input: unknown, root = ""): Read<z.output<S>> => {
  // Parameters make every parse many times slower, and only a fault asks what was sent: then it is parsed again.
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  const { error } = schema.safeParse(input, { reportInput: true });
  return { ok: false, reasons: faultsOf(error ?? parsed.error, root) };
};

/** At most fifty reasons: a sender mends in rounds, and an answer has a size. */
const faultsOf = (error: z.ZodError, root: string): Reason[] =>
  error.issues.slice(0, MOST).flatMap((issue) => {
    const at = [root, pathOf(issue.path)].filter((part) => part !== "").join(".");
    return issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => reason("unknown", at === "" ? key : `${at}.${key}`))
      : [reason(codeOf(issue), at === "" ? undefined : at)];
  });
