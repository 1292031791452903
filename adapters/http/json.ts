// JSON from outside: UTF-8, bounded in depth, without keys that reach into prototypes.
import type { Read } from "../../schemas/faults.ts";
import { reason, type ReasonCode } from "../../schemas/reason.ts";

export const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** True when brackets nest deeper than the limit. Scans bytes, so that a hostile body never reaches the parser. */
const tooDeep = (bytes: Uint8Array): boolean => {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
};

const refused = (code: ReasonCode): Read<never> => ({ ok: false, reasons: [reason(code)] });

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Text as UTF-8, or the reason why it is not. */
export const readText = (bytes: Uint8Array): Read<string> => {
  try {
    return { ok: true, value: decoder.decode(bytes) };
  } catch {
    return refused("not-utf8");
  }
};

/** A JSON value, or the one reason why it cannot be read. `__proto__` is dropped as a key. */
export const readJson = (bytes: Uint8Array): Read<unknown> => {
  if (tooDeep(bytes)) return refused("too-deep");
  const text = readText(bytes);
  if (!text.ok) return text;
  try {
    const value: unknown = text.value.includes("__proto__")
      ? JSON.parse(text.value, (key, inner: unknown) => (key === "__proto__" ? undefined : inner))
      : JSON.parse(text.value);
    return { ok: true, value };
  } catch {
    return refused("not-json");
  }
};
