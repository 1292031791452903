import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonSize } from "../../../src/core/size.ts";

const written = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

it("is the length of what is written, for any value of JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      expect(jsonSize(value)).toBe(written(value));
    }),
    { numRuns: 1_000 },
  );
});

it.each([
  [[]],
  [{}],
  [{ a: undefined }],
  [{ a: undefined, b: 1 }],
  [[undefined, null]],
  ['"quoted"\\\n\u0000'],
  ["Wörter 🏠 –"],
  [{ kept: true, left: 0, words: "" }],
])("is right for %j", (value) => {
  expect(jsonSize(value)).toBe(written(value));
});
