// Everybody whom the broker reaches, in the place of the one HTTP client: signatures are checked, all that comes is written down, and
// what the weather says is what the broker meets.
import { setImmediate as soon } from "node:timers/promises";
import type { Exchange } from "../../adapters/outbound/exchange.ts";
import { signatureHolds } from "../world/referrer.ts";
import type { Books, Received } from "./books.ts";
import type { Cast } from "./cast.ts";
import type { Timeline } from "./timeline.ts";
import { NOTICED, type Weather } from "./weather.ts";

export type Post = (url: string, message: { headers: Record<string, string>; body: string }) => Promise<Exchange>;

type Options = {
  books: Books;
  cast: Cast;
  timeline: Pick<Timeline, "now">;
  weather: Weather;
  /** Told of what came, before anybody answers. */
  hears(received: Received): void;
};

const REFERENCE = /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/;

/** BaRS takes a 2xx for an answer only when both ids come back. */
const echoed = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => ["x-request-id", "x-correlation-id"].includes(name.toLowerCase())),
  );

const readOffer = (body: string): { type: string; offer?: string } => {
  const { type, offer } = JSON.parse(body) as { type: string; offer: string };
  return { type, offer };
};

export const createReceivers = ({ books, cast, timeline, weather, hears }: Options): Post => {
  const nameIn = (url: string): string => new URL(url).pathname.split("/")[1] ?? "";

  return async (url, { headers, body }) => {
    const who = nameIn(url);
    const identity = cast.get(who);
    const id = headers["webhook-id"] ?? "";
    const trouble = weather.of(who, timeline.now(), id);
    if (trouble !== undefined && trouble !== "lost") return NOTICED[trouble];
    // On its way: others act meanwhile.
    await soon();
    const reference = REFERENCE.exec(body)?.[0];
    if (identity === undefined || reference === undefined || !signatureHolds(identity.webhookSecret, body, headers)) {
      books.wrong(`${who} was sent something unsigned or without a reference`);
      return { kind: "answer", status: 401, headers: {}, body: "" };
    }
    const read = identity.kind === "provider" ? readOffer(body) : { type: "news" };
    hears(books.note({ at: timeline.now().getTime(), who, id, reference, body, ...read }));
    await soon();
    if (trouble === "lost") return NOTICED.lost;
    return { kind: "answer", status: 200, headers: echoed(headers), body: "{}" };
  };
};
