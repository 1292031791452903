// A way to reach a provider, as the one contract sees it: how an offer gets there, and what then lies at the provider's end.
import { expect } from "vitest";
import type { Client } from "../../../schemas/client.ts";
import type { OfferMessage, Transport } from "../../../src/ports/outward.ts";
import { offerMessage } from "../transport-suite.ts";

/** `key`: by what the provider knows a repetition. */
export type Arrived = { says: "offer" | "recall" | "reminder"; key: string; text: string };

/** `busy`: it refuses for now. `lost`: it takes it, and its answer never comes. `down`: nobody listens. */
export type Mishap = "none" | "busy" | "lost" | "down";

/** What the broker sends, over a real server on loopback. */
export type Sending = {
  transport: Transport;
  to: Client;
  meets(mishap: Mishap): Promise<void> | void;
};

export type Way = {
  /** `preview`: what decides a yes or no goes along. `nothing`: it says only that something waits. */
  tells: "preview" | "nothing";
  /** Makes an offer reach its provider. */
  offers(id: string): Promise<void>;
  /** Tells it that the offer was taken back. */
  recalls(id: string): Promise<void>;
  /** Oldest first. */
  arrived(): Promise<Arrived[]>;
  /** Absent where the provider comes to us; then this says why nothing is sent, and shows it. */
  sending: Sending | { none: string; shown(): Promise<void> };
  close(): Promise<void>;
};

const taken = { kind: "accepted" };
const { reference } = offerMessage();
const noticeOf = ({ offer }: OfferMessage) =>
  ({ id: `${offer.id.slice(0, -12)}ffffffffffff`, at: new Date(0), offer, reference, kind: "recalled" }) as const;
const recallOf = (id: string) => ({ ...noticeOf(offerMessage(id)), time: 1, answerBy: "2026-03-09" });

/** Tells of the recall of this offer, always under one id. */
export const recall = ({ transport, to }: Sending, id: string) => transport.tell(recallOf(id), to);

type Sent = Pick<Way, "tells" | "close"> & { sending: Sending; arrived(): Arrived[] };

/** A way by which we send. */
export const bySending = ({ tells, sending, arrived, close }: Sent): Way => ({
  tells,
  sending,
  offers: async (id) => expect(await sending.transport.send(offerMessage(id), sending.to)).toMatchObject(taken),
  recalls: async (id) => expect(await recall(sending, id)).toMatchObject(taken),
  arrived: async () => arrived(),
  close,
});

const TYPES: Record<string, Arrived["says"]> = {
  "offer.made": "offer",
  "offer.recalled": "recall",
  "offer.reminder": "reminder",
};

/** Of a message in JSON. */
export const sayingOf = (text: string): Arrived["says"] =>
  TYPES[(JSON.parse(text) as { type: string }).type] ?? "offer";

/** Of a letter. */
export const letterSays = (text: string): Arrived["says"] =>
  text.includes("was taken back") ? "recall" : /Referral WM-\S+ waits for you/.test(text) ? "reminder" : "offer";
