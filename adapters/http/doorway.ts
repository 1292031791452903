// Callers that come while we start wait for the moment when we can answer; nobody who reached us is turned away for coming early.
import type { RequestListener } from "node:http";

export type Doorway = {
  handle: RequestListener;
  /** From now on this answers, those who waited first. */
  opens(app: RequestListener): void;
  /** It will not open: who waits hears so, and so does whoever comes still. */
  shuts(): void;
};

/** So many may wait. A start takes a second or two. */
const MOST = 1_000;

const turnAway: RequestListener = (_req, res) => void res.writeHead(503, { "Retry-After": "1" }).end();

export const createDoorway = (most = MOST): Doorway => {
  const waiting: Parameters<RequestListener>[] = [];
  let answers: RequestListener | undefined;
  const becomes = (listener: RequestListener): void => {
    answers ??= listener;
    for (const one of waiting.splice(0)) answers(...one);
  };
  return {
    handle: (...one) => {
      if (answers !== undefined) answers(...one);
      else if (waiting.length >= most) turnAway(...one);
      else waiting.push(one);
    },
    opens: becomes,
    shuts: () => becomes(turnAway),
  };
};
