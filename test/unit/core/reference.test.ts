import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reference } from "../../../schemas/ids.ts";
import { referenceFrom, referenceHolds } from "../../../src/core/reference.ts";

const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const bytes = fc.uint8Array({ minLength: 8, maxLength: 16 });
/** Places of the eight letters in `WM-XXXX-XXXC`. */
const PLACES = [3, 4, 5, 6, 8, 9, 10, 11];

const swapped = (text: string, a: number, b: number): string => {
  const letters = [...text];
  [letters[a], letters[b]] = [letters[b] ?? "", letters[a] ?? ""];
  return letters.join("");
};

describe("a reference", () => {
  it("has the form that people read out, and holds", () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const reference = referenceFrom(random);
        expect(Reference.safeParse(reference).success).toBe(true);
        expect(referenceHolds(reference)).toBe(true);
        expect(referenceFrom(random)).toBe(reference);
      }),
    );
  });

  it("catches every single wrong character", () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const reference = referenceFrom(random);
        for (const place of PLACES)
          for (const letter of LETTERS) {
            const wrong = reference.slice(0, place) + letter + reference.slice(place + 1);
            expect(referenceHolds(wrong)).toBe(wrong === reference);
          }
      }),
    );
  });

  it("catches every two neighbours that changed places, also across the dash", () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const reference = referenceFrom(random);
        PLACES.slice(1).forEach((place, at) => {
          const wrong = swapped(reference, PLACES[at] ?? 0, place);
          expect(referenceHolds(wrong)).toBe(wrong === reference);
        });
      }),
    );
  });

  it("refuses look-alikes, lower case and other forms", () => {
    for (const text of ["", "WM-", "WM-OIL1-0U22", "wm-xwnt-jtcc", "WM-XWNTJTCC", "XX-XWNT-JTCC", "WM-XWNT-JTCC "])
      expect(referenceHolds(text)).toBe(false);
  });

  it("differs for different bytes often enough to be stored uniquely", () => {
    const made = new Set(
      Array.from({ length: 5_000 }, (_, at) =>
        referenceFrom(new Uint8Array([at >> 8, at & 255, 7, 3, at & 15, 9, 1, 2])),
      ),
    );
    expect(made.size).toBeGreaterThan(4_990);
  });
});
