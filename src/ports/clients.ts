// Registered clients.
import type { AuthorityType } from "../../schemas/duty.ts";
import type { Client, ClientKind, NewClient } from "../../schemas/client.ts";

export type Registered = { client: Client; apiKey?: string };

export type Clients = {
  byId(id: string): Promise<Client | undefined>;
  byApiKey(apiKey: string): Promise<Client | undefined>;
  /** The newest client of this kind that is not revoked, among the test clients or among the others. */
  byOrganisation(kind: ClientKind, organisation: string, test: boolean): Promise<Client | undefined>;
  /** Organisations with a client of this kind in force, by whether it is a test client. */
  organisations(kind: ClientKind, test: boolean): Promise<string[]>;
  add(draft: NewClient): Promise<Registered>;
  list(): Promise<Client[]>;
  revoke(id: string): Promise<boolean>;
  /** Its telephone number was seen to be its own. */
  reachChecked(id: string): Promise<boolean>;
  /** How many pieces of news there were for this client. */
  newsCount(id: string): Promise<number>;
  /** True the first time this assertion id is shown by this client (RFC 7523, section 3, item 7). */
  firstUse(client: string, assertionId: string, expires: Date): Promise<boolean>;
};

/** What an operator changes by hand of a client in force. Each leaves its line in the audit. */
export type Register = {
  /** A new secret beside the old one: both sign until the old one is retired. Shown this once. */
  rotateSecret(
    id: string,
    by: string,
  ): Promise<{ outcome: "rotated"; secret: string } | { outcome: "two-live" } | { outcome: "not-found" }>;
  retireSecret(id: string, by: string): Promise<"retired" | "one-left" | "not-found">;
  /** Ends what a 410 began. What was kept meanwhile stays kept until someone asks for it. False when it was not switched off. */
  resume(id: string, by: string): Promise<boolean>;
  /** Another address for everything that is sent from now on. */
  move(id: string, by: string, callbackUrl: string): Promise<boolean>;
  /** Which listed body it is under the duty to refer; undefined is none. Decisions from now on read it. */
  authority(
    id: string,
    by: string,
    type: AuthorityType | undefined,
  ): Promise<"changed" | "does-not-refer" | "not-found">;
  /** How many at one time and how many a second may be sent to it; undefined is what the settings say. */
  pace(id: string, by: string, pace: { places?: number; perSecond?: number }): Promise<boolean>;
};
