// A FHIR Task tells an offer's story in its own words: from its status to the steps that it says were taken.
import type { Answer, OfferStatus } from "../../schemas/offer.ts";
import type { TaskStatus } from "../../schemas/foreign/fhir/task.ts";
import type { ContactOutcome, ContactWay, Milestone, Progress } from "../../schemas/progress.ts";
import type { PlainDate } from "../../schemas/text.ts";
import { DeclineReason, EndReason } from "../../schemas/reason.ts";
import { isClosed, nextOffer } from "./lifecycle.ts";
import { NO_REASON_GIVEN } from "./words/outcome.ts";

/** A placement with an employer has no words in a Task; an attempt at contact and a plan have no status, and stand beside it. */
type Verb = Exclude<Answer["verb"], "place" | "contact" | "milestone">;

/** How an offer looks as a Task, unless the help rests. */
export const TASK_STATUS: Record<OfferStatus, TaskStatus> = {
  sent: "requested",
  acknowledged: "received",
  accepted: "accepted",
  started: "in-progress",
  declined: "rejected",
  ended: "completed",
  recalled: "cancelled",
  lapsed: "cancelled",
};

export const taskStatusOf = ({
  status,
  onHold,
}: {
  status: OfferStatus;
  onHold?: object | true | undefined;
}): TaskStatus => (onHold === undefined ? TASK_STATUS[status] : "on-hold");

/** What a Task says of itself. `reason` is a code of ours where it names one. */
export type Said = {
  status: TaskStatus;
  reason?: string;
  text?: string;
  start?: string;
  end?: string;
  progress?: ToldProgress;
  /** The last day of a rest. */
  until?: PlainDate;
};
/** Without a day it is said as of now, and said again it is nothing new. */
export type ToldProgress =
  | { kind: "contact"; outcome: ContactOutcome; way: ContactWay; on?: PlainDate; text?: string }
  | { kind: "milestone"; milestone: Milestone; on?: PlainDate };

/**
 * The steps that lead to each status, in their order. Whoever looks now and then may have missed some of them.
 * `draft` says nothing of an offer; `on-hold` nothing before it was taken; `requested` is where it began.
 */
const PATHS: Record<TaskStatus, readonly Verb[] | undefined> = {
  draft: undefined,
  "on-hold": ["hold"],
  requested: [],
  received: ["acknowledge"],
  ready: ["acknowledge"],
  accepted: ["accept"],
  "in-progress": ["accept", "start"],
  completed: ["accept", "start", "end"],
  rejected: ["decline"],
  // Before acceptance these are a no; after it, an end.
  failed: ["decline"],
  cancelled: ["decline"],
  "entered-in-error": ["decline"],
};

/** `behind`: the offer has gone past it, or another way; nothing ever moves back. `silent`: it says nothing of the offer. */
export type Moves = { kind: "steps"; answers: Answer[] } | { kind: "same" } | { kind: "behind" } | { kind: "silent" };

/** How the offer stands, as far as a Task may say something new of it. */
export type Standing = {
  status: OfferStatus;
  onHold?: { until?: PlainDate } | undefined;
  progress?: Progress | undefined;
};

/** What is told beside the status goes before a start or an end: they may be refused, and it happened all the same. */
export const movesOf = (standing: Standing, said: Said): Moves => {
  const byStatus = statusMoves(standing, said);
  const steps = byStatus.kind === "steps" ? byStatus.answers : [];
  const told = progressStep(standing, said);
  if (told === undefined || byStatus.kind === "silent") return byStatus;
  const taken = steps.some(({ verb }) => verb === "accept") || TAKEN.has(standing.status);
  if (!taken) return byStatus;
  const at = steps.findLastIndex(({ verb }) => verb === "accept" || verb === "resume") + 1;
  return { kind: "steps", answers: [...steps.slice(0, at), told, ...steps.slice(at)] };
};

