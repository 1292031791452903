// GOV.UK Notify as its public API specification describes it: takes e-mail and texts, and can be asked about a reference.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import { jwtVerify } from "jose";
import { z } from "zod";
import { readJson } from "../../adapters/http/json.ts";

const SERVICE = "11111111-1111-4111-8111-111111111111";
const SECRET = "22222222-2222-4222-8222-222222222222";
export const NOTIFY_KEY = `waymark_trial-${SERVICE}-${SECRET}`;
export const TEMPLATES = {
  email: "33333333-3333-4333-8333-333333333333",
  text: "44444444-4444-4444-8444-444444444444",
};

const shared = { template_id: z.guid(), reference: z.string().max(1_000).optional() };
const SHAPES = {
  email: z.strictObject({
    ...shared,
    email_address: z.email(),
    personalisation: z.strictObject({ subject: z.string(), body: z.string() }),
  }),
  sms: z.strictObject({
    ...shared,
    phone_number: z.string().regex(/^\+?\d{10,15}$/),
    personalisation: z.strictObject({ body: z.string() }),
  }),
};

export type Sent = { id: string; kind: "email" | "sms"; to: string; reference: string; body: string; status: string };
export type NotifyServer = {
  url: string;
  sent: Sent[];
  asked: string[];
  /** Answers later sends with this status; `lost` takes the letter and cuts the line. Left out: as it should. */
  behave(how?: number | "lost"): void;
  close(): Promise<void>;
};

type Answer = { status: number; body: object };
const error = (name: string, message: string, status: number): Answer => ({
  status,
  body: { errors: [{ error: name, message }], status_code: status },
});

export const startNotify = async (): Promise<NotifyServer> => {
  const sent: Sent[] = [];
  const asked: string[] = [];
  let how: number | "lost" | undefined;

  const bearer = async (authorization = ""): Promise<boolean> => {
    try {
      const { payload } = await jwtVerify(authorization.replace(/^Bearer /, ""), Buffer.from(SECRET), {
        algorithms: ["HS256"],
        issuer: SERVICE,
        // The specification: clocks agree to within 30 seconds.
        maxTokenAge: 30,
        clockTolerance: 30,
      });
      return payload.iat !== undefined;
    } catch {
      return false;
    }
  };

  const take = (kind: "email" | "sms", bytes: Buffer) => {
    const json = readJson(bytes);
    const read = SHAPES[kind].safeParse(json.ok ? json.value : undefined);
    if (!read.success) return error("ValidationError", "not a valid request", 400);
    const { template_id, reference = "", personalisation, ...to } = read.data;
    if (template_id !== TEMPLATES[kind === "sms" ? "text" : "email"])
      return error("BadRequestError", "Template not found", 400);
    const letter = {
      id: randomUUID(),
      kind,
      to: String(Object.values(to)[0]),
      reference,
      body: personalisation.body,
      status: "created",
    };
    sent.push(letter);
    return { status: 201, body: { id: letter.id, reference, uri: "", template: { id: template_id, version: 1 } } };
  };

  const find = (query: URLSearchParams) => {
    const reference = query.get("reference");
    asked.push(reference ?? "");
    const fits = (one: Sent): boolean => one.reference === reference && one.kind === query.get("template_type");
    const notifications = sent.filter(fits).map(({ id, kind, status }) => ({ id, type: kind, reference, status }));
    return { status: 200, body: { notifications, links: { current: "" } } };
  };

  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      void (async () => {
        const url = new URL(req.url ?? "/", "http://notify.example");
        const kind = /^\/v2\/notifications\/(email|sms)$/.exec(url.pathname)?.[1] as "email" | "sms" | undefined;
        let answer = error("NotFound", "no such address", 404);
        if (!(await bearer(req.headers.authorization)))
          answer = error("AuthError", "Invalid token: API key not found", 403);
        else if (typeof how === "number") answer = error("Exception", "as told", how);
        else if (req.method === "POST" && kind !== undefined) answer = take(kind, Buffer.concat(chunks));
        else if (req.method === "GET" && url.pathname === "/v2/notifications") answer = find(url.searchParams);
        if (how === "lost" && req.method === "POST") req.socket.destroy();
        else res.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    asked,
    behave: (next) => (how = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
