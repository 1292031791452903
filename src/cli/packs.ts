// waymark packs check, list, test, activate: rule packs read back to who wrote them, and brought into force.
import { resolve } from "node:path";
import { ActivationRequest } from "../../schemas/activation.ts";
import { PlainDate } from "../../schemas/text.ts";
import type { PackFault, PackLine, PackTrial } from "../ports/rulebook.ts";
import type { AddVerb, Ending } from "./verb.ts";

export const addPackVerbs: AddVerb = (program, tools, caller, end) => {
  const packs = program.command("packs").description("rule packs");
  packs
    .command("check")
    .description("check a folder of packs, run their tests, and prove that every clause and every area holds")
    .argument("[folder]", "the folder of this broker when left out")
    .action((folder?: string) => {
      const result = tools.checkPacks(folder === undefined ? tools.packsFolder : resolve(caller.cwd, folder));
      const text = result.ok
        ? [
            `${counted(result.programmes, "programme")}, ${counted(result.services, "service")}: all ${counted(result.tests, "test")} hold.`,
            ...result.notes.map((note) => `not proven: ${lineOf(note)}`),
          ]
        : result.faults.map(lineOf);
      end({ status: result.ok ? 0 : 1, text: text.join("\n"), json: result });
    });

  packs
    .command("list")
    .description("which versions are in force, to come, superseded or historic, and who brought them into force")
    .action(async () => {
      const lines = await (await tools.packs()).list();
      const text = lines.map(shown);
      end({ status: 0, text: text.length === 0 ? "No pack was ever active here." : text.join("\n"), json: lines });
    });

  packs
    .command("test")
    .description("run the tests of the packs in force, or of those that were")
    .option("--as-of <day>", "the packs in force on that day, with the directory as it was kept then")
    .action(async ({ asOf }: { asOf?: string }) => {
      const day = PlainDate.optional().safeParse(asOf);
      if (!day.success) return end(wrong("--as-of wants a day: YYYY-MM-DD."));
      end(tried(await (await tools.packs()).test(day.data)));
    });

  packs
    .command("activate")
    .description(
      "bring a version into force from today or a later day on; every broker on this store follows within a minute",
    )
    .argument("<file>", "the pack")
    .requiredOption("--from <day>", "the first day, in London: YYYY-MM-DD")
    .requiredOption("--by <name>", "who decides so")
    .action(async (file: string, options: object) => {
      const asked = ActivationRequest.safeParse(options);
      if (!asked.success)
        return end(wrong(asked.error.issues.map((one) => `--${one.path.join(".")}: ${one.message}`).join("\n")));
      const result = await (await tools.packs()).activate(resolve(caller.cwd, file), asked.data);
      switch (result.outcome) {
        case "faults":
          return end({ status: 1, text: result.faults.map(lineOf).join("\n"), json: result });
        case "refused":
          return end({ status: 1, text: result.words, json: result });
        case "activated": {
          const { programme, version, from } = result.line;
          return end({ status: 0, text: `${programme} version ${version} is in force from ${from} on.`, json: result });
        }
      }
    });
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

const lineOf = ({ file, line, column, path, reason }: PackFault): string =>
  `${file}:${line}:${column} ${path} ${reason}`;

const shown = ({ programme, version, stand, from, until, activatedAt, activatedBy, endedBy }: PackLine): string => {
  const ended = until === undefined ? "" : `, until ${until} by ${endedBy ?? ""}`;
  return `${programme}  ${version}  ${stand}  from ${from}${ended}  activated ${activatedAt.toISOString()} by ${activatedBy}`;
};

const tried = ({ day, packs }: PackTrial): Ending => {
  const failures = packs.flatMap(({ programme, version, failures: all }) =>
    all.map(({ test, why }) => `${programme} version ${version}, "${test}": ${why}`),
  );
  const tests = packs.reduce((sum, one) => sum + one.tests, 0);
  const text = failures.length === 0 ? [`${packs.length} packs of ${day}: all ${tests} tests hold.`] : failures;
  return { status: failures.length === 0 ? 0 : 1, text: text.join("\n"), json: { day, packs } };
};

const wrong = (text: string): Ending => ({ status: 2, text, json: { error: text } });