const TAKEN: ReadonlySet<OfferStatus> = new Set(["accepted", "started"]);

/** Undefined where it is what was told last. */
const progressStep = ({ progress }: Standing, { progress: said }: Said): Answer | undefined => {
  if (said === undefined || (progress !== undefined && isSame(said, progress))) return undefined;
  if (said.kind === "milestone") return { verb: "milestone", milestone: said.milestone, ...on(said.on) };
  const { outcome, way, text } = said;
  return { verb: "contact", outcome, way, ...on(said.on), ...inWords(text) };
};

const isSame = (said: ToldProgress, last: Progress): boolean => {
  if (said.on !== undefined && said.on !== last.on) return false;
  if (said.kind === "milestone") return last.kind === "milestone" && said.milestone === last.milestone;
  return last.kind === "contact" && said.outcome === last.outcome && said.way === last.way;
};

const statusMoves = ({ status, onHold }: Standing, said: Said): Moves => {
  const path = PATHS[said.status];
  const held = onHold !== undefined;
  // The rest lasts longer, or less long, than was said before.
  if (held && said.status === "on-hold" && said.until !== undefined && said.until !== onHold.until)
    return { kind: "steps", answers: [answerOf("hold", said)] };
  if (path === undefined || (said.status === "on-hold" && ASKED.has(status))) return { kind: "silent" };
  if (
    said.status === (held ? "on-hold" : TASK_STATUS[status]) ||
    (said.status === "ready" && status === "acknowledged")
  )
    return { kind: "same" };
  const closes = path[0] === "decline";
  if (closes && isClosed(status)) return { kind: "same" };
  const goesOn = held && GOES_ON[status] === said.status ? (["resume"] as const) : [];
  const verbs = walk(status, closes && nextOffer(status, "decline") === undefined ? ["end"] : [...goesOn, ...path]);
  return verbs.length === 0
    ? { kind: "behind" }
    : { kind: "steps", answers: verbs.map((verb) => answerOf(verb, said)) };
};

const ASKED: ReadonlySet<OfferStatus> = new Set(["sent", "acknowledged"]);
/** Said of help that rests: it goes on from where it was. */
const GOES_ON: Partial<Record<OfferStatus, TaskStatus>> = { accepted: "accepted", started: "in-progress" };

const walk = (from: OfferStatus, path: readonly Verb[]): Verb[] => {
  let at = from;
  return path.filter((verb) => {
    const next = nextOffer(at, verb);
    at = next ?? at;
    return next !== undefined;
  });
};

const MOST_WORDS = 1000;
/** Cut between the halves of a character the rest would be no text. */
const cut = (text: string): string => text.slice(0, MOST_WORDS).toWellFormed();
/** What is blank says nothing. */
const inWords = (text: string | undefined): { text?: string } => {
  const said = cut(text?.trim() ?? "");
  return said === "" ? {} : { text: said };
};

/** Every no has a coded reason; what is said in words alone is `other`. */
const why = <Code extends string>(known: Code | undefined, { text }: Said) => {
  const code = known ?? ("other" as const);
  return { reason: code, ...(code === "other" ? { text: NO_REASON_GIVEN } : {}), ...inWords(text) };
};

const on = (day: string | undefined) => (day === undefined ? {} : { on: day });

const answerOf = (verb: Verb, said: Said): Answer => {
  switch (verb) {
    case "decline":
      return { verb, ...why(DeclineReason.safeParse(said.reason).data, said) };
    case "start":
      return { verb, ...on(said.start) };
    case "end": {
      const known = EndReason.safeParse(said.reason).data;
      return { verb, ...why(known ?? (said.status === "completed" ? "completed" : undefined), said), ...on(said.end) };
    }
    case "hold": {
      const { until, text } = said;
      return { verb, ...(until === undefined ? {} : { until }), ...inWords(text) };
    }
    default:
      return { verb };
  }
};
