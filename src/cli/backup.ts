// waymark backup and restore: the store as one file, and a store made from one.
import { resolve } from "node:path";
import { z } from "zod";
import { text } from "../../schemas/text.ts";
import type { AddVerb } from "./verb.ts";

const Name = text(80);

export const addBackupVerbs: AddVerb = (program, tools, caller, end) => {
  program
    .command("backup")
    .description("the store as one file, as it is at this moment; the keys are not in it")
    .requiredOption("--out <file>", "a file that is not there yet")
    .action(async ({ out }: { out: string }) => {
      const fault = await tools.backUp(resolve(caller.cwd, out));
      end(
        fault === undefined
          ? { status: 0, text: `Backed up to ${out}. Keep the keys apart from it.`, json: { out, backedUp: true } }
          : { status: 1, text: `Not backed up: ${fault}.`, json: { out, backedUp: false, because: fault } },
      );
    });

  program
    .command("restore")
    .description("make the store from a backup; it starts in quarantine, until `waymark reconcile`")
    .requiredOption("--from <file>", "as `waymark backup` made it")
    .requiredOption("--by <name>", "who does it")
    .option("--force", "although there is a store: an embedded one is put aside, one on a server is dropped")
    .action(async ({ from, by, force }: { from: string; by: string; force?: true }) => {
      const name = Name.safeParse(by);
      if (!name.success) return end({ status: 2, text: z.prettifyError(name.error), json: { error: "--by" } });
      const fault = await tools.restore({ from: resolve(caller.cwd, from), by: name.data, force: force === true });
      const next = "It starts in quarantine: start it, then look with `waymark reconcile --dry-run`.";
      end(
        fault === undefined
          ? { status: 0, text: `Restored from ${from}. ${next}`, json: { from, restored: true } }
          : { status: 1, text: `Not restored: ${fault}.`, json: { from, restored: false, because: fault } },
      );
    });
};
