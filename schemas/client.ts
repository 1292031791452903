// A registered client: one system of one organisation, with its keys, its address for callbacks and what it may do.
import { z } from "zod";
import { OrganisationId } from "./ids.ts";

export const ClientKind = z.enum(["gp", "jobcentre", "council", "provider", "operator"]);
export type ClientKind = z.infer<typeof ClientKind>;

/** Scopes that a client of each kind gets unless fewer are asked for (SMART 2.0 syntax where it is FHIR). */
export const SCOPES: Record<ClientKind, readonly string[]> = {
  gp: ["system/ServiceRequest.crs", "system/Task.rs", "system/Consent.crs", "referral.read"],
  jobcentre: ["handoff.create", "handoff.read", "referral.read"],
  council: ["request.create", "request.read", "referral.read"],
  provider: ["offer.read", "offer.answer", "referral.read"],
  operator: ["operate"],
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

export type Client = {
  id: string;
  kind: ClientKind;
  organisation: string;
  name: string;
  keys?: ClientKeys;
  /** The only address that callbacks or offers are ever sent to. */
  callbackUrl?: string;
  scopes: readonly string[];
  /** Its cases reach only test providers, and may carry numbers that fail their check. */
  test: boolean;
  /** Standard Webhooks secrets, newest first; two live during rotation. */
  webhookSecrets: readonly string[];
  revokedAt?: Date;
};

export const NewClient = z.object({
  kind: ClientKind,
  organisation: OrganisationId,
  name: z.string().trim().min(1).max(160),
  keys: ClientKeys.optional(),
  callbackUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  scopes: z.array(z.string().max(80)).max(20).optional(),
  test: z.boolean(),
});
export type NewClient = z.infer<typeof NewClient>;
