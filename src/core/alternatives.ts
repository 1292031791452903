// What would have changed a refusal: for each programme the smallest single change, and the nearest service that is open.
// Hints are few, and of a kind that nobody can game: time that passes, a place, a course, a fact that is missing, a yes
// that was never asked, another door. Why somebody is excluded, what group or health a rule wants, is never hinted at.
import type { Programme } from "../../schemas/programme.ts";
import type { Clause } from "../../schemas/rule.ts";
import type { Alternative, Candidate } from "../../schemas/receipt.ts";
import { daysAfter, noonOf } from "./calendar.ts";
import { conditionsOf } from "./conditions.ts";
import { contractsOn } from "./contracts.ts";
import { serviceIn } from "./directory.ts";
import { elsewhere } from "./elsewhere.ts";
import { readsHealth } from "./health.ts";
import { openAlternative } from "./firewall.ts";
import { once } from "./once.ts";
import { matchProgramme } from "./match.ts";
import type { Match, Situation } from "./situation.ts";
import { endingDays, mayTurn, turningDays } from "./turning.ts";
import {
  courseOpens,
  fitsLater,
  fitsOnceShared,
  fitsOnceWilling,
  goesThrough,
  isFull,
  mayFitWith,
  needsFirst,
} from "./words/ways.ts";

/** Of those that anyone may read, and of those that say something of consent or health. */
const MOST = 3;
/** Nobody waits longer. */
const HORIZON_DAYS = 731;

const ORDER: readonly Alternative["kind"][] = ["consent", "fact", "place", "course", "time", "step", "service"];

type Way = Omit<Alternative, "programme" | "health">;

/** Programmes in their order, and what each came to. */
export const alternativesTo = (
  programmes: readonly Programme[],
  matches: readonly Match[],
  situation: Situation,
): Alternative[] => {
  const ways: Alternative[] = [];
  let open = 0;
  const add = (way: Alternative): void => {
    ways.push(way);
    if (openAlternative(way)) open += 1;
  };
  const collect = (look: Look): void => {
    for (const [at, programme] of programmes.entries()) {
      const match = matches[at];
      const way = match === undefined || open >= MOST ? undefined : look(programme, match, situation);
      if (way !== undefined) add({ ...way, programme: programme.programme, ...healthOf(programme, match) });
    }
  };
  // What is known already goes first. When to stop depends on the open ones alone, which nothing secret moves.
  collect(atHand);
  collect(afar);
  if (open < MOST) ways.push(...elsewhere(programmes, situation));
  const ordered = ways.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const [told, closed] = [ordered.filter(openAlternative), ordered.filter((one) => !openAlternative(one))];
  return [...told.slice(0, MOST), ...closed.slice(0, MOST)];
};

type Look = (programme: Programme, match: Match, situation: Situation) => Way | undefined;

/** A way past a clause on health tells something by it. */
const healthOf = ({ eligibility, exclusions }: Programme, match: Match | undefined): { health?: true } =>
  match?.candidates.some((one) => one.health === true) === true ||
  [...eligibility, ...exclusions].some((clause) => clause.health || readsHealth(clause.test))
    ? { health: true }
    : {};

const atHand: Look = (programme, match, situation) => {
  // Whatever was said of consent, nothing else is told of a programme that waits for it: one could be told from the other.
  if (match.consents.length > 0) return consentWay(programme, match.consents);
  const [fact] = match.missing;
  if (fact === undefined) return placeOrCourse(programme, match.candidates, situation);
  return match.missing.every((one) => one === fact)
    ? { kind: "fact", words: mayFitWith(programme.name, fact), path: fact }
    : undefined;
};

/** The programme itself was dropped, by the one clause that its candidate names. */
const afar: Look = (programme, match, situation) => {
  const [dropped] = match.candidates;
  if (dropped === undefined || dropped.service !== undefined || match.missing.length > 0) return undefined;
  const { clause } = dropped;
  if (clause === "door") return otherDoor(programme, situation);
  return clause.startsWith("requires:") ? after(programme, situation) : later(programme, clause, situation);
};

