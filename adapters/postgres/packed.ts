// Many byte strings as one parameter of a statement: each row says where its own lies, and SQL cuts it out again. Inside
// JSON they would be written as base64, which both sides then read letter by letter.

/** As `substring(… FROM at FOR size)` counts: from one. */
export type Place = { at: number; size: number };

export type Pack = {
  put(bytes: Uint8Array): Place;
  /** All of them, one after the other. */
  bytes(): Buffer;
};

export const createPack = (): Pack => {
  const parts: Uint8Array[] = [];
  let next = 1;
  return {
    put: (bytes) => {
      const place = { at: next, size: bytes.length };
      parts.push(bytes);
      next += bytes.length;
      return place;
    },
    bytes: () => Buffer.concat(parts),
  };
};
