// A client assertion before its signature is looked at: the cheap checks of RFC 7523 section 3 and SMART's asymmetric profile.
import { decodeJwt, decodeProtectedHeader } from "jose";
import { z } from "zod";

/** RS384 and ES384 as SMART asks, RS512 as NHS England's platform signs. */
export const ALGORITHMS = ["RS384", "ES384", "RS512"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

const MAX_LENGTH = 8_192;
const MAX_AHEAD_SECONDS = 300;
/** Clocks differ a little. */
export const SKEW_SECONDS = 10;

const Header = z.object({
  alg: z.string(),
  kid: z.string().min(1).max(200),
  typ: z
    .string()
    .refine((value) => value.toUpperCase() === "JWT")
    .optional(),
  jku: z.string().max(500).optional(),
});

const Claims = z.object({
  iss: z.string().min(1).max(200),
  sub: z.string().min(1).max(200),
  aud: z.union([z.string(), z.array(z.string()).max(10)]),
  exp: z.number(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
  jti: z.string().min(1).max(200),
});

export type Assertion = { alg: Algorithm; kid: string; jku?: string; client: string; jti: string; expires: Date };

/** `code` goes to the log, `words` to the caller: what is wrong, and nothing that helps to guess. */
export type Fault = { code: string; words: string };
export type AssertionRead = { ok: true; assertion: Assertion } | { ok: false; fault: Fault };

const bad = (code: string, words: string): AssertionRead => ({ ok: false, fault: { code, words } });

const decoded = (jwt: string): { header: unknown; claims: unknown } | undefined => {
  try {
    return { header: decodeProtectedHeader(jwt), claims: decodeJwt(jwt) };
  } catch {
    return undefined;
  }
};

const named = (error: z.ZodError): string => [...new Set(error.issues.map((one) => String(one.path[0])))].join(", ");

const isAlgorithm = (alg: string): alg is Algorithm => (ALGORITHMS as readonly string[]).includes(alg);

export const readAssertion = (jwt: string, audience: string, now: Date): AssertionRead => {
  const parts = jwt.length > MAX_LENGTH ? undefined : decoded(jwt);
  if (parts === undefined) return bad("not-jwt", "The client_assertion is not a signed JWT that can be read.");

  const header = Header.safeParse(parts.header);
  if (!header.success)
    return bad("header", `In the assertion's header these are missing or wrong: ${named(header.error)}.`);
  const { alg, kid, jku } = header.data;
  if (!isAlgorithm(alg)) return bad("algorithm", `The assertion's alg must be one of ${ALGORITHMS.join(", ")}.`);

  const claims = Claims.safeParse(parts.claims);
  if (!claims.success)
    return bad("claims", `In the assertion's claims these are missing or wrong: ${named(claims.error)}.`);
  const { iss, sub, aud, exp, iat, nbf, jti } = claims.data;
  const seconds = now.getTime() / 1000;
  if (iss !== sub) return bad("subject", "The assertion's iss and sub must both be the client id.");
  if (![aud].flat().includes(audience)) return bad("audience", `The assertion's aud must be ${audience}.`);
  if (exp <= seconds - SKEW_SECONDS) return bad("expired", "The assertion has expired. Look at your clock.");
  if (exp > seconds + MAX_AHEAD_SECONDS + SKEW_SECONDS)
    return bad("too-long", "The assertion's exp must be no more than 5 minutes ahead.");
  if ((nbf ?? 0) > seconds + SKEW_SECONDS || (iat ?? 0) > seconds + SKEW_SECONDS)
    return bad("future", "The assertion's nbf or iat lies in the future. Look at your clock.");

  const expires = new Date((exp + SKEW_SECONDS) * 1000);
  return {
    ok: true,
    assertion: { alg, kid, ...(jku === undefined ? {} : { jku }), client: iss, jti, expires },
  };
};
