// waymark token: signs an assertion with a client's private key and trades it for a bearer token, as SMART Backend Services asks.
import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import type { AddVerb, Ending } from "./verb.ts";

/** A private JWK, or what `keys client` prints. */
const Key = z.looseObject({ kty: z.enum(["EC", "RSA"]), kid: z.string().min(1), d: z.string() });
const KeyFile = z.union([Key, z.object({ private: Key }).transform((pair) => pair.private)]);
type Key = z.infer<typeof Key>;

const Discovery = z.object({ token_endpoint: z.url() });
const Granted = z.object({ access_token: z.string(), expires_in: z.number(), scope: z.string() });
const Refused = z.object({ error: z.string(), error_description: z.string().optional() });

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const VALID_SECONDS = 60;
const PATIENCE_MS = 15_000;

type Options = { client: string; key: string; url: string; scopes?: string };
type Signing = { key: Key; secret: KeyObject };

export const addTokenVerb: AddVerb = (program, tools, caller, end) => {
  program
    .command("token")
    .description("get a bearer token for a client; it lives five minutes")
    .requiredOption("--client <id>", "the clientId that `clients add` printed")
    .requiredOption("--key <file>", "its private key, as `keys client` made it")
    .option("--url <address>", "the broker", "http://127.0.0.1:8080")
    .option("--scopes <list>", "fewer than the client has, separated by commas")
    .action(async (options: Options) => {
      const signing = signingFrom(resolve(caller.cwd, options.key));
      if (signing === undefined)
        return end({
          ...failed(`${options.key} is not a private key (JWK, EC P-384 or RSA) that can be read.`),
          status: 2,
        });
      end(await ask(options, signing, tools.ids.uuid()));
    });
};

const signingFrom = (file: string): Signing | undefined => {
  try {
    const key = KeyFile.parse(JSON.parse(readFileSync(file, "utf8")));
    return { key, secret: createPrivateKey({ key, format: "jwk" }) };
  } catch {
    return undefined;
  }
};

const ask = async (options: Options, signing: Signing, jti: string): Promise<Ending> => {
  const root = options.url.replace(/\/$/, "");
  try {
    // The audience is what the broker calls itself, which may differ from the address dialled; the time is the broker's own.
    const found = await fetch(`${root}/.well-known/smart-configuration`, {
      headers: { "Cache-Control": "no-cache" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const known = Discovery.safeParse(await found.json());
    const now = Date.parse(found.headers.get("date") ?? "");
    if (!known.success || Number.isNaN(now)) return failed(`${root} does not answer as a broker.`);
    const claims = { iss: options.client, sub: options.client, aud: known.data.token_endpoint, jti };
    const reply = await fetch(`${root}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: jwt({ ...claims, exp: Math.floor(now / 1000) + VALID_SECONDS }, signing),
        ...(options.scopes === undefined ? {} : { scope: options.scopes.split(/[\s,]+/).join(" ") }),
      }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return endingOf(await reply.json(), root);
  } catch {
    return failed(`${root} cannot be reached, or does not answer as a broker.`);
  }
};

const endingOf = (body: unknown, root: string): Ending => {
  const granted = Granted.safeParse(body);
  if (granted.success) return { status: 0, text: granted.data.access_token, json: body };
  const refused = Refused.safeParse(body);
  return failed(refused.success ? (refused.data.error_description ?? refused.data.error) : `${root} gave no token.`);
};

/** RFC 7515: ES384 wants the two numbers bare (IEEE P1363), not in DER. */
const jwt = (claims: object, { key, secret }: Signing): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const alg = key.kty === "EC" ? "ES384" : "RS384";
  const signed = `${part({ alg, kid: key.kid, typ: "JWT" })}.${part(claims)}`;
  const signature = sign("sha384", Buffer.from(signed), { key: secret, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
};

const failed = (text: string): Ending => ({ status: 1, text, json: { error: text } });
