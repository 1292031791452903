import fc from "fast-check";
import { expect, it } from "vitest";
import type { Programme } from "../../../schemas/programme.ts";
import { refusalsOf, type Said } from "../../../src/core/recipients.ts";
import { anyContent } from "../../builders/arbitrary.ts";
import { anOrganisation, aProgramme, NOW } from "../../builders/rules.ts";

const organisations = [
  anOrganisation(),
  anOrganisation({ id: "sample-other" }),
  anOrganisation({ id: "sample-third", class: "nhs" }),
  anOrganisation({ id: "sample-fourth", class: "council" }),
];
const anyRules = fc.subarray<Programme["consents"][number]>(
  [
    { kind: "share", purpose: "referral" },
    { kind: "share", purpose: "direct-care", of: ["nhs"] },
    { kind: "take-part", purpose: "referral" },
    { kind: "duty-to-refer", purpose: "duty-to-refer" },
  ],
  { minLength: 1 },
);

it("what was said of one body is said again of another only where it would be the same", () => {
  fc.assert(
    fc.property(anyContent, fc.array(anyRules, { minLength: 1, maxLength: 3 }), (content, packs) => {
      const said: Said = new Map();
      for (const consents of packs)
        for (const organisation of organisations) {
          const programme = aProgramme({ consents });
          expect(refusalsOf(programme, [organisation], content, NOW, said)).toEqual(
            refusalsOf(programme, [organisation], content, NOW),
          );
        }
    }),
    { numRuns: 500 },
  );
});
