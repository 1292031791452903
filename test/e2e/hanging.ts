// A provider in the place of a sample one that does not answer, so that a test can stop the broker in the middle of a send.
import { once } from "node:events";
import { createServer } from "node:http";
import type { Stage } from "../world/stage.ts";

/** A provider that takes a connection and never says a word, until it recovers. */
export const hang = async (stage: Stage, organisation: string) => {
  const provider = stage.providers.get(organisation);
  if (provider === undefined) throw new Error(`nobody plays ${organisation}`);
  await provider.close();
  let well = false;
  const ids: string[] = [];
  const server = createServer((req, res) => {
    ids.push(String(req.headers["webhook-id"]));
    if (well) res.writeHead(202).end();
    server.emit(well ? "served" : "asked");
  });
  server.listen(provider.identity.port, "127.0.0.1");
  await once(server, "listening");
  return {
    /** `webhook-id` of everything that came. */
    ids,
    asked: once(server, "asked"),
    served: once(server, "served"),
    recovers: (): void => void (well = true),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
