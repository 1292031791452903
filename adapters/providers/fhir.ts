// Puts an offer as a Task into its provider's own FHIR R4 server, reads there what became of it, and takes it back.
import { isTakenBack } from "../../src/core/lifecycle.ts";
import { wordNoted } from "../../src/core/word.ts";
import type { Client, Reach } from "../../schemas/client.ts";
import type { Offer } from "../../schemas/offer.ts";
import { REASONS, type Reason } from "../../schemas/reason.ts";
import type { OutcomeReport } from "../../schemas/outcome-report.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";
import type { FoundTask, Notice, TaskForm, Transport } from "../../src/ports/outward.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Clock } from "../../src/ports/system.ts";
import { readJson } from "../http/json.ts";
import type { Log } from "../log.ts";
import type { Fhir, Reply } from "../outbound/fhir.ts";
import { outcomeOf } from "../outbound/outcome.ts";
import type { Login } from "../outbound/tokens.ts";
import type { Subscriptions } from "./fhir-subscription.ts";

type FhirReach = Extract<Reach, { by: "fhir" }>;
type Options = {
  fhir: Fhir;
  form: TaskForm;
  subscriptions: Subscriptions;
  /** What its Task says is an answer like any other, given by the provider itself. */
  answer: Steps["answer"];
  /** And so is what it says of a job that lasts. */
  report: Steps["reportOutcome"];
  clock: Clock;
  /** One line for each thing that a Task there says of its offer. */
  log?: Pick<Log, "info">;
  /** Root of our own links, without a slash at the end. */
  publicUrl: string;
};

export const loginOf = ({ base, clientId, tokenUrl, answers }: FhirReach): Login => ({
  base,
  clientId,
  tokenUrl,
  scope: answers === "poll" ? "system/Task.crus" : "system/Task.crus system/Subscription.crus",
});

type Question = Extract<Notice, { kind: "checkpoint" }>;

const CHANGED = "what you were given has changed. Read the ServiceRequest again.";

/** The receiver's own id for it, from where it says that it stands (R4, http, create). */
const theirsIn = (reply: Reply): string | undefined =>
  reply.kind === "answer" ? /\bTask\/([A-Za-z0-9.-]{1,64})/.exec(reply.headers["location"] ?? "")?.[1] : undefined;

type Taken = { outcome: string; reasons?: readonly Reason[] };
const codesOf = ({ outcome, reasons }: Taken) => ({ outcome, reasons: reasons?.map(({ code }) => code) });