/** Who said no has answered: nobody is asked again because of this. */
const UNASKED: ReadonlySet<string> = new Set(["consent-missing", "consent-expired", "take-part-missing"]);

const consentWay = ({ name }: Programme, consents: Match["consents"]): Way | undefined => {
  const unasked = consents.find(({ code }) => UNASKED.has(code));
  if (unasked === undefined || consents.some(({ code }) => !UNASKED.has(code))) return undefined;
  return {
    kind: "consent",
    words: unasked.code === "take-part-missing" ? fitsOnceWilling(name) : fitsOnceShared(name),
  };
};

const failedOf = (programme: Programme, situation: Situation) =>
  conditionsOf(programme, situation).filter(({ verdict }) => verdict.is !== true);

/** Something comes first, and nothing else stands in the way. */
const after = (programme: Programme, situation: Situation): Way | undefined => {
  const [first, ...others] = failedOf(programme, situation);
  return first === undefined || others.length > 0
    ? undefined
    : { kind: "step", words: needsFirst(programme.name, first.words) };
};

/** One clause of the programme failed, and time mends it with all others. */
const later = (programme: Programme, clause: string, situation: Situation): Way | undefined => {
  const days = daysOf(programme, clause, situation);
  if (days.length === 0 || failedOf(programme, situation).some((one) => one.clause.startsWith("exclusion:")))
    return undefined;
  const day = days.find((one) => failedOf(programme, { ...situation, now: noonOf(one), day: one }).length === 0);
  return day === undefined ? undefined : { kind: "time", words: fitsLater(programme.name), day };
};

/** The same for every programme of one decision. */
const futureOf = once(({ day: today, content }: Situation) => {
  const last = daysAfter(today, HORIZON_DAYS);
  const ahead = (days: readonly string[]): string[] => days.filter((day) => day > today && day <= last);
  return { ahead, ends: ahead(endingDays(content.facts)) };
});

/** The rules of eligibility that time alone may turn, by their clause. */
const turningIn = once(
  ({ eligibility }: Programme): ReadonlyMap<string, Clause> =>
    new Map(eligibility.filter(({ test }) => mayTurn(test)).map((one) => [`eligibility:${one.id}`, one])),
);

/** Days ahead on which the programme runs and one of its rules may turn, the first first; none unless the failed one may. */
const daysOf = (programme: Programme, failed: string, situation: Situation): string[] => {
  const turning = turningIn(programme);
  const own = turning.get(failed);
  if (own === undefined && failed !== "compatibility") return [];
  const { ahead, ends } = futureOf(situation);
  const turnsOf = ({ test }: Clause): string[] => ahead(turningDays(test, situation.known));
  if ((own === undefined ? ends : turnsOf(own)).length === 0) return [];
  const runs = (day: string): boolean =>
    (programme.validTo === undefined || day <= programme.validTo) && contractsOn(programme, day).length > 0;
  return [...new Set([...[...turning.values()].flatMap(turnsOf), ...ends])].filter(runs).sort();
};

const placeOrCourse = (
  programme: Programme,
  candidates: readonly Candidate[],
  situation: Situation,
): Way | undefined => {
  const full = candidates.find(({ clause }) => clause === "places" || clause === "course");
  const service = full?.service === undefined ? undefined : serviceIn(situation.directory, full.service);
  if (full === undefined || service === undefined) return undefined;
  if (full.clause === "places") return { kind: "place", words: isFull(service.name), service: service.id };
  const day = programme.cohorts
    .filter((cohort) => cohort.service === service.id && cohort.opens > situation.day)
    .map(({ opens }) => opens)
    .sort()[0];
  return day === undefined ? undefined : { kind: "course", words: courseOpens(service.name), service: service.id, day };
};

/** It would fit, or wait for a consent only, through a door of its own. */
const otherDoor = (programme: Programme, situation: Situation): Way | undefined => {
  const door = programme.mayRefer.find((one) => one !== situation.door);
  if (door === undefined) return undefined;
  const { fits, consents } = matchProgramme(programme, { ...situation, door });
  return fits.length + consents.length === 0
    ? undefined
    : { kind: "service", words: goesThrough(programme.name, door) };
};
