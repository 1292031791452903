// The clauses that drop a programme or a service, in the order of a receipt.
import { nationOf } from "../../schemas/place.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Service } from "../../schemas/provider.ts";
import type { ReasonCode } from "../../schemas/reason.ts";
import type { Failed } from "./conditions.ts";
import { lineOf, type Lines, linesFor } from "./lines.ts";
import type { Match, Situation } from "./situation.ts";
import type { Verdict } from "./verdict.ts";
import { DROPPED, fails } from "./words/clauses.ts";

export type Drop = { clause: string; words: string; why: ReasonCode };
const drop = (clause: keyof typeof DROPPED, why: ReasonCode): Drop => ({ clause, words: DROPPED[clause], why });

const DROPS = {
  door: drop("door", "no-service"),
  participation: drop("participation", "no-service"),
  nation: drop("nation", "no-service"),
  contract: drop("contract-area", "no-service"),
  need: drop("need", "no-service"),
  area: drop("area", "no-service"),
  status: drop("status", "no-service"),
  reachable: drop("reachable", "no-service"),
  declined: drop("declined", "all-declined"),
} as const;

/** Before any fact of the person is read: who refers, how, and in which nation. */
export const gate = (
  programme: Programme,
  { content, known, door }: Situation,
): Drop | "nation-unknown" | undefined => {
  if (!programme.mayRefer.includes(door) && !programme.mayRecommend.includes(door)) return DROPS.door;
  if (!programme.participation.includes(content.participation)) return DROPS.participation;
  const gss = known.area.home?.authority ?? known.area.practice?.authority;
  if (gss === undefined) return programme.nations.length === 4 ? undefined : "nation-unknown";
  const nation = nationOf(gss);
  return nation !== undefined && programme.nations.includes(nation) ? undefined : DROPS.nation;
};

export const nothing = (): Match => ({ candidates: [], fits: [], consents: [], missing: [], why: [] });

/** What is dropped as a whole comes out alike for everybody: made once for its programme and its reason. */
const droppedAlike = new WeakMap<Lines, Map<object, Match>>();

export const dropAll = (lines: Lines, of: object, made: () => Drop): Match => {
  let byReason = droppedAlike.get(lines);
  if (byReason === undefined) droppedAlike.set(lines, (byReason = new Map()));
  const known = byReason.get(of);
  if (known !== undefined) return known;
  const { clause, words, why } = made();
  const match = { ...nothing(), candidates: [lineOf(lines, false, clause, words)], why: [why] };
  byReason.set(of, match);
  return match;
};

export const failing = ({ clause, words }: Failed["failed"]): Drop => ({
  clause,
  words: fails(words),
  why: clause === "area" ? "no-service" : "not-eligible",
});

const gates = new WeakMap<Programme, Lines>();

/** Whoever is dropped before any fact is read has told nothing. */
export const gateLines = (programme: Programme): Lines => {
  const known = gates.get(programme);
  if (known !== undefined) return known;
  const made = linesFor({ programme: programme.programme }, false);
  gates.set(programme, made);
  return made;
};

export type Dropped = Drop & { health?: boolean };

/** In the order of a receipt: where it works and what it is, before what it can take now. */
export const dropOf = (
  service: Service,
  { inside, reached }: { inside: Verdict; reached: boolean },
  covered: Verdict,
  { content, declined }: Situation,
): Dropped | undefined => {
  if (inside.is === false) return DROPS.contract;
  if (content.need === undefined || !service.needs.includes(content.need)) return DROPS.need;
  if (covered.is === false) return DROPS.area;
  if (service.status !== "open") return DROPS.status;
  if (!reached) return DROPS.reachable;
  if (declined.includes(service.id)) return DROPS.declined;
  return undefined;
};
