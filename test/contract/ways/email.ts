// A provider that is reached by a letter with a link, and its links as far as sending them goes.
import { randomBytes, randomUUID } from "node:crypto";
import { createEmail, createInvite } from "../../../adapters/providers/email.ts";
import { SCOPES, type Client } from "../../../schemas/client.ts";
import type { Link } from "../../../schemas/link.ts";
import type { NewWork } from "../../../schemas/work.ts";
import type { Links } from "../../../src/ports/links.ts";
import type { Letters } from "../../../src/ports/outward.ts";

const clock = { now: () => new Date() };
const ids = { uuid: () => randomUUID(), bytes: (count: number) => randomBytes(count), chance: () => 0.5 };
const digest = (purpose: string, value: string | Uint8Array): string => `${purpose}:${String(value)}`;

export const emailProvider = (more: Partial<Client> = {}): Client => ({
  id: "01980000-0000-7000-8000-000000000001",
  kind: "provider",
  organisation: "north-advice",
  name: "North Advice",
  scopes: SCOPES.provider,
  test: true,
  webhookSecrets: [],
  reach: { by: "email", address: "desk@north.example", mobile: "+447700900123" },
  reachCheckedAt: new Date(),
  ...more,
});

/** What the store promises of links, as far as sending them goes. */
export const linksInMemory = () => {
  const all: (Link & { token: string })[] = [];
  const planned: NewWork[] = [];
  const unused = (): never => {
    throw new Error("not for senders");
  };
  const links: Links = {
    make: async (link, knock) => {
      for (const one of all) if (one.offer === link.offer) one.replacedAt ??= clock.now();
      all.push({ ...link, madeAt: clock.now() });
      planned.push(knock);
    },
    renew: async (id, token, endsAt) => {
      for (const one of all) if (one.id === id) Object.assign(one, { token, endsAt });
    },
    sent: async (id) => {
      for (const one of all) if (one.id === id) one.sentAt = clock.now();
    },
    ofOffer: async (offer) => all.filter((one) => one.offer === offer),
    byToken: unused,
    redeem: unused,
    visit: unused,
    leave: unused,
  };
  return { links, all, planned };
};

export const emailBy = (letters: Letters, links: Links) =>
  createEmail(createInvite({ letters, links, digest, clock, ids, publicUrl: "https://broker.example" }), letters);
