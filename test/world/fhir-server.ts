// A FHIR R4 server of someone else's, as far as Tasks and Subscriptions go: conditional create, search, versions, and logins
// that it checks with the keys that the caller publishes.
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { signatureHolds } from "./referrer.ts";
import { listen, type Listening } from "./system.ts";

type Resource = Record<string, unknown> & { id: string; resourceType: string; meta: { versionId: string } };
type Identifier = { system?: string; value?: string };

export type FhirServer = {
  url: string;
  tokenUrl: string;
  resources: Map<string, Resource>;
  /** `POST Task`, `GET Task?…`: every request that was let in, in order. */
  seen: string[];
  /** Tokens given, and assertions that were refused. */
  logins: { given: number; refused: number };
  /** Types that it does not take. */
  refuses: Set<string>;
  /** It forgets whom it let in. */
  revokeTokens(): void;
  tasks(): Resource[];
  /** Its staff move a Task on. */
  move(task: Resource, fields: Record<string, unknown>): void;
  /** What rings when a Task changes: the address and header of every Subscription that is on. */
  ring(): Promise<number[]>;
  close(): Promise<void>;
};

type Options = {
  /** Whose assertions it takes, and under which name. */
  keys: () => JSONWebKeySet | Promise<JSONWebKeySet>;
  clientId: string;
  /** Lets in whoever signs with this secret, instead of logging in. */
  secret?: string;
  port?: number;
};

const reply = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers: { "Content-Type": "application/fhir+json", ...headers },
  body: JSON.stringify(body),
});
const outcome = (code: string) => ({ resourceType: "OperationOutcome", issue: [{ severity: "error", code }] });

export const openFhirServer = async ({ keys, clientId, secret, port = 0 }: Options): Promise<FhirServer> => {
  const resources = new Map<string, Resource>();
  const seen: string[] = [];
  const logins = { given: 0, refused: 0 };
  const tokens = new Set<string>();
  const shown = new Set<string>();
  let count = 0;

  const write = (type: string, id: string, body: Record<string, unknown>): Resource => {
    const before = resources.get(`${type}/${id}`);
    const versionId = String(Number(before?.meta.versionId ?? 0) + 1);
    const made = { ...body, id, resourceType: type, meta: { versionId } };
    resources.set(`${type}/${id}`, made);
    return made;
  };
  const of = (type: string): Resource[] => [...resources.values()].filter((one) => one.resourceType === type);
  /** `identifier=system|value`, `identifier=system|`, `url=…`. */
  const search = (type: string, query: URLSearchParams): Resource[] =>
    of(type).filter((one) => {
      const token = query.get("identifier");
      const [system, value] = token?.split("|") ?? [];
      const named = ((one["identifier"] ?? []) as Identifier[]).some(
        (each) => each.system === system && (value === "" || each.value === value),
      );
      const url = query.get("url");
      const { endpoint } = (one["channel"] ?? {}) as { endpoint?: string };
      return (token === null || named) && (url === null || endpoint === url);
    });

  const login = async (body: string) => {
    const form = new URLSearchParams(body);
    try {
      const { payload } = await jwtVerify(form.get("client_assertion") ?? "", createLocalJWKSet(await keys()), {
        issuer: clientId,
        subject: clientId,
        audience: server.tokenUrl,
        algorithms: ["ES384", "RS384"],
      });
      if (shown.has(String(payload.jti)) || form.get("grant_type") !== "client_credentials") throw new Error("no");
      shown.add(String(payload.jti));
    } catch {
      logins.refused += 1;
      return reply(401, { error: "invalid_client" });
    }
    const token = `token-${(logins.given += 1)}`;
    tokens.add(token);
    return reply(200, { access_token: token, token_type: "bearer", expires_in: 300, scope: form.get("scope") });
  };

  const create = (type: string, body: Record<string, unknown>, condition: string | undefined) => {
    const [first, ...more] = condition === undefined ? [] : search(type, new URLSearchParams(condition));
    if (more.length > 0) return reply(412, outcome("multiple-matches"));
    const made = first ?? write(type, `${(count += 1)}`, body);
    const Location = `${server.url}/${type}/${made.id}/_history/${made.meta.versionId}`;
    return reply(first === undefined ? 201 : 200, made, { Location });
  };
  const update = (type: string, id: string, body: Record<string, unknown>, version: string | undefined) => {
    const before = resources.get(`${type}/${id}`);
    if (before === undefined) return reply(404, outcome("not-found"));
    if (version !== undefined && version !== `W/"${before.meta.versionId}"`) return reply(412, outcome("conflict"));
    return body["id"] === id ? reply(200, write(type, id, body)) : reply(400, outcome("invariant"));
  };

  const listening: Listening = await listen(port, async (request) => {
    const { pathname, searchParams } = new URL(request.path, "http://server");
    if (pathname === "/token") return login(request.body);
    if (pathname === "/r4/.well-known/smart-configuration") return reply(200, { token_endpoint: server.tokenUrl });
    const known = tokens.has(request.headers["authorization"]?.replace("Bearer ", "") ?? "");
    const signed = secret !== undefined && signatureHolds(secret, request.body, request.headers);
    if (!known && !signed) return reply(401, outcome("login"));
    const [type = "", id] = pathname.replace("/r4/", "").split("/");
    seen.push(`${request.method} ${type}${id === undefined ? "" : "/{id}"}`);
    if (server.refuses.has(type)) return reply(404, outcome("not-supported"));
    const body = request.body === "" ? {} : (JSON.parse(request.body) as Record<string, unknown>);
    if (request.method === "POST") return create(type, body, request.headers["if-none-exist"]);
    if (request.method === "PUT" && id !== undefined) return update(type, id, body, request.headers["if-match"]);
    const found = id === undefined ? search(type, searchParams) : of(type).filter((one) => one.id === id);
    return reply(200, { resourceType: "Bundle", type: "searchset", entry: found.map((resource) => ({ resource })) });
  });

  const origin = `http://127.0.0.1:${listening.port}`;
  const server: FhirServer = {
    url: `${origin}/r4`,
    tokenUrl: `${origin}/token`,
    resources,
    seen,
    logins,
    refuses: new Set(),
    revokeTokens: () => tokens.clear(),
    tasks: () => of("Task"),
    move: (task, fields) => void write("Task", task.id, { ...resources.get(`Task/${task.id}`), ...fields }),
    ring: () =>
      Promise.all(
        of("Subscription")
          .map((one) => one["channel"] as { endpoint: string; header: string[] })
          .map(async ({ endpoint, header }) => {
            const headers = Object.fromEntries(header.map((line) => line.split(": ") as [string, string]));
            return (await fetch(endpoint, { method: "POST", headers })).status;
          }),
      ),
    close: listening.close,
  };
  return server;
};
