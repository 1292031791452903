// A referral under way, and events and offers of it, for tests of steps and stores.
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Journey } from "../../src/ports/ledger.ts";
import { aContent, SURGERY } from "./content.ts";
import { NOW } from "./rules.ts";

export const REFERRAL = "019a0000-0000-7000-8000-000000000001";
export const OFFER = "019a0000-0000-7000-8000-0000000000f1";
export const CLIENT = "019a0000-0000-7000-8000-0000000000c1";
export const RECEIPT = "019a0000-0000-7000-8000-0000000000aa";

/** Events in their order, numbered from 1. */
export const events = (...bodies: EventBody[]): Event[] =>
  bodies.map((body, at) => ({
    id: `019a0000-0000-7000-8000-${String(at + 1).padStart(12, "0")}`,
    referral: REFERRAL,
    sequence: at + 1,
    at: new Date(NOW.getTime() + at * 1000),
    actor: "waymark",
    body,
  }));

export const anOffer = (overrides: Partial<Offer> = {}): Offer => ({
  id: OFFER,
  referral: REFERRAL,
  programme: "coaching",
  service: "coaching-upper-street",
  places: ["coaching-upper-street"],
  provider: "sample-coaching",
  status: "sent",
  test: true,
  madeAt: NOW,
  changedAt: NOW,
  ...overrides,
});

/** Just received through the GP door. */
export const aJourney = (overrides: Partial<Journey> = {}): Journey => ({
  id: REFERRAL,
  caseId: "019a0000-0000-7000-8000-0000000000ca",
  reference: "WM-XWNT-JTCC",
  version: 1,
  status: "received",
  sequence: 1,
  door: "gp",
  client: CLIENT,
  organisation: SURGERY,
  test: true,
  receivedAt: NOW,
  offers: [],
  recalls: [],
  reports: [],
  siblings: [],
  story: [],
  sending: false,
  overrides: [],
  marks: [],
  content: aContent(),
  ...overrides,
});
