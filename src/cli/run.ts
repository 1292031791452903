// Runs one command line and catches what it prints, so that the broker can run it for a caller on its socket.
import { Command, CommanderError } from "commander";
import { addAdviceVerbs } from "./advice.ts";
import { addBackupVerbs } from "./backup.ts";
import { addCaseVerbs } from "./case.ts";
import { addClientVerbs } from "./clients.ts";
import { addAuditVerbs } from "./audit.ts";
import { addDeadLetterVerbs } from "./dead-letters.ts";
import { addJournalVerb } from "./journal.ts";
import { addReconcileVerb } from "./reconcile.ts";
import { addRegisterVerbs } from "./register.ts";
import { addCaseloadVerb } from "./caseload.ts";
import { addLedgerVerb } from "./ledger.ts";
import { addLetterVerbs } from "./letters.ts";
import { addMonitoringVerb } from "./monitoring.ts";
import { addStoreVerbs } from "./store.ts";
import { addPackVerbs } from "./packs.ts";
import { addPauseVerbs } from "./pause.ts";
import { addStatusVerb } from "./status.ts";
import { addRecallVerbs } from "./recalls.ts";
import { addTokenVerb } from "./token.ts";
import { addWhyVerb } from "./why.ts";
import type { Caller, Ending, Tools } from "./verb.ts";

const VERBS = [
  addStoreVerbs,
  addBackupVerbs,
  addClientVerbs,
  addRegisterVerbs,
  addAuditVerbs,
  addDeadLetterVerbs,
  addPackVerbs,
  addCaseVerbs,
  addAdviceVerbs,
  addRecallVerbs,
  addReconcileVerb,
  addJournalVerb,
  addPauseVerbs,
  addWhyVerb,
  addLedgerVerb,
  addCaseloadVerb,
  addMonitoringVerb,
  addStatusVerb,
  addLetterVerbs,
  addTokenVerb,
];

export type Printed = { status: number; out: string; err: string };

export const runVerb = async (argv: readonly string[], tools: Tools, caller: Caller): Promise<Printed> => {
  const printed = { out: "", err: "" };
  let ending: Ending | undefined;
  const program = new Command("waymark")
    .description("The referral broker. Without a verb it serves; with one it works for an operator.")
    .option("--json", "print JSON")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (printed.out += text),
      writeErr: (text) => (printed.err += text),
    });
  const end = (value: Ending): void => void (ending = value);
  for (const add of VERBS) add(program, tools, caller, end);
  inherit(program, program);

  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { status: error.exitCode === 0 ? 0 : 2, ...printed };
  }
  if (ending === undefined) return { status: 2, ...printed };
  const json = argv.includes("--json");
  printed.out += json ? `${JSON.stringify(ending.json, undefined, 2)}\n` : `${ending.text}\n`;
  return { status: ending.status, ...printed };
};

/** Every verb takes --json, answers --help, and throws instead of ending the process. */
const inherit = (command: Command, root: Command): void => {
  for (const child of command.commands) {
    child.copyInheritedSettings(root);
    if (child.commands.length === 0) child.option("--json", "print JSON");
    inherit(child, root);
  }
};
