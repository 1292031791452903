// Stands before somebody's server and has its accidents: refuses for now, loses the answer to what was taken, or is not there.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Mishap } from "./way.ts";

export type Front = { url: string; meets(mishap: Mishap): Promise<void>; close(): Promise<void> };

export const startFront = async (behind: string): Promise<Front> => {
  let mishap: Mishap = "none";
  const server = createServer((req, res) => {
    if (mishap === "busy") return void req.resume().once("end", () => res.writeHead(503).end());
    const { method, headers } = req;
    const onward = request(behind + (req.url ?? "/"), { method, headers }, (answer) => {
      if (mishap === "lost") return void answer.resume().once("end", () => req.socket.destroy());
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on("error", () => req.socket.destroy());
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    meets: async (next) => {
      mishap = next;
      if (next === "down") await close();
    },
    close,
  };
};
