// Rules and directory in force.
import type { Activation, ActivationRequest } from "../../schemas/activation.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory } from "../../schemas/provider.ts";

export type Rulebook = {
  /** Programmes in force on a day, each with its digest. */
  inForce(on: Date): { programme: Programme; digest: string }[];
  directory(): Directory;
  /** Of the directory as it is now. */
  directoryDigest(): string;
  /** All that was loaded, whether in force or not. */
  bodies(): Bodies;
};

/** Which versions of packs came into force, when and by whom. */
export type PackRegister = {
  lines(): Promise<Activation[]>;
  /** Another text after every change: cheap to ask for, so that every process hears of a change within a minute. */
  mark(): Promise<string>;
  /** Shows the lines to a pure judge and writes what it says in the same transaction; two changes never run at one time. */
  change<T>(by: string, judge: (lines: Activation[]) => { answer: T; change?: RegisterChange }): Promise<T>;
};
export type RegisterChange = {
  begin: Pick<Activation, "programme" | "version" | "digest" | "from">[];
  end: { id: string; until: string }[];
};

/** A line of the register as an operator reads it. */
export type PackLine = Activation & { stand: "in force" | "future" | "superseded" | "historic" };
export type PackFault = { file: string; line: number; column: number; path: string; reason: string };
export type PackTrial = {
  day: string;
  packs: { programme: string; version: number; tests: number; failures: { test: string; why: string }[] }[];
};

/** What operators do with packs beside checking their files. */
export type PackDesk = {
  list(): Promise<PackLine[]>;
  /** Runs the cases of the packs in force on a day, today unless said, with the directory as it was kept then. */
  test(day?: string): Promise<PackTrial>;
  /** `faults`: of the file. `refused`: in words, why this version may not come into force then. */
  activate(
    file: string,
    request: ActivationRequest,
  ): Promise<
    | { outcome: "activated"; line: Pick<PackLine, "programme" | "version" | "digest" | "from"> }
    | { outcome: "faults"; faults: PackFault[] }
    | { outcome: "refused"; words: string }
  >;
};

/** Rules and directory whole, by the digests that receipts name (SHA-256 of the canonical form). */
export type Bodies = {
  packs: { programme: Programme; digest: string }[];
  directory: { directory: Directory; digest: string };
};

/** Packs and directories as they were, for as long as receipts live. */
export type Archive = {
  /** Keeps what is not there yet, and says how many that were. */
  keep(bodies: Bodies): Promise<number>;
  /** Undefined: never kept, altered since, or in a form that this program does not read. */
  pack(digest: string): Promise<Programme | undefined>;
  directory(digest: string): Promise<Directory | undefined>;
  /** The newest directory that was kept on that day or before it. */
  directoryOn(day: string): Promise<Directory | undefined>;
};
