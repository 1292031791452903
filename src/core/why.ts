// Where a referral is, what it waits for and since when, and who must act: in words for the person on call.
import { wordsOf } from "../../schemas/cause.ts";
import type { Facts } from "../../schemas/facts.ts";
import type { Pause } from "../../schemas/pause.ts";
import type { Status } from "../../schemas/referral.ts";
import type { WorkKind } from "../../schemas/work.ts";
import type { NextAction } from "../../schemas/books.ts";
import type { Counts } from "./clock.ts";
import { isClosed } from "./lifecycle.ts";
import { nextActionOf } from "./next-action.ts";
import { pauseOn } from "./pause.ts";
import { standing, type Stands, type Who } from "./whereabouts.ts";

/** One thing that there is to do for it. */
export type Task = {
  kind: WorkKind;
  destination: string;
  words: string;
  state: "now" | "due" | "later" | "paused" | "left-alone" | "dead";
  since: Date;
  /** When it is tried next. */
  next?: Date;
  attempts: number;
  last?: { at: Date; cause: string; words: string };
  breaker?: { since?: Date; until: Date };
  pause?: Pause;
  who: Who;
};

export type Why = Stands & { reference: string; status: Status; erased: boolean; next?: NextAction; tasks: Task[] };

type Work = Facts["work"][number];

export const whyOf = (facts: Facts, pauses: readonly Pause[], now: Date, counts: Counts): Why => {
  const tasks = facts.work.map((work) => taskOf(facts, work, pauses, now));
  const { status, timeline, offers } = facts;
  const sending = facts.work.some(({ kind, deadAt }) => kind === "deliver" && deadAt === undefined);
  const stands = standing({ status, timeline, offers, sending });
  // What moves the case stands before what only tells of it.
  const stuck = tasks.find(({ kind, state }) => MOVES.has(kind) && (state === "dead" || state === "paused"));
  return {
    reference: facts.reference,
    status,
    erased: facts.erased,
    ...stands,
    ...(stuck === undefined
      ? {}
      : { waitsFor: WAITS_FOR[stuck.state === "dead" ? "dead" : "paused"], since: stuck.since }),
    who: stuck === undefined ? stands.who : "operator",
    ...nextOf(facts, counts),
    tasks,
  };
};

/** As the ledger has it. Who was erased is owed nothing any more. */
const nextOf = (facts: Facts, counts: Counts): Pick<Why, "next"> => {
  const { status, timeline, offers, work } = facts;
  const held = status === "held" ? timeline.findLast(({ body }) => body.type === "held") : undefined;
  const offer = offers.findLast((one) => !isClosed(one.status));
  const due = work
    .filter(({ kind, deadAt }) => (kind === "assess" || kind === "expire") && deadAt === undefined)
    .map((one) => one.due);
  const next = nextActionOf(
    {
      status,
      since: held?.at ?? timeline.at(-1)?.at ?? new Date(0),
      ...(held?.body.type === "held" ? { why: held.body.why } : {}),
      ...(offer === undefined ? {} : { holder: offer.assignedTo ?? offer.provider }),
      ...(offer?.due === undefined ? {} : { owes: offer.due }),
      ...(due[0] === undefined ? {} : { due: due.toSorted((a, b) => a.getTime() - b.getTime())[0] }),
      ...stuckSince(work),
    },
    counts,
  );
  return facts.erased || next === undefined ? {} : { next };
};

const stuckSince = (work: readonly Work[]): { stuck?: Date } => {
  const dead = work.find(({ kind, deadAt }) => STUCK.has(kind) && deadAt !== undefined)?.deadAt;
  return dead === undefined ? {} : { stuck: dead };
};

const STUCK: ReadonlySet<WorkKind> = new Set(["assess", "deliver", "knock", "follow", "chase", "expire"]);
const MOVES: ReadonlySet<WorkKind> = new Set(["assess", "deliver", "knock", "follow"]);
const WAITS_FOR = {
  dead: "A person must look at what was tried, and send it again or see to it by hand.",
  paused: "The end of a pause.",
};

// ---------------------------------------------------------------- what there is to do

const DOING: Record<WorkKind, string> = {
  assess: "Deciding where it goes",
  deliver: "Sending the offer",
  notify: "Telling the referrer",
  follow: "Looking into the service's own system",
  recall: "Asking the service to delete what it has of the person",
  rectify: "Telling the service what has changed",
  checkpoint: "Asking the service whether a job lasts",
  chase: "Watching the time that the service has",
  nudge: "Telling people that time is running out or has run out",
  knock: "Seeing whether the link in the letter was opened",
  ask: "Writing to the person for their answer",
  remind: "Reminding the referrer of what is missing",
  expire: "Ending the wait for what is missing",
  collect: "Emptying our MESH mailbox",
};

const taskOf = (facts: Facts, work: Work, pauses: readonly Pause[], now: Date): Task => {
  const { kind, subject, destination, due, attempt } = work;
  const base = { kind, destination, words: DOING[kind], attempts: attempt, ...lastOf(facts, kind, subject) };
  if (work.deadAt !== undefined) {
    const cause = work.cause ?? "";
    const last = { at: work.deadAt, cause, words: wordsOf(cause) };
    return { ...base, last, state: "dead", since: work.deadAt, who: "operator" };
  }
  const programme = facts.offers.find(({ id }) => id === subject)?.programme;
  const pause = pauseOn(pauses, { destination, programme }) ?? programmePause(work, pauses);
  if (pause !== undefined) return { ...base, state: "paused", since: pause.since, pause, who: "operator" };
  const breaker = facts.breakers.find((one) => one.destination === destination && one.until > now);
  if (breaker !== undefined && kind !== "assess") {
    const { since = work.madeAt, until } = breaker;
    const left = { ...(breaker.since === undefined ? {} : { since: breaker.since }), until };
    return { ...base, state: "left-alone", since, next: latest(due, until), breaker: left, who: "waymark" };
  }
  if (work.leased) return { ...base, state: "now", since: work.madeAt, who: "waymark" };
  return { ...base, state: due <= now ? "due" : "later", since: work.madeAt, next: due, who: "waymark" };
};

/** A decision that waits for a programme says so in its row; which one, only the decision knows. */
const programmePause = ({ cause }: Work, pauses: readonly Pause[]): Pause | undefined =>
  cause === "programme-paused" ? pauses.find(({ scope }) => scope.startsWith("programme:")) : undefined;

const lastOf = ({ attempts }: Facts, kind: WorkKind, subject: string): Pick<Task, "last"> => {
  const last = attempts.findLast((one) => one.kind === kind && one.subject === subject);
  return last?.cause === undefined ? {} : { last: { at: last.at, cause: last.cause, words: wordsOf(last.cause) } };
};

const latest = (one: Date, other: Date): Date => (one > other ? one : other);
