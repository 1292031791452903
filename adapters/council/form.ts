// Reads application/x-www-form-urlencoded strictly, and takes the key out of what is kept.
import { reason, type Reason } from "../../schemas/reason.ts";
import { MAX_PARAMETERS } from "../../schemas/foreign/open311.ts";
import { readText } from "../http/json.ts";

/** Values by name, `[]` at the end of a name dropped. A value passed empty was not passed (GeoReport v2). */
export type Form = ReadonlyMap<string, readonly string[]>;

export type ReadForm = { ok: true; form: Form } | { ok: false; reasons: Reason[] };

const decode = (part: string): string => decodeURIComponent(part.replaceAll("+", " "));

const split = (pair: string): [name: string, value: string] => {
  const at = pair.indexOf("=");
  return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
};

export const readForm = (bytes: Uint8Array): ReadForm => {
  const text = readText(bytes);
  if (!text.ok) return text;
  const pairs = text.value.split("&").filter((pair) => pair !== "");
  if (pairs.length > MAX_PARAMETERS) return { ok: false, reasons: [reason("too-many")] };
  const form = new Map<string, string[]>();
  try {
    for (const [name, value] of pairs.map(split)) {
      if (value.trim() === "") continue;
      const plain = name.endsWith("[]") ? name.slice(0, -2) : name;
      form.set(plain, [...(form.get(plain) ?? []), value.trim()]);
    }
  } catch {
    // An escape that is no UTF-8 (WHATWG would put U+FFFD there and change somebody's name).
    return { ok: false, reasons: [reason("not-utf8")] };
  }
  return { ok: true, form };
};

const isKey = (pair: string): boolean => /^api_key(?:=|$)/.test(pair.replaceAll(/%5f/gi, "_"));

/**
 * The bytes as they came, without `api_key`: a secret is never stored, and a key that was
 * rotated between two sendings does not make another body of the same request.
 */
export const withoutKey = (bytes: Uint8Array): Uint8Array =>
  Buffer.from(
    Buffer.from(bytes)
      .toString("utf8")
      .split("&")
      .filter((pair) => !isKey(pair))
      .join("&"),
  );