export const createFhirTransport = (options: Options): Transport => {
  const { fhir, form, subscriptions, answer, report, clock, log, publicUrl } = options;
  const outcome = (reply: Reply): AttemptOutcome => outcomeOf(reply, { now: clock.now(), idempotent: true });

  const heard = ({ id }: Offer, to: Client, said: object): void =>
    log?.info({ offer: id, client: to.id, way: "fhir", ...said }, "task");

  /** The one Task of this offer, or what stands instead of it. */
  const look = async (offer: Offer, login: Login): Promise<FoundTask | AttemptOutcome> => {
    const searchParams = { identifier: form.identifier(offer.id), _count: 2 };
    const reply = await fhir.ask(login, (kit) => kit.resourceSearch({ resourceType: "Task", searchParams }));
    const came = outcome(reply);
    if (reply.kind === "failed" || came.kind !== "accepted") return came;
    const json = readJson(Buffer.from(reply.body, "utf8"));
    const found = json.ok ? form.find(json.value, offer.id) : undefined;
    if (found === undefined) return { kind: "unavailable", cause: "answer-unreadable", status: reply.status };
    const [task, ...more] = found;
    if (task === undefined) return { kind: "unavailable", cause: "task-missing", status: reply.status };
    return more.length > 0 ? { kind: "refused", cause: "several-tasks", status: reply.status } : task;
  };

  /** Theirs to close as they like; only what they still have open is ours to take back. */
  const takeBack = (found: FoundTask, login: Login): Promise<AttemptOutcome> =>
    form.isClosed(found)
      ? Promise.resolve({ kind: "accepted", status: 200 })
      : put(found, form.cancelled(found, clock.now()), login);

  const note = (found: FoundTask, words: string, login: Login): Promise<AttemptOutcome> =>
    put(found, form.noted(found, words, clock.now()), login);

  /** What stands against a step that it says was taken. The next look begins from where the offer then stands. */
  const takeAnswers = async (found: FoundTask, offer: Offer, to: Client): Promise<readonly Reason[]> => {
    const moves = form.moves(found, offer);
    if (moves.kind === "behind") heard(offer, to, { outcome: moves.kind });
    for (const one of moves.kind === "steps" ? moves.answers : []) {
      const result = await answer(to, offer.id, one);
      heard(offer, to, { verb: one.verb, ...codesOf(result) });
      if (result.outcome === "refused") return result.reasons;
      if (result.outcome === "not-found") break;
    }
    return [];
  };

  /** It says something that does not hold: it reads there why not, once. What only came too late needs no words. */
  const refusedThere = (found: FoundTask, reasons: readonly Reason[], login: Login): Promise<AttemptOutcome> => {
    const words = `this was not taken: ${reasons.map(({ code }) => REASONS[code].words).join(" ")}`;
    const late = reasons.every(({ code }) => REASONS[code].status !== 422 && REASONS[code].status !== 400);
    return late || form.says(found, words)
      ? Promise.resolve({ kind: "accepted", status: 200 })
      : note(found, words, login);
  };

  /** What it says of weeks of a job. What was said before, or does not hold, changes nothing. */
  const takeReports = async (found: FoundTask, offer: Offer, to: Client): Promise<OutcomeReport[]> => {
    const all = form.reports(found);
    for (const one of all) {
      const result = await report(to, offer.id, one);
      // An output stays where it is: at every look it says again what it said.
      if (result.outcome !== "repeated") heard(offer, to, { verb: "outcome", what: one.what, ...codesOf(result) });
    }
    return all;
  };

  /** It may have answered there already, since nobody looks any more at help that has ended. */
  const ask = async (found: FoundTask, notice: Question, to: Client, login: Login): Promise<AttemptOutcome> => {
    const said = await takeReports(found, notice.offer, to);
    const answered = said.some((one) => one.what === "checkpoint" && one.week === notice.week);
    return answered ? { kind: "accepted", status: 200 } : put(found, form.asked(found, notice, clock.now()), login);
  };

  const put = async (found: FoundTask, resource: object, login: Login): Promise<AttemptOutcome> => {
    const body = resource as { resourceType: string };
    // Whoever moved it meanwhile moved it first: it is read again, and then changed.
    const headers: Record<string, string> = found.version === undefined ? {} : { "if-match": `W/"${found.version}"` };
    const { id } = found;
    return outcome(
      await fhir.ask(login, (kit) => kit.update({ resourceType: "Task", id, body, options: { headers } })),
    );
  };

  return {
    name: "fhir",
    // A conditional create (R4, http, 3.1.0.8.1): a second one finds the first and changes nothing in it, whereas an
    // update under an id of ours would set back what the provider has done with it meanwhile, where it may at all.
    idempotent: true,

    async send(message, to) {
      if (to.reach?.by !== "fhir") return { kind: "refused", cause: "no-address" };
      const headers = {
        "if-none-exist": `identifier=${form.identifier(message.offer.id)}`,
        prefer: "return=minimal",
      };
      const body = form.render(message, publicUrl) as { resourceType: string };
      const reply = await fhir.ask(loginOf(to.reach), (kit) =>
        kit.create({ resourceType: "Task", body, options: { headers } }),
      );
      // 412: several match. None of them is the offer that we know of.
      if (reply.kind === "answer" && reply.status === 412)
        return { kind: "refused", cause: "several-tasks", status: 412 };
      const came = outcome(reply);
      const theirs = theirsIn(reply);
      return came.kind === "accepted" && theirs !== undefined ? { ...came, theirs } : came;
    },

    async tell(notice, to) {
      if (to.reach?.by !== "fhir") return { kind: "refused", cause: "no-address" };
      const { kind, offer } = notice;
      const login = loginOf(to.reach);
      const found = await look(offer, login);
      // Where it was never put there is nothing to take back, and nobody who would read what changed.
      const missing = "kind" in found && found.kind === "unavailable" && found.cause === "task-missing";
      if (missing && kind !== "checkpoint") return { kind: "accepted", status: 200 };
      if ("kind" in found) return found;
      if (kind === "checkpoint") return ask(found, notice, to, login);
      return kind === "recalled" ? takeBack(found, login) : note(found, CHANGED, login);
    },

    async say({ offer, word }, to) {
      if (to.reach?.by !== "fhir") return { kind: "refused", cause: "no-address" };
      const login = loginOf(to.reach);
      const found = await look(offer, login);
      if ("kind" in found) return found;
      // It has said so there: the next look takes it in.
      if (form.isClosed(found)) return { kind: "accepted", status: 200 };
      return note(found, wordNoted(word), login);
    },

    async stands(offer, to) {
      if (to.reach?.by !== "fhir") return { kind: "away", outcome: { kind: "refused", cause: "no-address" } };
      const found = await look(offer, loginOf(to.reach));
      if (!("kind" in found)) {
        const moves = form.moves(found, offer);
        return moves.kind === "behind"
          ? { kind: "behind" }
          : { kind: "there", answers: moves.kind === "steps" ? moves.answers : [] };
      }
      if (found.kind === "unavailable" && found.cause === "task-missing") return { kind: "absent" };
      return found.kind === "refused" && found.cause === "several-tasks"
        ? { kind: "unclear" }
        : { kind: "away", outcome: found };
    },

    async follow(offer, to) {
      if (to.reach?.by !== "fhir") return { kind: "refused", cause: "no-address" };
      const login = loginOf(to.reach);
      if (to.reach.answers === "subscription") await subscriptions.keep(to, login);
      const found = await look(offer, login);
      // Where it was never put there is nothing to take back.
      const nothing = "kind" in found && found.kind === "unavailable" && found.cause === "task-missing";
      if (nothing && isTakenBack(offer.status)) return { kind: "accepted", status: 200 };
      if ("kind" in found) return found;
      if (isTakenBack(offer.status)) return takeBack(found, login);
      const against = await takeAnswers(found, offer, to);
      await takeReports(found, offer, to);
      return against.length === 0 ? { kind: "accepted", status: 200 } : refusedThere(found, against, login);
    },
  };
};
