// Whatever arrives, the reader answers: a referral, or reasons. It never throws and never takes what it calls wrong.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readMessage } from "../../adapters/gp/read-message.ts";
import { readServiceRequest, readTransaction } from "../../adapters/gp/read-rest.ts";
import { Content } from "../../schemas/referral.ts";
import { barsMessage, serviceRequest, transactionBundle, type GpOptions, type Loose } from "../fixtures/gp/index.ts";

const client = {
  id: "0192f000-0000-7000-8000-0000000000c1",
  kind: "gp" as const,
  organisation: "F83999",
  name: "Example",
  scopes: [],
  test: true,
  webhookSecrets: [],
};
const asking = { client, now: new Date("2026-11-02T10:00:00Z") };
const RICH: GpOptions = {
  condition: true,
  flags: [{ category: "SG", code: "one" }],
  person: { safeContact: { phone: false }, preferredContact: ["8"], interpreter: true },
};
const READERS = [
  ["a message", readMessage, () => barsMessage(RICH)],
  ["one ServiceRequest", readServiceRequest, () => serviceRequest(RICH)],
  ["a transaction", readTransaction, () => transactionBundle(RICH)],
] as const;

/** Walks down by the numbers and puts something else at the end of the way. */
const spoil = (value: Loose, way: readonly number[], other: unknown): Loose => {
  const keys = value !== null && typeof value === "object" ? Object.keys(value) : [];
  const [step, ...rest] = way;
  if (step === undefined || keys.length === 0) return other;
  const key = keys[step % keys.length] ?? "";
  value[key] = spoil(value[key], rest, other);
  return value;
};

test.each(READERS)("%s", (_name, read, sample) => {
  const places = fc.array(fc.nat(200), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(places, fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" })), (way, other) => {
      const result = read(spoil(JSON.parse(JSON.stringify(sample())), way, other), asking);
      const sound = result.ok
        ? Content.safeParse(result.value.content).success
        : result.reasons.some((one) => one.severity === "error");
      expect(sound).toBe(true);
    }),
    { numRuns: 150 },
  );
});
