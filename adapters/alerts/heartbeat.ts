// A sign of life to a watcher outside: it is the silence that alarms.
import type { Outbound } from "../outbound/client.ts";

/** Why it was not heard; undefined when it was. */
export const createHeartbeat =
  (url: string, outbound: Pick<Outbound, "request">) => async (): Promise<string | undefined> => {
    const reply = await outbound.request(url, { method: "GET", headers: {} });
    if (reply.kind === "failed") return reply.cause;
    return reply.status >= 200 && reply.status < 300 ? undefined : `answered-${reply.status}`;
  };
