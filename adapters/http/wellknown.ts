// What systems discover: how to get a token (SMART App Launch 2.0, "Conformance"), and the keys that verify what we sign:
// webhooks, and our own logins at their servers.
import { Router } from "express";
import type { JWK } from "jose";
import { SCOPES } from "../../schemas/client.ts";
import { ALGORITHMS } from "./assertion.ts";

/** Keys change rarely, and old and new overlap during rotation for longer than this. */
const KEPT = "public, max-age=3600";

const smartConfiguration = (publicUrl: string): object => ({
  token_endpoint: `${publicUrl}/oauth2/token`,
  token_endpoint_auth_methods_supported: ["private_key_jwt"],
  token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
  grant_types_supported: ["client_credentials"],
  scopes_supported: [...new Set(Object.values(SCOPES).flat())],
  capabilities: ["client-confidential-asymmetric", "permission-v2"],
});

export const createWellKnownRouter = (options: { publicUrl: string; keys: readonly JWK[] }): Router => {
  const router = Router();
  const smart = smartConfiguration(options.publicUrl);
  // Named one by one, so that a private part can never slip out.
  const keys = options.keys.map(({ kty, crv, x, y, kid, alg }) => ({ kty, crv, x, y, kid, use: "sig", alg }));
  router.get("/smart-configuration", (_req, res) => {
    res.set("Cache-Control", KEPT).json(smart);
  });
  router.get("/jwks.json", (_req, res) => {
    res.set("Cache-Control", KEPT).json({ keys });
  });
  return router;
};
