// The providers' side of the line: what is said of an offer, in how many copies, and what may never be the answer.
import type { Books } from "./books.ts";
import type { Cast } from "./cast.ts";
import type { Draws } from "./draws.ts";
import type { House } from "./house.ts";
import { codeIn } from "./referrers.ts";

/** `person` is the number of who it is about. */
export type Asked = { who: string; offer: string; reference: string; person: number };
type Said = { status: number; code: string };

export type Voice = {
  post(asked: Asked, verb: string, body?: object): Promise<Said>;
  /** The same word, perhaps many times at one moment: all copies are answered as one would be. True where it was taken. */
  says(asked: Asked, verb: string, body?: object): Promise<boolean>;
  /** What does not follow is never taken. */
  tooEarly(asked: Asked, verb: string, body?: object): Promise<boolean>;
  reads(who: string, path: string): Promise<string>;
};

/** How far an offer has got. It never comes back. */
const RANKS = ["sent", "acknowledged", "accepted", "started"];
const rankOf = (status: string): number => (RANKS.includes(status) ? RANKS.indexOf(status) : RANKS.length);

type Options = { house: House; books: Books; cast: Cast; draws: Draws };

export const createVoice = ({ house, books, cast, draws }: Options): Voice => {
  const ranks = new Map<string, number>();
  const identity = (who: string) => {
    const found = cast.get(who);
    if (found === undefined) throw new Error(`nobody plays ${who}`);
    return found;
  };

  const post: Voice["post"] = async ({ who, offer }, verb, body = {}) => {
    const before = ranks.get(offer) ?? 0;
    const path = `/provider/v1/offers/${offer}/${verb}`;
    const headers = { "content-type": "application/json" };
    const reply = await house.ask(identity(who), { path, headers, body: JSON.stringify(body) });
    const code = codeIn(reply.body);
    books.count(`${verb}: ${reply.status} ${code}`.trim());
    if (reply.status >= 400 && code === "") books.wrong(`${verb} was answered ${reply.status} without a code`);
    if (reply.status === 200) {
      const { status } = JSON.parse(reply.body) as { status: string };
      if (rankOf(status) < before) books.wrong(`${offer} had got to ${before} and is ${status} after ${verb}`);
      ranks.set(offer, Math.max(rankOf(status), ranks.get(offer) ?? 0));
    }
    return { status: reply.status, code };
  };
  const copiesOf = ({ person, who }: Asked, verb: string): number => {
    const drawn = draws.of("copies", person, who, verb);
    return drawn < 0.0005 ? 100 : drawn < 0.01 ? 5 : drawn < 0.05 ? 2 : 1;
  };

  return {
    post,
    says: async (asked, verb, body) => {
      const all = await Promise.all(Array.from({ length: copiesOf(asked, verb) }, () => post(asked, verb, body)));
      if (all.some(({ code }) => code === "conflict")) books.wrong(`${verb} of ${asked.offer} was told to come again`);
      return all.every(({ status }) => status === 200);
    },
    tooEarly: async (asked, verb, body) => {
      const { status } = await post(asked, verb, body);
      if (status < 400 && status !== 204) books.wrong(`${verb} out of its turn was answered ${status}`);
      return true;
    },
    reads: async (who, path) => (await house.ask(identity(who), { method: "GET", path: `/provider/v1/${path}` })).body,
  };
};
