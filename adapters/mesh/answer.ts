// A provider's answer as it comes by MESH: which offer, and what it says of it, in one document.
import { read } from "../../schemas/faults.ts";
import { AnswerHead } from "../../schemas/foreign/mesh.ts";
import { Said as OfferSaid } from "../../schemas/recall.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { readJson } from "../http/json.ts";

/** Which offer it speaks of is known even where the rest cannot be read. */
type Said = { ok: true; offer: string; answer: OfferSaid } | { ok: false; offer?: string; reasons: Reason[] };

/** Every fault of the document at once, those of its head and those of the answer in it. */
export const readAnswer = (bytes: Uint8Array): Said => {
  const json = readJson(bytes);
  if (!json.ok) return json;
  const { value } = json;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { ok: false, reasons: [reason("wrong-type")] };
  const head = read(AnswerHead, value);
  const { type: _type, offer: _offer, ...rest } = value as Record<string, unknown>;
  const answer = read(OfferSaid, rest);
  const offer = head.ok ? head.value.offer.toLowerCase() : undefined;
  if (offer !== undefined && answer.ok) return { ok: true, offer, answer: answer.value };
  return { ok: false, offer, reasons: [...(head.ok ? [] : head.reasons), ...(answer.ok ? [] : answer.reasons)] };
};
