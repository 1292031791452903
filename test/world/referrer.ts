// A sample referrer: sends through its door, hears what became of it, and checks every signature on the way.
import { Webhook } from "standardwebhooks";
import { listen, type Handler, type Identity, type Listening, world } from "./system.ts";

/** One piece of news as it arrived. `verified` says that its signature held. */
export type Heard = {
  id: string;
  path: string;
  body: string;
  contentType: string;
  headers: Record<string, string>;
  verified: boolean;
};

export type Referrer = {
  identity: Identity;
  heard: Heard[];
  /** While this is true its door answers 503. */
  down: boolean;
  /** `webhook-id` of all the news that it was too broken to take. */
  missed: string[];
  /** Resolves when `count` different pieces of news came for something, found by `mentions` in the body. */
  hears(mentions: string, count: number, withinMs: number): Promise<Heard[]>;
  close(): Promise<void>;
};

export const openReferrer = async (identity: Identity): Promise<Referrer> => {
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const handle: Handler = (post) => {
    const id = post.headers["webhook-id"] ?? "";
    if (referrer.down) {
      referrer.missed.push(id);
      return { status: 503 };
    }
    const verified = signatureHolds(identity.webhookSecret, post.body, post.headers);
    const { path, body, headers } = post;
    heard.push({ id, path, body, headers, contentType: headers["content-type"] ?? "", verified });
    for (const wake of waiting) wake();
    return verified ? reply(post.headers) : { status: 401 };
  };
  const server: Listening = await listen(identity.port, handle);

  const about = (mentions: string): Heard[] => [
    ...new Map(heard.filter((one) => one.body.includes(mentions)).map((one) => [one.id, one])).values(),
  ];
  const hears: Referrer["hears"] = (mentions, count, withinMs) =>
    new Promise((done) => {
      const finish = (): void => {
        waiting.delete(check);
        clearTimeout(limit);
        done(about(mentions));
      };
      const check = (): void => void (about(mentions).length >= count && finish());
      const limit = setTimeout(finish, withinMs);
      waiting.add(check);
      check();
    });
  const referrer: Referrer = { identity, heard, down: false, missed: [], hears, close: server.close };
  return referrer;
};

/** BaRS takes a 2xx for an answer only when both ids come back (Core, transactional integrity). */
const reply = (headers: Record<string, string>) => ({
  status: 200,
  headers: {
    ...echo("X-Request-Id", headers["x-request-id"]),
    ...echo("X-Correlation-Id", headers["x-correlation-id"]),
    "Content-Type": "application/json",
  },
  body: "{}",
});

const echo = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };

/** The package's own `verify` also parses the body as JSON, and some doors speak in forms: so it signs, and we compare. */
export const signatureHolds = (secret: string, body: string, headers: Record<string, string>): boolean => {
  const sentAt = Number(headers["webhook-timestamp"]) * 1000;
  if (!(Math.abs(world.now() - sentAt) < TOLERANCE_MS)) return false;
  const expected = new Webhook(secret).sign(headers["webhook-id"] ?? "", new Date(sentAt), body);
  return (headers["webhook-signature"] ?? "").split(" ").includes(expected);
};

/** Five minutes, as the standard's libraries allow. */
const TOLERANCE_MS = 300_000;
