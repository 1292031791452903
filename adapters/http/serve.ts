// Listens, with time limits against slow and greedy callers, and stops without breaking what is under way.
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, Server as NetServer } from "node:net";
import type { Metrics } from "./metrics.ts";

export type Tls = {
  cert: string;
  key: string;
  /** With this, a caller must show a certificate that this authority signed. */
  clientCa?: string;
};

export type Limits = typeof LIMITS;

/** Milliseconds and counts. */
export const LIMITS = {
  /** All headers must be here: a caller that dribbles them (slow loris) is cut off. */
  headersTimeout: 10_000,
  /** The whole request must be here. */
  requestTimeout: 30_000,
  /** Longer than the minute after which load balancers drop an idle line, so that they, not we, close it. */
  keepAliveTimeout: 65_000,
  /** How often the limits above are looked at. */
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
  maxHeadersCount: 100,
  maxRequestsPerSocket: 10_000,
};

export type Serving = {
  port: number;
  origin: string;
  /**
   * Takes callers until they go elsewhere, then no new connection; answers what is still on its way, ends idle lines,
   * waits for what is under way, then cuts what is left.
   */
  close(bounds?: Partial<Leaving>): Promise<void>;
};

export type Leaving = {
  /** All of it takes no longer. */
  boundMs: number;
  /** So long new connections are taken at most: a load balancer that asks us every second sends no more by then. */
  farewellMs: number;
  /** Nobody has come for so long: they have gone elsewhere already. */
  quietMs: number;
};

const LEAVING: Leaving = { boundMs: 8_000, farewellMs: 0, quietMs: 300 };
const CLOSE_STEP_MS = 20;
/** A caller may have sent its next request before it hears that we leave: so long an idle line is listened to. */
const LAST_WORDS_MS = 250;

const build = (tls: Tls | undefined, limits: Limits, listener: RequestListener): Server => {
  const { maxHeadersCount, maxRequestsPerSocket, ...atCreation } = limits;
  const server =
    tls === undefined
      ? createServer(atCreation, listener)
      : createTlsServer(
          {
            ...atCreation,
            cert: tls.cert,
            key: tls.key,
            minVersion: "TLSv1.2",
            ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
          },
          listener,
        );
  return Object.assign(server, { maxHeadersCount, maxRequestsPerSocket });
};

/**
 * The kernel resets whoever waits to be taken when a listening socket closes. So it closes when nobody comes any more,
 * or when everybody had the time to see that we leave, and right after all who waited were taken.
 */
const farewell = async (server: Server, { farewellMs, quietMs }: Leaving): Promise<void> => {
  if (farewellMs === 0) return;
  await new Promise<void>((gone) => {
    const over = (): void => {
      clearTimeout(latest);
      clearTimeout(quiet);
      server.off("connection", comes);
      setImmediate(gone);
    };
    const latest = setTimeout(over, farewellMs);
    let quiet = setTimeout(over, quietMs);
    const comes = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(over, quietMs);
    };
    server.on("connection", comes);
  });
};

const closing = async (server: Server, leaving: Leaving): Promise<void> => {
  const cut = setTimeout(() => server.closeAllConnections(), leaving.boundMs);
  await farewell(server, leaving);
  // An HTTP server's own close cuts idle lines at once, also one on which a request is arriving.
  const closed = new Promise<void>((resolve) => void NetServer.prototype.close.call(server, () => resolve()));
  let sweep: NodeJS.Timeout | undefined;
  const lastWords = setTimeout(() => {
    // A line that was busy when we closed becomes idle after its answer: it is ended then.
    sweep = setInterval(() => server.closeIdleConnections(), CLOSE_STEP_MS);
  }, LAST_WORDS_MS);
  await closed;
  // Nothing listens any more: this ends only its own look at the limits of lines.
  server.close();
  clearTimeout(lastWords);
  clearInterval(sweep);
  clearTimeout(cut);
};

export const listen = async (
  app: RequestListener,
  options: { port: number; host: string; tls?: Tls; limits?: Partial<Limits> },
): Promise<Serving> => {
  const { port, host, tls } = options;
  let stopping: Promise<void> | undefined;
  const server = build(tls, { ...LIMITS, ...options.limits }, (req, res) => {
    if (stopping !== undefined) res.setHeader("Connection", "close");
    app(req, res);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    port: bound,
    origin: `${tls === undefined ? "http" : "https"}://${name}:${bound}`,
    close: (bounds) => (stopping ??= closing(server, { ...LEAVING, ...bounds })),
  };
};

/** `/metrics` has a port of its own, so that it can be kept from the outside. */
export const serveMetrics = (metrics: Metrics, options: { port: number; host: string }): Promise<Serving> =>
  listen((req, res) => {
    const known = req.method === "GET" && req.url === "/metrics";
    if (!known) {
      res.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => res.writeHead(200, { "Content-Type": metrics.registry.contentType }).end(text),
      () => res.writeHead(500).end(),
    );
  }, options);
