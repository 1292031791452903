// waymark packs check: reads rule packs back to who wrote them, with line and column for every fault.
import { resolve } from "node:path";
import type { AddVerb } from "./verb.ts";

export const addPackVerbs: AddVerb = (program, tools, caller, end) => {
  const packs = program.command("packs").description("rule packs");
  packs
    .command("check")
    .description("check a folder of packs and run their tests")
    .argument("[folder]", "the packs in force when left out")
    .action((folder?: string) => {
      const result = tools.checkPacks(folder === undefined ? tools.packsFolder : resolve(caller.cwd, folder));
      const text = result.ok
        ? [`${result.programmes} programmes, ${result.services} services: all ${result.tests} tests hold.`]
        : result.faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.path} ${fault.reason}`);
      end({ status: result.ok ? 0 : 1, text: text.join("\n"), json: result });
    });
};
