// The token endpoint: SMART Backend Services, client credentials with private_key_jwt (RFC 6749 4.4, RFC 7523).
import {
  Router,
  urlencoded,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { z } from "zod";
import type { Clients } from "../../src/ports/clients.ts";
import type { Clock } from "../../src/ports/system.ts";
import { readAssertion, type Assertion } from "./assertion.ts";
import { refuseGrant } from "./grant-error.ts";
import { createKeys, type FetchKeys } from "./keys.ts";
import { createProof } from "./proof.ts";
import { narrow } from "./scope.ts";
import { annotate } from "./speak.ts";
import { issueToken, TOKEN_SECONDS } from "./token.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Requests a minute. A signature check costs up to 0.7 ms, and a token lasts five minutes. */
export type TokenLimits = {
  /** From one address: a whole hospital may stand behind one. */
  perAddress: number;
  /** For one client from one address, so that nobody else can use up a client's share. */
  perClient: number;
};
export const TOKEN_LIMITS: TokenLimits = { perAddress: 600, perClient: 60 };

const Form = z.object({
  grant_type: z.string(),
  client_assertion_type: z.string(),
  client_assertion: z.string().min(1),
  client_id: z.string().max(200).optional(),
  scope: z.string().max(2_000).optional(),
});

type Locals = { assertion: Assertion; jwt: string; wanted: string[] };

export const createTokenRouter = (options: {
  clients: Pick<Clients, "byId" | "firstUse">;
  tokenKey: Buffer;
  clock: Clock;
  publicUrl: string;
  fetchKeys: FetchKeys;
  limits?: TokenLimits;
}): Router => {
  const { clients, tokenKey, clock, publicUrl } = options;
  const limits = options.limits ?? TOKEN_LIMITS;
  const audience = `${publicUrl}/oauth2/token`;
  const prove = createProof(clients, createKeys(clock, options.fetchKeys));

  const limit = (most: number, keyGenerator: (req: Request, res: Response) => string): RequestHandler =>
    rateLimit({
      windowMs: 60_000,
      limit: most,
      keyGenerator,
      standardHeaders: false,
      legacyHeaders: false,
      // What X-Forwarded-For says counts only behind a trusted proxy, and that is a setting of ours.
      validate: { xForwardedForHeader: false, forwardedHeader: false },
      handler: (_req, res) => {
        res.set("Retry-After", "60");
        refuseGrant(res, "temporarily_unavailable", {
          code: "too-many",
          words: "Too many token requests. A token lasts five minutes: keep it. Wait a minute, then try again.",
        });
      },
    });
  const address = (req: Request): string => ipKeyGenerator(req.ip ?? "unknown");
  const assertionOf = (res: Response): Assertion => (res.locals as Locals).assertion;

  const readForm: RequestHandler = (req, res, next) => {
    if (req.is("application/x-www-form-urlencoded") === false)
      return refuseGrant(res, "invalid_request", {
        code: "media-type",
        words: "Send the request as application/x-www-form-urlencoded.",
      });
    const form = Form.safeParse(req.body ?? {});
    if (!form.success) {
      const names = [...new Set(form.error.issues.map((one) => String(one.path[0])))].join(", ");
      return refuseGrant(res, "invalid_request", {
        code: "form",
        words: `These are missing, or sent more than once: ${names}.`,
      });
    }
    const { grant_type, client_assertion_type, client_assertion, client_id, scope } = form.data;
    if (grant_type !== "client_credentials")
      return refuseGrant(res, "unsupported_grant_type", {
        code: "grant",
        words: "The grant_type must be client_credentials.",
      });
    if (client_assertion_type !== ASSERTION_TYPE)
      return refuseGrant(res, "invalid_request", {
        code: "assertion-type",
        words: `The client_assertion_type must be ${ASSERTION_TYPE}.`,
      });
    const read = readAssertion(client_assertion, audience, clock.now());
    if (!read.ok) return refuseGrant(res, "invalid_client", read.fault);
    // Whom it names, not who it is: whoever looks for the system with the old key finds it by this.
    if (z.guid().safeParse(read.assertion.client).success) annotate(res, { claims: read.assertion.client });
    if (client_id !== undefined && client_id !== read.assertion.client)
      return refuseGrant(res, "invalid_client", {
        code: "client-id",
        words: "The client_id differs from the assertion's sub.",
      });
    Object.assign(res.locals, {
      assertion: read.assertion,
      jwt: client_assertion,
      wanted: scope?.split(" ").filter((one) => one !== "") ?? [],
    } satisfies Locals);
    next();
  };

  const answer: RequestHandler = async (_req, res) => {
    const { assertion, jwt, wanted } = res.locals as Locals;
    const proof = await prove(assertion, jwt);
    if (!proof.ok) return refuseGrant(res, "invalid_client", proof.fault);
    annotate(res, { client: assertion.client });
    const scopes = wanted.length === 0 ? proof.scopes : narrow(proof.scopes, wanted);
    if (scopes.length === 0)
      return refuseGrant(res, "invalid_scope", {
        code: "scope",
        words: "Your client has none of the scopes asked for.",
      });
    res.set({ "Cache-Control": "no-store", Pragma: "no-cache" }).json({
      access_token: issueToken(tokenKey, assertion.client, scopes, clock.now()),
      token_type: "bearer",
      expires_in: TOKEN_SECONDS,
      scope: scopes.join(" "),
    });
  };

  /** What the form parser throws is the caller's fault, in OAuth's form; anything else is ours, and goes on. */
  const formFault: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
    const status = error.status ?? 500;
    if (status >= 500 || res.headersSent) next(error);
    else
      refuseGrant(res, "invalid_request", { code: "form", words: "The form cannot be read, or is too large." }, status);
  };

  const router = Router();
  router.post(
    "/token",
    limit(limits.perAddress, address),
    urlencoded({ extended: false, limit: "16kb", parameterLimit: 20 }),
    readForm,
    limit(limits.perClient, (req, res) => `${assertionOf(res).client} ${address(req)}`),
    answer,
  );
  router.use(formFault);
  return router;
};
