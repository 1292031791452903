// Providers: each offer that comes is worked by a script of its own, recalls are answered soon, late or when told again, and those
// without an address look into their queues.
import { dayOf } from "../../src/core/calendar.ts";
import type { Books, Received } from "./books.ts";
import type { Draws } from "./draws.ts";
import { partnerOf, PULLING } from "./packs.ts";
import type { Referrers } from "./referrers.ts";
import { mannerOf, scriptOf, type Step } from "./scripts.ts";
import type { Timeline } from "./timeline.ts";
import type { Asked, Voice } from "./voice.ts";

type Options = { voice: Voice; books: Books; draws: Draws; timeline: Timeline; referrers: Pick<Referrers, "known"> };

export type Providers = {
  hears(received: Received): void;
  /** Those without an address look into their queues. */
  look(): Promise<void>;
};

export const createProviders = ({ voice, books, draws, timeline, referrers }: Options): Providers => {
  const begun = new Set<string>();

  const askedOf = (who: string, offer: string, reference: string): Asked => {
    return { who, offer, reference, person: referrers.known.get(reference)?.at ?? -1 };
  };
  const play = ([first, ...rest]: Step[]): void => {
    if (first === undefined) return;
    timeline.later(first.after, async () => {
      if (await first.say()) play(rest);
    });
  };

  const begin = (asked: Asked): void => {
    const about = [asked.person, asked.who] as const;
    const partner = partnerOf(asked.who);
    if (partner !== undefined && draws.chance(0.15, "assigns", ...about)) {
      books.count("assigned to a partner");
      const after = draws.between(0.3, 6, "assigns-after", ...about);
      return play([{ after, say: () => voice.says(asked, "assign", { to: partner }) }]);
    }
    books.count(`provider ${mannerOf(draws, asked)}`);
    play(scriptOf({ draws, timeline, voice }, asked));
  };

  const asksToDelete = (asked: Asked, time: number): void => {
    const about = [asked.person, asked.who, time] as const;
    // Some have to be told more than once.
    if (time < 3 && draws.chance(0.25, "forgets", ...about)) return;
    const keeps = draws.chance(0.12, "keeps", ...about);
    const answer = keeps ? { answer: "kept", basis: "legal-obligation", until: "2033-03-31" } : { answer: "deleted" };
    const bare = { after: 0, say: () => voice.tooEarly(asked, "recall", { answer: "kept" }) };
    play([
      ...(draws.chance(0.05, "bare", ...about) ? [bare] : []),
      { after: draws.between(0.3, 50, "deletes", ...about), say: () => voice.says(asked, "recall", answer) },
    ]);
  };

  const lasts = (asked: Asked, week: number): void => {
    const answer = draws.pick(["in-work", "could-not-contact", "not-in-work"], "lasts", asked.person, week);
    const said = { what: "checkpoint", week, answer, evidence: "employer" };
    play([{ after: 5, say: () => voice.says(asked, "outcome", { ...said, on: dayOf(timeline.now()) }) }]);
  };

  const hears: Providers["hears"] = ({ who, offer, reference, type, body }) => {
    if (offer === undefined) return;
    if (type === "offer.made" && !begun.has(`${who} ${offer}`)) {
      begun.add(`${who} ${offer}`);
      // Its reference may be known to its sender a moment later.
      timeline.later(0, () => Promise.resolve(begin(askedOf(who, offer, reference))));
    }
    const told = JSON.parse(body) as { time?: number; week?: number };
    if (type === "offer.recalled") asksToDelete(askedOf(who, offer, reference), told.time ?? 1);
    if (type === "offer.checkpoint") lasts(askedOf(who, offer, reference), told.week ?? 4);
  };

  type Queue = {
    offers: { id: string; reference: string }[];
    recalls: { offer: string; reference: string; told: number }[];
  };
  const look: Providers["look"] = async () => {
    for (const who of PULLING) {
      const at = timeline.now().getTime();
      const { offers } = JSON.parse(await voice.reads(who, "offers?status=sent&limit=100")) as Queue;
      for (const { id, reference } of offers)
        if (!begun.has(`${who} ${id}`))
          hears(books.note({ at, who, id, offer: id, reference, type: "offer.made", body: "{}" }));
      const { recalls } = JSON.parse(await voice.reads(who, "recalls?limit=100")) as Queue;
      for (const { offer, reference, told } of recalls) asksToDelete(askedOf(who, offer, reference), told);
    }
  };
  return { hears, look };
};
