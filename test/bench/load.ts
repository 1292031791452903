// Load from one client process: a fixed number of connections, each message new by its request id, for a fixed time.
import { randomUUID } from "node:crypto";
import autocannon from "autocannon";
import type { Subject } from "./subject.ts";

export type Measured = { perSecond: number; p50: number; p99: number; refused: number };

export const load = async (
  subject: Subject,
  body: string,
  options: { connections: number; seconds: number },
): Promise<Measured> => {
  const result = await autocannon({
    url: subject.url,
    connections: options.connections,
    duration: options.seconds,
    method: "POST",
    headers: { ...subject.headers, "content-type": "application/fhir+json" },
    body,
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          headers: { ...request.headers, "x-request-id": randomUUID(), "x-correlation-id": randomUUID() },
        }),
      },
    ],
  });
  const refused = result.non2xx + result.errors + result.timeouts;
  if (refused > 0) throw new Error(`a server refused ${refused} of ${result.requests.total} messages`);
  return { perSecond: result["2xx"] / result.duration, p50: result.latency.p50, p99: result.latency.p99, refused };
};
