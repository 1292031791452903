// What is counted, for operators: process figures, requests by route pattern, and counters of other rooms. No ids in labels.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

type RequestLabels = { method: string; route: string; status: number };

export type Metrics = {
  registry: Registry;
  /** Starts the clock of one request; the end observes it and says how many seconds it took. */
  request(): (labels: RequestLabels) => number;
  counter<L extends string>(name: string, help: string, labels: readonly L[]): Counter<L>;
  /** A figure that is read when somebody looks; not a number when it cannot be read, so that the others still can. */
  gauge(name: string, help: string, read: () => Promise<number>): void;
};

/** Seconds. An accept should take milliseconds, and nothing may take more than half a minute. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export const createMetrics = (): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "waymark_http_request_duration_seconds",
    help: "Time to answer, by method, route pattern and status",
    labelNames: ["method", "route", "status"],
    buckets: BUCKETS,
    registers: [registry],
  });
  return {
    registry,
    request: () => requests.startTimer(),
    counter: (name, help, labels) => new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
    gauge: (name, help, read) => {
      registry.registerMetric(
        new Gauge({
          name,
          help,
          registers: [],
          async collect() {
            this.set(await read().catch(() => Number.NaN));
          },
        }),
      );
    },
  };
};
