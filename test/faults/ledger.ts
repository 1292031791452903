// The run's own books: what its senders were told and its receivers saw. The broker's tables are never asked.
import { EventEmitter, once } from "node:events";
import { setTimeout as rest } from "node:timers/promises";

export type Door = "gp" | "jobcentre" | "council";

export type Case = {
  at: number;
  key: string;
  door: Door;
  borough: number;
  /** Who must be asked, and nobody else. Empty: nobody may be. */
  offers: string[];
  /** How many pieces of news its referrer must hear, each once. Undefined: not looked at. */
  news: number | undefined;
  /** Every answer to it, whichever try it was. */
  tries: number;
  accepted: boolean;
  references: Set<string>;
};

type Asked = { provider: string; offer: string; took: boolean };

/** What was seen of one reference. */
type Seen = { asked: Asked[]; news: { referrer: string; id: string }[] };

export type Counts = { accepted: number; lost: number; misrouted: number; duplicates: number };

export type Ledger = {
  cases: Case[];
  open(draft: Pick<Case, "key" | "door" | "borough" | "offers" | "news">): Case;
  /** An answer that says "taken", with the reference that it gave. */
  taken(one: Case, reference: string): void;
  /** True for an offer that came for the first time. */
  asked(reference: string, provider: string, offer: string): boolean;
  /** Its receiver said yes to it, and the answer left: from now on it may not be lost. */
  took(reference: string, offer: string): void;
  told(reference: string, referrer: string, id: string): void;
  /** A signature that did not hold, an answer that must not have been given: each is counted as misrouted. */
  wrong(what: string): void;
  /** Offers that came again under the same id: a resend that the receiver could recognise. */
  repeats(): number;
  /** Resolves when nothing more is missing, or when nothing has come for so long. */
  settled(silenceMs: number): Promise<boolean>;
  /** Whether any receiver has seen it. */
  wasAsked(references: ReadonlySet<string>): boolean;
  /** How many of these still lack something. */
  missing(some: readonly Case[]): number;
  counts(): Counts;
  /** In words, what is wrong: at most a few of each kind. */
  faults(): string[];
};

const FEW = 5;
const LOOK_MS = 100;

export const openLedger = (): Ledger => {
  const cases: Case[] = [];
  const seen = new Map<string, Seen>();
  const wrongs: string[] = [];
  const bell = new EventEmitter();
  let again = 0;

  const seenOf = (reference: string): Seen => {
    const known = seen.get(reference) ?? { asked: [], news: [] };
    seen.set(reference, known);
    return known;
  };
  const distinct = (values: readonly string[]): number => new Set(values).size;

  const judge = (one: Case): { lost: string[]; misrouted: string[]; duplicates: string[] } => {
    const all = [...one.references].map(seenOf);
    const asked = all.flatMap((each) => each.asked);
    const news = all.flatMap((each) => each.news);
    const found = { lost: [] as string[], misrouted: [] as string[], duplicates: [] as string[] };
    const name = `case ${one.at} (${one.door}, ${[...one.references].join()})`;
    if (one.references.size > 1) found.duplicates.push(`${name} has ${one.references.size} references`);
    for (const provider of one.offers)
      if (!asked.some((each) => each.provider === provider && each.took))
        found.lost.push(`${name} never came to ${provider}`);
    for (const { provider } of asked)
      if (!one.offers.includes(provider)) found.misrouted.push(`${name} came to ${provider}`);
    for (const provider of one.offers) {
      const ids = distinct(asked.filter((each) => each.provider === provider).map(({ offer }) => offer));
      if (ids > 1) found.duplicates.push(`${name} came to ${provider} under ${ids} ids`);
    }
    for (const { referrer } of news)
      if (referrer !== one.door) found.misrouted.push(`${name}: news went to ${referrer}`);
    if (one.news !== undefined) {
      const heard = distinct(news.map(({ id }) => id));
      if (heard < one.news) found.lost.push(`${name}: ${heard} of ${one.news} pieces of news`);
      if (heard > one.news) found.duplicates.push(`${name}: ${heard} pieces of news instead of ${one.news}`);
    }
    return found;
  };

  /** Of a reference that no sender was told: the broker made a case that nobody sent. */
  const strangers = (): string[] => {
    const known = new Set(cases.flatMap((one) => [...one.references]));
    return [...seen.keys()].filter((reference) => !known.has(reference));
  };
  const accepted = (): Case[] => cases.filter((one) => one.accepted);
  const whole = (): boolean => accepted().every((one) => judge(one).lost.length === 0);

  return {
    cases,
    open(draft) {
      const one = { ...draft, at: cases.length, tries: 0, accepted: false, references: new Set<string>() };
      cases.push(one);
      return one;
    },
    taken(one, reference) {
      one.accepted = true;
      one.references.add(reference);
    },
    asked(reference, provider, offer) {
      const { asked } = seenOf(reference);
      const first = !asked.some((each) => each.offer === offer);
      if (!first) again += 1;
      asked.push({ provider, offer, took: false });
      bell.emit("news");
      return first;
    },
    took(reference, offer) {
      for (const one of seenOf(reference).asked) if (one.offer === offer) one.took = true;
      bell.emit("news");
    },
    told(reference, referrer, id) {
      seenOf(reference).news.push({ referrer, id });
      bell.emit("news");
    },
    wrong: (what) => void wrongs.push(what),
    repeats: () => again,
    async settled(silenceMs) {
      while (!whole()) {
        try {
          await once(bell, "news", { signal: AbortSignal.timeout(silenceMs) });
          // Looked through at most so often: news comes in hundreds.
          await rest(LOOK_MS);
        } catch {
          return whole();
        }
      }
      return true;
    },
    wasAsked: (references) => [...references].some((one) => (seen.get(one)?.asked.length ?? 0) > 0),
    missing: (some) => some.filter((one) => judge(one).lost.length > 0).length,
    counts() {
      const found = accepted().map(judge);
      const some = (kind: "lost" | "misrouted" | "duplicates"): number =>
        found.filter((one) => one[kind].length > 0).length;
      return {
        accepted: accepted().length,
        lost: some("lost"),
        misrouted: some("misrouted") + wrongs.length,
        duplicates: some("duplicates") + strangers().length,
      };
    },
    faults() {
      const found = accepted().map(judge);
      const of = (kind: "lost" | "misrouted" | "duplicates"): string[] => found.flatMap((one) => one[kind]);
      const strange = strangers().map((one) => `${one} was offered, but no sender knows it`);
      return [of("lost"), of("misrouted"), of("duplicates"), strange, wrongs].flatMap((list) => list.slice(0, FEW));
    },
  };
};
