// The broker through the month: asked by everybody, rung by the month, stopped, killed in the middle of its work, and begun anew.
import { Client } from "pg";
import { Agent, fetch } from "undici";
import type { Log } from "../../adapters/log.ts";
import { issueToken } from "../../adapters/http/token.ts";
import type { Config } from "../../schemas/config.ts";
import { type Printed, runVerb } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Identity } from "../world/system.ts";
import type { Books } from "./books.ts";
import { type Life, openLife } from "./life.ts";
import type { Post } from "./receivers.ts";

type Asked = { method?: "GET" | "POST"; path: string; headers?: Record<string, string>; body?: string };
export type Answered = { status: number; body: string; location?: string };

export type House = {
  /** As this client; again and again until a broker that lives has answered. */
  ask(by: Identity, asked: Asked): Promise<Answered>;
  /** Rings what is due until nothing is, whatever happens to the broker meanwhile. */
  ring(): Promise<void>;
  /** Ends it in good order, between two pieces of work, and begins it anew. */
  restart(): Promise<void>;
  /** Kills it with the message that leaves after so many more, and begins it anew. */
  killAfter(messages: number): void;
  kills(): number;
  /** As an operator does at the command line. */
  verb(...argv: string[]): Promise<Printed>;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  clients: Life["ground"]["store"]["clients"];
  close(): Promise<void>;
};

type Options = { config: Config; clock: Clock; books: Books; log: Log };

/** Whoever meets five deaths on end has found something else. */
const TRIES = 6;
/** A line of its own for every request: a kept one may be closed by the other end at the moment when it is used again. */
const lines = new Agent({ pipelining: 0 });

export const openHouse = async ({ config, clock, books, log }: Options, posts: () => Post): Promise<House> => {
  let fuse: number | undefined;
  let kills = 0;
  const scopes = new Map<string, readonly string[]>();
  const post: Post = async (url, message) => {
    // The line is cut as the message leaves: it arrives, and nobody is there to hear that it did.
    if (fuse !== undefined && (fuse -= 1) < 0) kill();
    return posts()(url, message);
  };
  const begin = (): Promise<Life> => openLife({ config, clock, post, log, onBroken: books.wrong });
  let up = begin();

  const kill = (): void => {
    fuse = undefined;
    kills += 1;
    const dying = up;
    up = dying.then(async (life) => {
      life.die();
      await cutLines(config.DATABASE_URL);
      return begin();
    });
  };

  const tokenOf = async ({ ground }: Life, { clientId }: Identity): Promise<string> => {
    const known = scopes.get(clientId) ?? (await ground.store.clients.byId(clientId))?.scopes ?? [];
    scopes.set(clientId, known);
    return issueToken(ground.vault.tokenKey(), clientId, known, clock.now());
  };
  const askOnce = async (life: Life, by: Identity, { method = "POST", path, headers, body }: Asked) => {
    const login: Record<string, string> = path.startsWith("/open311")
      ? {}
      : { authorization: `Bearer ${await tokenOf(life, by)}` };
    const request = { method, headers: { ...login, ...headers }, ...(body === undefined ? {} : { body }) };
    const reply = await fetch(`${life.origin}${path}`, { ...request, dispatcher: lines });
    const location = reply.headers.get("location");
    return { status: reply.status, body: await reply.text(), ...(location === null ? {} : { location }) };
  };

  /** What was cut off by a kill is done again by whoever did it. */
  const unlessCut = async <T>(act: (life: Life) => Promise<T>): Promise<T> => {
    for (;;) {
      const life = await up;
      try {
        return await act(life);
      } catch (error) {
        if ((await up) === life) throw error;
      }
    }
  };
  const first = await up;
  return {
    async ask(by, asked) {
      for (let time = 0; time < TRIES; time += 1) {
        const life = await up;
        const reply = await Promise.race([
          askOnce(life, by, asked).catch(() => undefined),
          life.dead.then(() => undefined),
        ]);
        if (reply !== undefined && reply.status < 500) return reply;
        if ((await up) === life) books.wrong(`${asked.path} was answered ${reply?.status ?? "nothing"}`);
      }
      throw new Error(`nobody answers ${asked.path}`);
    },
    async ring() {
      for (let life = await up; ; life = await up) {
        const rung = await Promise.race([life.ring(), life.dead]);
        if (rung !== undefined && (await up) === life) return;
      }
    },
    async restart() {
      const life = await up;
      await life.end();
      up = begin();
      await up;
    },
    killAfter: (messages) => void (fuse = messages),
    kills: () => kills,
    verb: (...argv) =>
      unlessCut(({ ground }) =>
        runVerb(
          argv,
          toolsOf(config, () => Promise.resolve(ground)),
          { cwd: "/" },
        ),
      ),
    sql: (text, values) =>
      unlessCut(({ ground }) => ground.engine.transaction("owner", (query) => query(text, values))),
    clients: first.ground.store.clients,
    close: async () => (await up).end(),
  };
};

const cutLines = async (url: string | undefined): Promise<void> => {
  if (url === undefined) return;
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await admin.end();
};
