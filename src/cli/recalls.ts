// waymark case withdraw, waymark recalls: a referral taken back by hand, and who still has to answer that it deleted.
import { Withdrawal } from "../../schemas/recall.ts";
import { read } from "../../schemas/faults.ts";
import { REASONS } from "../../schemas/reason.ts";
import type { RecallCount } from "../ports/desk.ts";
import { actingAs } from "./operator.ts";
import type { AddVerb } from "./verb.ts";

type Options = { reason: string; by?: string; text?: string };

/** So often told without an answer, somebody rings them. */
const RING_AFTER = 3;

export const addRecallVerbs: AddVerb = (program, tools, _caller, end) => {
  program.commands
    .find((one) => one.name() === "case")
    ?.command("withdraw")
    .description("take a referral back for the person: whoever holds their data is asked to delete it")
    .argument("<reference>", "WM-XXXX-XXXX or the id")
    .requiredOption("--reason <code>", "consent-withdrawn, person-declined, found-work, sent-in-error, …")
    .option("--by <name>", "who does it")
    .option("--text <words>", "what was said; sealed with the case")
    .action(async (reference: string, { reason, by, text }: Options) => {
      const asked = read(Withdrawal, { reason, text, by: "person" });
      if (!asked.ok) {
        const faults = asked.reasons.map((one) => `${one.path ?? ""}: ${REASONS[one.code].words}`).join("\n");
        return end({ status: 2, text: faults, json: { reference, withdrawn: false } });
      }
      const { desk, clients } = await tools.store();
      const acting = await actingAs(clients, by, "operate");
      if (!acting.ok) return end(acting.ending);
      const found = await desk.dossier(reference);
      const none = {
        status: 1 as const,
        text: `There is no referral ${reference}.`,
        json: { reference, found: false },
      };
      if (found === undefined) return end(none);
      const result = await tools.withdraw(found.journey.id, asked.value);
      const done = result.outcome === "recorded" || result.outcome === "repeated";
      end({
        status: done ? 0 : 1,
        text: WORDS[result.outcome].replace("{reference}", reference),
        json: { reference, withdrawn: done, outcome: result.outcome },
      });
    });

  program
    .command("recalls")
    .description("who was asked to delete what it holds and has not answered; with a reference, all of that referral")
    .argument("[reference]", "WM-XXXX-XXXX or the id")
    .action(async (reference: string | undefined) => {
      const { desk } = await tools.store();
      const rows = await desk.recalls(reference);
      const nothing = reference === undefined ? "Everybody has answered." : "Nobody was asked.";
      end({ status: 0, text: rows.length === 0 ? nothing : rows.map(lineOf).join("\n"), json: rows });
    });
};

const WORDS = {
  recorded: "Withdrawn: {reference}. Whoever holds it is told, and asked until they answer.",
  repeated: "{reference} was withdrawn before.",
  refused: "{reference} could not be withdrawn just now. Try again.",
  "not-found": "There is no referral {reference}.",
} as const;

const lineOf = ({ reference, provider, answerBy, told, answer, keptUntil }: RecallCount): string => {
  const ring = told >= RING_AFTER ? "  ring them" : "";
  const stands = answer === undefined ? `told ${told} times, answer by ${answerBy}${ring}` : answer;
  return `${reference}  ${provider}  ${stands}${keptUntil === undefined ? "" : ` until ${keptUntil}`}`;
};
