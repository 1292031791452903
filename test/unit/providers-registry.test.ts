import { expect, it } from "vitest";
import { createTransports } from "../../adapters/providers/registry.ts";
import type { Client } from "../../schemas/client.ts";
import type { Transport } from "../../src/ports/outward.ts";

const webhook: Transport = {
  name: "webhook",
  idempotent: true,
  tell: () => Promise.reject(new Error("nothing to tell")),
  send: async () => ({ kind: "accepted", status: 204 }),
};
const pulls: Client = {
  id: "01980000-0000-7000-8000-000000000001",
  kind: "provider",
  organisation: "north-advice",
  name: "North Advice",
  scopes: [],
  test: true,
  webhookSecrets: [],
};

it("a provider with an address is sent its offers, one without pulls them", () => {
  const transports = createTransports([webhook]);
  expect(transports.to({ ...pulls, callbackUrl: "https://north.example/hooks" })).toBe(webhook);
  expect(transports.to(pulls)).toBe("pull");
});

it("a way that was not set up is none", () => {
  expect(createTransports([]).to({ ...pulls, callbackUrl: "https://north.example/hooks" })).toBeUndefined();
});
