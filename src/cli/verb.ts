// The shape of an operator's verb: what it is given, and how it ends.
import type { Command } from "commander";
import type { Clients, Desk, Ids, Ledger } from "../ports.ts";

/** 0: it held. 1: it did not hold. 2: wrong use. */
export type Ending = { status: 0 | 1 | 2; text: string; json: unknown };

/** As `packs check` found a folder: where all holds, what there is; else every fault with its place. */
export type PackCheck = {
  ok: boolean;
  programmes: number;
  services: number;
  tests: number;
  faults: { file: string; line: number; column: number; path: string; reason: string }[];
};

/** What verbs work with. In embedded mode the running broker lends its own. */
export type Tools = {
  /** Opened when a verb first needs it: making keys and checking packs need no store. */
  store(): Promise<{ clients: Clients; ledger: Ledger; desk: Desk }>;
  ids: Ids;
  /** Only test clients may come in: there is no server underneath. */
  embedded: boolean;
  /** Applies what is missing and says what was applied. */
  migrate(): Promise<string[]>;
  checkPacks(folder: string): PackCheck;
  packsFolder: string;
};

/** What the caller's side is: relative paths are read from there. */
export type Caller = { cwd: string };

export type AddVerb = (program: Command, tools: Tools, caller: Caller, end: (ending: Ending) => void) => void;
