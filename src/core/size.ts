// How many bytes a value takes as JSON in UTF-8, reckoned without writing it: receipts are filled to the byte.

const encoder = new TextEncoder();
const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Text that JSON writes as it stands, one byte for each character. Read by its codes: most texts are short, and many. */
const isPlain = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
  }
  return true;
};

const textSize = (text: string): number =>
  isPlain(text) ? text.length + 2 : encoder.encode(JSON.stringify(text)).length;

/** A list, given the sizes of its items. */
export const listSize = (sizes: readonly number[]): number => {
  let size = 1 + Math.max(1, sizes.length);
  for (const one of sizes) size += one;
  return size;
};

/** What the entries of one object take inside another that has some already. What is `undefined` is left out, as in JSON. */
export const entrySize = (entries: object): number => {
  let size = 0;
  for (const key of Object.keys(entries)) {
    const inner = (entries as Record<string, unknown>)[key];
    if (inner !== undefined) size += textSize(key) + jsonSize(inner) + 2;
  }
  return size;
};

/** As `JSON.stringify` has it: what is `undefined` is `null` in a list. */
export const jsonSize = (value: unknown): number => {
  if (typeof value === "string") return textSize(value);
  if (value === undefined || value === null) return 4;
  if (typeof value !== "object") return String(value).length;
  return Array.isArray(value) ? listSize(value.map(jsonSize)) : Math.max(2, 1 + entrySize(value));
};
