// A provider's answer from its bytes: the verb stands in the address, everything else in a strict body.
import { read, type Read } from "../../schemas/faults.ts";
import { Said } from "../../schemas/recall.ts";
import { reason } from "../../schemas/reason.ts";
import { readJson } from "../http/json.ts";

/** An empty body says no more than the verb does; a verb that needs a reason then asks for it. */
export const readAnswer = (verb: Said["verb"], bytes: Uint8Array): Read<Said> => {
  const json: Read<unknown> = bytes.length === 0 ? { ok: true, value: {} } : readJson(bytes);
  if (!json.ok) return json;
  const { value } = json;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { ok: false, reasons: [reason("wrong-type")] };
  const answer = read(Said, { ...value, verb });
  if (!("verb" in value)) return answer;
  return { ok: false, reasons: [reason("unknown", "verb"), ...(answer.ok ? [] : answer.reasons)] };
};
