// waymark case replay: decisions made again from what was kept, by today's program. Any that comes out otherwise ends with 1.
import type { Command } from "commander";
import { z } from "zod";
import { Uuid } from "../../schemas/ids.ts";
import { Instant, PlainDate } from "../../schemas/text.ts";
import type { ReplayReport } from "../ports/desk.ts";
import type { Ending, Tools } from "./verb.ts";

const Moment = z.union([
  PlainDate.transform((day) => new Date(`${day}T00:00:00Z`)),
  Instant.transform((at) => new Date(at)),
]);

const Options = z.object({
  all: z.boolean().default(false),
  since: Moment.optional(),
  until: Moment.optional(),
  after: Uuid.optional(),
  limit: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
});

export const addReplay = (parent: Command, tools: Tools, end: (ending: Ending) => void): void => {
  parent
    .command("replay")
    .description("make a decision again from what was kept of it, and say whether it comes out the same")
    .argument("[reference]", "WM-XXXX-XXXX or the id")
    .option("--all", "every decision, oldest first")
    .option("--since <day>", "with --all: decided on this day (UTC) or at this time, or later")
    .option("--until <day>", "with --all: decided before this day or time")
    .option("--after <id>", "with --all: go on after this decision, as an earlier run said")
    .option("--limit <count>", "with --all: stop after so many (10000)")
    .action(async (reference: string | undefined, given: unknown) => {
      const options = Options.safeParse(given);
      if (!options.success) return end(wrong(options.error.issues.map(({ path }) => `--${path.join(".")}`).join(", ")));
      const { all, ...asked } = options.data;
      if (all === (reference !== undefined)) return end(wrong("Name one referral, or say --all"));
      const replay = await tools.replay();
      const report = reference === undefined ? await replay.all(asked) : await replay.one(reference);
      if (reference !== undefined && report.decisions === 0)
        return end({ status: 1, text: `There is no decision on ${reference}.`, json: report });
      end({ status: report.different > 0 ? 1 : 0, text: textOf(report), json: report });
    });
};

const wrong = (what: string): Ending => ({ status: 2, text: `This is wrong: ${what}.`, json: { error: what } });

const BECAUSE: Record<string, string> = {
  erased: "the person was erased",
  "no-input": "it was made before inputs were kept",
  "no-key": "the key ring has not the key of this case",
  "no-pack": "a pack that it read is not kept here",
  "no-directory": "the directory that it read is not kept here",
  "unknown-form": "a later program wrote it down",
};

const textOf = ({ decisions, same, different, cannot, named, next }: ReplayReport): string =>
  [
    `${decisions} decisions: ${same} the same, ${different} different, ${cannot} cannot be made again.`,
    ...named.map(({ id, reference, result, path, was, now, because }) =>
      result === "cannot"
        ? `  ${reference} ${id} cannot: ${BECAUSE[because ?? ""] ?? because}`
        : `  ${reference} ${id} differs at ${path === "" ? "the whole" : path}: was ${was || "nothing"}, is ${now || "nothing"}`,
    ),
    ...(different + cannot > named.length ? [`  and ${different + cannot - named.length} more`] : []),
    ...(next === undefined ? [] : [`There may be more: --after ${next}`]),
  ].join("\n");
