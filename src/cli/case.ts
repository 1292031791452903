// waymark case show and replay, waymark person erase: one referral as an operator may see it, and the end of a person's data.
import { project } from "../core/project.ts";
import type { Dossier } from "../ports/desk.ts";
import { addReplay } from "./case-replay.ts";
import type { AddVerb, Ending } from "./verb.ts";

export const addCaseVerbs: AddVerb = (program, tools, _caller, end) => {
  const one = program.command("case").description("one referral");
  addReplay(one, tools, end);
  one
    .command("show")
    .description("what happened to it, what it waits for, and what was tried")
    .argument("<reference>", "WM-XXXX-XXXX or the id")
    .action(async (reference: string) => {
      const { desk } = await tools.store();
      const dossier = await desk.dossier(reference);
      if (dossier === undefined) return end(unknown(reference));
      const shown = { ...dossier, receipts: dossier.receipts.map((one) => project(one, OPERATOR)) };
      end({ status: 0, text: textOf(shown), json: shown });
    });

  program
    .command("person")
    .description("a person's data")
    .command("erase")
    .description(
      "take a referral's case back from all who hold it and destroy its key: codes and ids are left. This cannot be undone",
    )
    .argument("<reference>", "WM-XXXX-XXXX or the id")
    .requiredOption("--yes", "I mean it")
    .action(async (reference: string) => {
      const { desk, ledger } = await tools.store();
      const dossier = await desk.dossier(reference);
      if (dossier === undefined) return end(unknown(reference));
      const { caseId } = dossier.journey;
      // First of all, for a case without its key decides nothing any more: what is open would stay so, and its holders never hear.
      for (const referral of await desk.together(caseId)) {
        const { outcome } = await tools.withdraw(referral, ERASED);
        if (outcome === "refused") return end(busy(reference));
      }
      await ledger.forget(caseId);
      end({ status: 0, text: `Erased the person of ${reference}.`, json: { reference, erased: true } });
    });
};

/** UK GDPR, Article 19: whoever was given the person's data hears that it is erased. Why is told to nobody. */
const ERASED = { reason: "other", by: "person", text: "Erased." } as const;

const busy = (reference: string): Ending => ({
  status: 1,
  text: `${reference} could not be erased just now. Try again.`,
  json: { reference, erased: false },
});

/** Who looks after cases needs no more of a decision than this, also at the command line. */
const OPERATOR = { kind: "operator", organisation: "" } as const;

const unknown = (reference: string): Ending => ({
  status: 1,
  text: `There is no referral ${reference}.`,
  json: { reference, found: false },
});

const textOf = ({ journey, timeline, receipts, callbacks, work, attempts }: Dossier): string => {
  const at = (date: Date): string => date.toISOString();
  return [
    `${journey.reference}  ${journey.status}  through the ${journey.door} door, from ${journey.organisation}`,
    ...timeline.map((event) => `  ${at(event.at)}  ${event.sequence}. ${event.body.type}`),
    ...receipts.map(({ words, duty }) => `  decided: ${words}${duty === undefined ? "" : ` ${duty.words}`}`),
    ...callbacks.map((callback) => `  told: ${callback.type} (${callback.state})`),
    ...work.map((row) => {
      const waits = row.deadAt === undefined ? `due ${at(row.due)}` : `waits for a person since ${at(row.deadAt)}`;
      return `  to do: ${row.kind} for ${row.destination}, ${waits}, attempt ${row.attempt} ${row.cause ?? ""}`.trimEnd();
    }),
    ...attempts.map((row) =>
      `  tried: ${row.kind} ${at(row.at)} ${row.result} ${row.outcome ?? ""} ${row.cause ?? ""}`.trimEnd(),
    ),
  ].join("\n");
};
