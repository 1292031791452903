// How many bytes a value takes as JSON in UTF-8, reckoned without writing it: receipts are filled to the byte.

/** Text that JSON writes as it stands, one byte for each character. */
const PLAIN = /^[ !#-[\]-~]*$/;
const encoder = new TextEncoder();

const textSize = (text: string): number =>
  PLAIN.test(text) ? text.length + 2 : encoder.encode(JSON.stringify(text)).length;

/** As `JSON.stringify` has it: what is `undefined` is left out of an object and is `null` in a list. */
export const jsonSize = (value: unknown): number => {
  if (typeof value === "string") return textSize(value);
  if (value === undefined || value === null) return 4;
  if (typeof value !== "object") return String(value).length;
  if (Array.isArray(value)) {
    let size = 1 + Math.max(1, value.length);
    for (const item of value) size += jsonSize(item);
    return size;
  }
  let size = 1;
  for (const [key, inner] of Object.entries(value))
    if (inner !== undefined) size += textSize(key) + jsonSize(inner) + 2;
  return Math.max(2, size);
};
