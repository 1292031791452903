// A registered client: one system of one organisation, with its keys, its address for callbacks and what it may do.
import { z } from "zod";
import { AuthorityType } from "./duty.ts";
import { CANARY } from "./canary.ts";
import { OrganisationId } from "./ids.ts";
import { EmailAddress, MobileNumber } from "./letter.ts";

export const ClientKind = z.enum(["gp", "jobcentre", "council", "provider", "operator", "commissioner"]);
export type ClientKind = z.infer<typeof ClientKind>;

/** Clients through whose door people are referred. */
export const refers = (kind: ClientKind): boolean => kind !== "provider" && kind !== "operator";

/** Scopes that a client of each kind gets unless fewer are asked for (SMART 2.0 syntax where it is FHIR). */
export const SCOPES: Record<ClientKind, readonly string[]> = {
  gp: ["system/ServiceRequest.crs", "system/Task.rs", "system/Consent.crs", "referral.read", "referral.advise"],
  jobcentre: ["handoff.create", "handoff.read", "referral.read", "referral.advise"],
  council: ["request.create", "request.read", "referral.read", "referral.advise"],
  provider: ["offer.read", "offer.answer", "referral.read", "system/ServiceRequest.rs", "system/Task.rus"],
  operator: [
    "operate",
    "dead-letters.read",
    "dead-letters.resend",
    "dead-letters.resend-all",
    "dead-letters.edit",
    "clients.edit",
    "audit.read",
  ],
  commissioner: ["receipt.read"],
};

/** JSON Web Keys given at registration, or the https address that serves them. Public keys only. */
export const Jwk = z.looseObject({
  kty: z.enum(["RSA", "EC"]),
  kid: z.string().min(1).max(200),
  d: z.never({ error: "a private key must never be registered" }).optional(),
});
export const ClientKeys = z.union([
  z.object({ keys: z.array(Jwk).min(1).max(20) }),
  z.object({ url: z.url({ protocol: /^https$/ }) }),
]);
export type ClientKeys = z.infer<typeof ClientKeys>;

/**
 * How a provider is reached. `webhook`: its callback address. `pull`: it looks into its queue. `fhir`: Tasks at its own
 * server. `email`: a link to its staff, opened with a code sent to their telephone. `mesh`: an NHS MESH mailbox.
 */
export const Reach = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("webhook") }),
  z.strictObject({ by: z.literal("pull") }),
  z.strictObject({
    by: z.literal("fhir"),
    /** Root of its FHIR R4 server. */
    base: z.url({ protocol: /^https?$/ }).max(500),
    /** Where client credentials are exchanged (SMART Backend Services); absent, its server is found by `/.well-known/smart-configuration`. */
    tokenUrl: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .optional(),
    /** Who we are there. */
    clientId: z.string().min(1).max(200),
    /** How its answers come back: we look, or it calls a subscription of ours. */
    answers: z.enum(["poll", "subscription"]).default("poll"),
  }),
  z.strictObject({
    by: z.literal("email"),
    address: EmailAddress,
    /** The code that opens a link goes here, and nowhere else. */
    mobile: MobileNumber,
  }),
  z.strictObject({ by: z.literal("mesh"), mailbox: z.string().regex(/^[A-Z0-9]{6,50}$/) }),
]);
export type Reach = z.infer<typeof Reach>;

/** The form in which a GP's system wants its news: a BaRS message, a Task update, or a backport notification. */
export const CallbackForm = z.enum(["bars", "task", "notification"]);
export type CallbackForm = z.infer<typeof CallbackForm>;

/** Who we are at a GP's own FHIR server (SMART Backend Services), for news that is written there. */
export const CallbackLogin = z.strictObject({
  clientId: z.string().min(1).max(200),
  /** Absent, it is found by `/.well-known/smart-configuration` below the callback address. */
  tokenUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
});
export type CallbackLogin = z.infer<typeof CallbackLogin>;

export type Client = {
  id: string;
  kind: ClientKind;
  organisation: string;
  name: string;
  keys?: ClientKeys;
  /** The only address that callbacks or offers are ever sent to. */
  callbackUrl?: string;
  /** Of a provider. Absent: by webhook where it has an address, else it pulls. */
  reach?: Reach;
  /** When its telephone number was seen to be its own; a code goes nowhere before. */
  reachCheckedAt?: Date;
  /** Of a GP's system; absent is `bars`. */
  callbackForm?: CallbackForm;
  /** With the form `task`. Without it requests are signed like any other news. */
  callbackLogin?: CallbackLogin;
  /** Which listed body it is under the duty to refer. Absent: none, but for a Jobcentre, which is one. */
  authorityType?: AuthorityType;
  scopes: readonly string[];
  /** Its cases reach only test providers, and may carry numbers that fail their check. */
  test: boolean;
  /** Standard Webhooks secrets, newest first; two live during rotation. */
  webhookSecrets: readonly string[];
  /** It answered 410: nothing is sent to it until an operator says so. */
  silencedAt?: Date;
  revokedAt?: Date;
};

export const NewClient = z
  .object({
    kind: ClientKind,
    organisation: OrganisationId.refine((value) => value !== CANARY, { error: "reserved" }),
    name: z.string().trim().min(1).max(160),
    keys: ClientKeys.optional(),
    callbackUrl: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .optional(),
    reach: Reach.optional(),
    callbackForm: CallbackForm.optional(),
    callbackLogin: CallbackLogin.optional(),
    authorityType: AuthorityType.optional(),
    scopes: z.array(z.string().max(80)).max(20).optional(),
    test: z.boolean(),
  })
  .refine(({ authorityType, kind }) => authorityType === undefined || refers(kind), {
    path: ["authorityType"],
    error: "invariant",
  })
  .refine(({ reach, kind }) => reach === undefined || kind === "provider", { path: ["reach"], error: "invariant" })
  .refine(({ reach, callbackUrl }) => reach?.by !== "webhook" || callbackUrl !== undefined, {
    path: ["callbackUrl"],
    error: "required",
  })
  .refine(({ callbackForm, kind }) => callbackForm === undefined || kind === "gp", {
    path: ["callbackForm"],
    error: "invariant",
  })
  .refine(({ callbackForm, callbackLogin }) => callbackLogin === undefined || callbackForm === "task", {
    path: ["callbackLogin"],
    error: "invariant",
  });
export type NewClient = z.infer<typeof NewClient>;
