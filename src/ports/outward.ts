// What goes out.
import type { Callback, RenderedCallback } from "../../schemas/callback.ts";
import type { Cause } from "../../schemas/cause.ts";
import type { Client } from "../../schemas/client.ts";
import type { Task } from "../../schemas/foreign/fhir/task.ts";
import type { Letter, LetterTo, LetterWay } from "../../schemas/letter.ts";
import type { Sighting } from "../../schemas/reconcile.ts";
import type { CheckpointWeek, OutcomeReport } from "../../schemas/outcome-report.ts";
import type { Answer, Offer, OfferDetail, OfferPreview } from "../../schemas/offer.ts";
import type { Word } from "../../schemas/progress.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";

export type OfferMessage = { offer: Offer; reference: string; preview: OfferPreview };

/** `id` is the same for every attempt. */
export type WordMessage = { id: string; offer: Offer; reference: string; word: Word };

/**
 * What a provider hears of an offer after it was made. `id` is one for all attempts to tell it this time. `recalled`: it is to
 * delete what it has, and say so by `answerBy`. `changed`: what it was given reads differently now; names of fields, and what
 * it may see now. `checkpoint`: does the job last?
 */
export type Notice = { id: string; at: Date; offer: Offer; reference: string } & (
  | { kind: "recalled"; time: number; answerBy: string }
  | { kind: "changed"; fields: string[]; detail: OfferDetail }
  | { kind: "checkpoint"; week: CheckpointWeek; due: string }
);

/**
 * One way to reach a provider. `idempotent` says whether a lost answer may be followed by a second send. Where it may
 * not, the intent stands in the store before each send; one that is found open becomes `unknown`, a person's task.
 */
export type Transport = {
  name: string;
  idempotent: boolean;
  /** Why this provider cannot be reached by it as things stand; then nothing is sent. */
  lacks?(to: Client): Cause | undefined;
  send(message: OfferMessage, to: Client): Promise<AttemptOutcome>;
  /** Telling twice harms nobody: the receiver knows the id again. */
  tell(notice: Notice, to: Client): Promise<AttemptOutcome>;
  /**
   * Looks where the provider keeps it: takes in what it says there, and takes the offer back there once it was recalled.
   * `accepted` says that the look went well. Absent where the provider comes to us.
   */
  follow?(offer: Offer, to: Client): Promise<AttemptOutcome>;
  /** How the offer stands at the provider, looked at and nothing more. Absent where it cannot be asked. */
  stands?(offer: Offer, to: Client): Promise<Sighting>;
  /** Reminds of an offer, or says that its time has run out. Absent where there is no way to say it. */
  say?(message: WordMessage, to: Client): Promise<AttemptOutcome>;
  /** Of a send that was cut off: true where it arrived, false where it did not and may go again, undefined where nobody knows. */
  arrived?(message: OfferMessage, to: Client): Promise<boolean | undefined>;
};

export type FoundTask = { id: string; version?: string; task: Task; resource: Record<string, unknown> };

/** How an offer looks as a FHIR Task, and what a Task says of it. The FHIR door knows; a transport is given it. */
export type TaskForm = {
  /** `system|offer`: by this the Task is found again. */
  identifier(offer: string): string;
  render(message: OfferMessage, publicUrl: string): object;
  /** The Tasks of this offer in what a search answered; undefined where that is no answer to a search. */
  find(answer: unknown, offer: string): FoundTask[] | undefined;
  moves(found: FoundTask, offer: Pick<Offer, "status" | "onHold" | "progress">): TaskMoves;
  isClosed(found: FoundTask): boolean;
  cancelled(found: FoundTask, now: Date): object;
  /** With a note of ours. It stands once: a later one takes its place. */
  noted(found: FoundTask, words: string, now: Date): object;
  /** That note stands there already. */
  says(found: FoundTask, words: string): boolean;
  /** With the question whether a job lasts. */
  asked(found: FoundTask, about: { week: CheckpointWeek; due: string }, now: Date): object;
  /** What it answers to that. */
  reports(found: FoundTask): OutcomeReport[];
};

/** `behind`: the offer has gone past it. `silent`: it says nothing of the offer. */
export type TaskMoves = { kind: "steps"; answers: Answer[] } | { kind: "same" | "behind" | "silent" };

/** Letters to people, by e-mail or text message. Nothing in them is about anyone. */
export type Letters = {
  /** Whether letters can leave by this way at all, as this broker is set up. */
  carries(by: LetterWay): boolean;
  /** Whether it can be asked, before a second send, what became of the first. */
  idempotent(by: LetterWay): boolean;
  send(letter: Letter, to: LetterTo): Promise<AttemptOutcome>;
  /** What became of a letter sent before under this id. `none` may be sent, `unsure` cannot be told. */
  fate(id: string, by: LetterWay): Promise<"none" | "taken" | "undeliverable" | "unsure">;
};

/** A piece of news on its way. */
export type News = Callback & { number?: number };

export type Messenger = { send(callback: News, to: Client): Promise<AttemptOutcome> };

export type RenderCallback = (callback: News, to: Client) => RenderedCallback;

/** How news looks as a Task in a GP's own FHIR server, and what stands there of it. The FHIR door knows. */
export type NewsForm = {
  /** `system|value` of the one Task for this referral. */
  identifier(callback: News): string;
  render(callback: News, to: Client): object;
  /** The Tasks for this referral in what a search answered; undefined where that is no answer to a search. */
  find(answer: unknown, callback: News): (FoundTask & { tells: "older" | "this-or-newer" })[] | undefined;
};

/** Which way a provider is reached, from its registration: a transport, the queue that it pulls from, or none that is set up. */
export type Transports = { to(provider: Client): Transport | "pull" | undefined };
