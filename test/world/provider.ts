// A sample provider: hears of offers by signed webhook or pulls them, and works its queue as its manner says.
import { setTimeout as rest } from "node:timers/promises";
import { signatureHolds } from "./referrer.ts";
import { listen, tokens, type Identity, type Listening } from "./system.ts";

/**
 * `takes`: acknowledges, accepts, starts. `slow`: only acknowledges. `full`: declines. `waits`: hears, and says nothing by
 * itself. `down`: its door answers 503 until `rises`.
 */
export type Manner = "takes" | "slow" | "full" | "waits" | "down" | "ends";

const AGAIN_MS = 250;

export type ReceivedOffer = { webhookId: string; offer: string; reference: string; verified: boolean; body: string };

/** What came of an offer after it was made: taken back, or changed. */
export type ReceivedNotice = ReceivedOffer & { type: string };

export type Provider = {
  identity: Identity;
  /** Recalls and changes, in the order in which they came. */
  notices: ReceivedNotice[];
  received: ReceivedOffer[];
  /** `webhook-id` of every offer that its door was too broken to take. */
  missed: string[];
  manner: Manner;
  pulls: boolean;
  /** Ends `down`. */
  rises(): void;
  /** Asks the broker as itself, below `/provider/v1`: a POST where there is a body. */
  asks(path: string, body?: object): Promise<Response>;
  /** Fetches the queue once and works every offer in it. */
  pull(): Promise<number>;
  /** Resolves when every answer that was begun has been given. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

export const openProvider = async (
  identity: Identity,
  broker: string,
  manner: Manner,
  pulls = false,
): Promise<Provider> => {
  const received: ReceivedOffer[] = [];
  const notices: ReceivedNotice[] = [];
  const missed: string[] = [];
  const answering = new Set<Promise<void>>();
  const closing = new AbortController();
  const token = tokens(identity, broker);
  const begin = (work: Promise<void>): void => {
    const tracked = work.catch(() => undefined).finally(() => answering.delete(tracked));
    answering.add(tracked);
  };

  const call = async (path: string, body?: object): Promise<Response> =>
    fetch(`${broker}/provider/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${await token()}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  /** A system keeps its answer until the broker has heard it: one that is away, or starting, comes back. */
  const insist = async (path: string, body: object): Promise<Response | undefined> => {
    while (!closing.signal.aborted) {
      const reply = await call(path, body).catch(() => undefined);
      if (reply !== undefined && reply.status < 500) return reply;
      await rest(AGAIN_MS);
    }
    return undefined;
  };

  const steps = (manner: Manner): [string, object][] => {
    if (manner === "waits") return [];
    if (manner === "full") return [["decline", { reason: "full" }]];
    if (manner === "slow") return [["acknowledge", {}]];
    const taken: [string, object][] = [
      ["acknowledge", {}],
      ["accept", {}],
      ["start", {}],
    ];
    return manner === "ends" ? [...taken, ["end", { reason: "completed" }]] : taken;
  };

  const work = async (offer: string): Promise<void> => {
    for (const [verb, body] of steps(provider.manner)) {
      const reply = await insist(`/offers/${offer}/${verb}`, body);
      if (reply?.ok !== true) return;
    }
  };

  const server: Listening = await listen(identity.port, (post) => {
    if (provider.manner === "down") {
      missed.push(post.headers["webhook-id"] ?? "");
      return { status: 503 };
    }
    const { type, offer, reference } = JSON.parse(post.body) as { type: string; offer: string; reference: string };
    const verified = signatureHolds(identity.webhookSecret, post.body, post.headers);
    const seen = received.some((one) => one.offer === offer);
    const one = { webhookId: post.headers["webhook-id"] ?? "", offer, reference, verified, body: post.body };
    if (type === "offer.made") received.push(one);
    else notices.push({ ...one, type });
    if (!verified) return { status: 401 };
    if (type !== "offer.made") return { status: 202 };
    if (!seen) begin(work(offer));
    return { status: 202 };
  });

  const provider: Provider = {
    identity,
    received,
    notices,
    missed,
    manner,
    pulls,
    rises: () => void (provider.manner = "takes"),
    asks: call,
    async pull() {
      const reply = await call("/offers?status=sent");
      const { offers } = (await reply.json()) as { offers: { id: string }[] };
      await Promise.all(offers.map((offer) => work(offer.id)));
      return offers.length;
    },
    async settled() {
      while (answering.size > 0) await Promise.all(answering);
    },
    close: () => {
      closing.abort();
      return server.close();
    },
  };
  return provider;
};
