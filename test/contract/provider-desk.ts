// `/provider/v1` over real HTTP for tests of what stands behind it: whoever is in the list has a token.
import express from "express";
import { createAccess } from "../../adapters/http/access.ts";
import { faults } from "../../adapters/http/faults.ts";
import { mount } from "../../adapters/http/mount.ts";
import { listen } from "../../adapters/http/serve.ts";
import { issueToken } from "../../adapters/http/token.ts";
import { traces } from "../../adapters/http/trace.ts";
import { createLog } from "../../adapters/log.ts";
import { providerRoutes } from "../../adapters/providers/api.ts";
import type { Client } from "../../schemas/client.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Views } from "../../src/ports/views.ts";
import { ids } from "../builders/store.ts";

const tokenKey = Buffer.alloc(32, 3);

export type ProviderDesk = {
  /** A request of this provider, below `/provider/v1`. */
  ask<T>(client: Client, method: string, path: string, body?: object): Promise<{ status: number; body: T }>;
  close(): Promise<void>;
};

type Behind = { everyone: readonly Client[]; steps: Steps; views: Views; clock: Clock };

export const openProviderDesk = async ({ everyone, steps, views, clock }: Behind): Promise<ProviderDesk> => {
  const byId = async (id: string) => everyone.find((one) => one.id === id);
  const access = createAccess({ clients: { byId, byApiKey: async () => undefined }, tokenKey, clock });
  const app = express();
  app.use(traces(ids));
  const tools = { steps, views, access, clock, ids, publicUrl: "https://broker.example" };
  mount(app, "/provider/v1", providerRoutes(tools, { byId }));
  app.use(faults(createLog({ level: "silent" })));
  const serving = await listen(app, { port: 0, host: "127.0.0.1" });
  return {
    ask: async <T>(client: Client, method: string, path: string, body?: object) => {
      const token = issueToken(tokenKey, client.id, client.scopes, clock.now());
      const reply = await fetch(`${serving.origin}/provider/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: reply.status, body: (await reply.json()) as T };
    },
    close: () => serving.close(),
  };
};
