// The shape of an operator's verb: what it is given, and how it ends.
import type { Command } from "commander";
import type { OverrideRequest } from "../../schemas/case.ts";
import type { ReconcileAsked, ReconcileReport } from "../../schemas/reconcile.ts";
import type { Withdrawal } from "../../schemas/recall.ts";
import type { Clients, Register } from "../ports/clients.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import type { Desk, Replay } from "../ports/desk.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { NumberCheck } from "../ports/links.ts";
import type { Letters } from "../ports/outward.ts";
import type { Pauses } from "../ports/pauses.ts";
import type { PackDesk, PackFault } from "../ports/rulebook.ts";
import type { Move, Recorded } from "../ports/steps.ts";
import type { Ids } from "../ports/system.ts";
import type { AuditCheck } from "../views/audit-check.ts";
import type { LedgerView } from "../views/ledger.ts";

import type { WhyShown } from "../views/why.ts";
import type { Status } from "../views/status.ts";

/** 0: it held. 1: it did not hold. 2: wrong use. */
export type Ending = { status: 0 | 1 | 2; text: string; json: unknown };

/** As `packs check` found a folder: where all holds, what there is; else every fault with its place. */
export type PackCheck = {
  ok: boolean;
  programmes: number;
  services: number;
  tests: number;
  faults: PackFault[];
  /** Where nothing could be proven: said, and no reason to refuse. */
  notes: PackFault[];
};

/** What verbs work with. In embedded mode the running broker lends its own. */
export type Tools = {
  /** Opened when a verb first needs it: making keys and checking packs need no store. */
  store(): Promise<{
    clients: Clients;
    register: Register;
    deadLetters: DeadLetters;
    ledger: Ledger;
    desk: Desk;
    pauses: Pauses;
  }>;
  /** Ids of the programmes in force. */
  programmes(): Promise<string[]>;
  /** What holds a referral up. */
  why(reference: string): Promise<WhyShown | undefined>;
  /** Moves one offer to another service. */
  move(): Promise<Move>;
  /** What is lost or silent. */
  ledger(): Promise<LedgerView>;
  /** What is stuck in all. */
  status(): Promise<Status>;
  replay(): Promise<Replay>;
  /** How many gave each answer for equality monitoring; without a number where they are fewer than `fewest`. */
  monitoring(test: boolean): Promise<{
    counts: { question: string; answer: string; people?: number | undefined }[];
    fewest: number;
  }>;
  /** A decision of the commissioner's own people, such as taking a recommendation up. */
  override(referral: string, request: OverrideRequest): Promise<Recorded>;
  /** Taken back by an operator, for the person. */
  withdraw(referral: string, withdrawal: Withdrawal): Promise<Recorded>;
  /** Whether the audit still says what was done. */
  checkAudit(): Promise<AuditCheck>;
  /** Why it was not done; undefined where it was. */
  backUp(out: string): Promise<string | undefined>;
  restore(asked: { from: string; by: string; force: boolean }): Promise<string | undefined>;
  /** Ends a quarantine, or says what it would take. */
  reconcile(asked: ReconcileAsked): Promise<ReconcileReport | "none" | "busy">;
  /** `set`: WAYMARK_JOURNAL names one, which would be begun again at once. */
  giveUpJournal(deed: { by: string; reason: string }): Promise<"given-up" | "none" | "quarantined" | "set">;
  /** Employers of the programmes in force, with what they pledged. */
  employers(): Promise<{ programme: string; employer: string; name: string; pledged: number }[]>;
  ids: Ids;
  /** Nothing may leave: `waymark reconcile` has not been run. */
  quarantined(): Promise<boolean>;
  /** Letters as the settings have them, for as long as `use` takes. */
  letters<T>(use: (letters: Letters) => Promise<T>): Promise<T>;
  numbers<T>(use: (numbers: NumberCheck) => Promise<T>): Promise<T>;
  /** Only test clients may come in: there is no server underneath. */
  embedded: boolean;
  /** Applies what is missing and says what was applied. */
  migrate(): Promise<string[]>;
  checkPacks(folder: string): PackCheck;
  packsFolder: string;
  packs(): Promise<PackDesk>;
};

/** What the caller's side is: relative paths are read from there. */
export type Caller = { cwd: string };

export type AddVerb = (program: Command, tools: Tools, caller: Caller, end: (ending: Ending) => void) => void;
