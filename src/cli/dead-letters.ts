// waymark dead-letters list, resend, edit: what could not be delivered, why in words, and how it is sent again.
import { z } from "zod";
import { wordsOf } from "../../schemas/cause.ts";
import { WorkKind } from "../../schemas/work.ts";
import type { DeadLetter, DeadLetters } from "../ports/dead-letters.ts";
import { actingAs, Moment } from "./operator.ts";
import type { AddVerb, Ending, Tools } from "./verb.ts";

const MOST = 200;
/** So many come back to life in one transaction. */
const PAGE = 500;

const Filter = z.object({
  destination: z.string().max(200).optional(),
  kind: WorkKind.optional(),
  since: Moment.optional(),
  until: Moment.optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(MOST),
});
const Range = z.object({ destination: z.string().max(200), from: Moment, to: Moment });
const Address = z.url({ protocol: /^https?$/ }).max(500);

type Asked = { by?: string; destination?: string; from?: string; to?: string };
type Edit = { by?: string; callback?: string; client?: string };

export const addDeadLetterVerbs: AddVerb = (program, tools, _caller, end) => {
  const letters = program.command("dead-letters").description("what could not be delivered");

  letters
    .command("list")
    .description("what waits for a person and why; with --destination client:<id> also news that is kept for it")
    .option("--destination <name>", "client:<id> | provider:<organisation>")
    .option("--kind <kind>", WorkKind.options.join(" | "))
    .option("--since <time>", "given up at or after")
    .option("--until <time>", "given up before")
    .option("--limit <n>", `at most so many, ${MOST} unless said`)
    .option("--by <name>", "who looks")
    .action(async (options: Asked) => {
      const filter = Filter.safeParse(options);
      if (!filter.success) return end(wrong(filter.error));
      end(
        await permitted(tools, options.by, "dead-letters.read", async (store, by) => {
          const rows = await store.list(by, filter.data);
          const text = rows.length === 0 ? "Nothing waits for a person." : rows.map(lineOf).join("\n");
          return { status: 0, text, json: rows.map((row) => ({ ...row, words: wordsOf(row.cause) })) };
        }),
      );
    });

  letters
    .command("resend")
    .alias("replay")
    .description("send one again, or all of a destination in a time range, from the start of the schedule")
    .argument("[id]", "of the letter, as list shows it")
    .option("--destination <name>", "client:<id> | provider:<organisation>")
    .option("--from <time>", "given up at or after")
    .option("--to <time>", "given up before")
    .requiredOption("--by <name>", "who sends it")
    .action(async (id: string | undefined, options: Asked) => {
      if (id !== undefined && options.destination === undefined) return end(await one(tools, id, options));
      const range = Range.safeParse(options);
      if (id !== undefined || !range.success)
        return end(misused("Give the id of one letter, or --destination, --from and --to."));
      end(await all(tools, options.by, range.data));
    });

  letters
    .command("edit")
    .description("send one again to another address: what it says is never changed by hand")
    .argument("<id>", "of the letter, as list shows it")
    .option("--callback <URL>", "from now on the address of the client that it goes to")
    .option("--client <clientId>", "another client of the same kind and organisation; for news only")
    .requiredOption("--by <name>", "who does it")
    .action(async (id: string, options: Edit) => end(await edit(tools, id, options)));
};

const permitted = async (
  tools: Tools,
  by: string | undefined,
  scope: string,
  act: (letters: DeadLetters, by: string) => Promise<Ending>,
): Promise<Ending> => {
  const { clients, deadLetters } = await tools.store();
  const acting = await actingAs(clients, by, scope);
  return acting.ok ? act(deadLetters, acting.by) : acting.ending;
};

const one = (tools: Tools, id: string, { by }: Asked): Promise<Ending> =>
  permitted(tools, by, "dead-letters.resend", async (letters, name) => {
    const resent = await letters.resend(name, id);
    return resent ? { status: 0, text: `Sent again: ${id}.`, json: { id, resent: 1 } } : unknown(id);
  });

const all = (tools: Tools, by: string | undefined, { destination, from, to }: z.infer<typeof Range>): Promise<Ending> =>
  permitted(tools, by, "dead-letters.resend-all", async (letters, name) => {
    let resent = 0;
    for (let page = PAGE; page === PAGE; resent += page)
      page = await letters.resendAll(name, { destination, since: from, until: to, limit: PAGE });
    const status = resent === 0 ? 1 : 0;
    return { status, text: `Sent again: ${resent} to ${destination}.`, json: { destination, resent } };
  });

const edit = async (tools: Tools, id: string, { by, callback, client }: Edit): Promise<Ending> => {
  if ((callback === undefined) === (client === undefined)) return misused("Give --callback or --client, one of them.");
  if (callback !== undefined && !Address.safeParse(callback).success) return misused("--callback is no address.");
  return permitted(tools, by, "dead-letters.edit", async (letters, name) => {
    const done = { status: 0 as const, text: `Sent again to its new address: ${id}.`, json: { id, resent: 1 } };
    if (client !== undefined) return (await letters.readdress(name, id, client)) ? done : unfit(id, client);
    const letter = await letters.find(id);
    if (letter?.client === undefined || callback === undefined) return unknown(id);
    const { register } = await tools.store();
    if (!(await register.move(letter.client, name, callback))) return unknown(letter.client);
    return (await letters.resend(name, id, "dead-letters.edit")) ? done : unknown(id);
  });
};

const lineOf = (letter: DeadLetter): string =>
  [
    letter.id,
    letter.since.toISOString(),
    letter.type ?? letter.kind,
    `to ${letter.destination}`,
    letter.reference ?? letter.referral,
    `${letter.state} after ${letter.attempts}: ${wordsOf(letter.cause)}`,
  ].join("  ");

const misused = (words: string): Ending => ({ status: 2, text: words, json: { error: words } });
const wrong = (error: z.ZodError): Ending =>
  misused(error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("\n"));
const unknown = (id: string): Ending => ({ status: 1, text: `There is no letter ${id}.`, json: { id, resent: 0 } });
const unfit = (id: string, client: string): Ending => ({
  status: 1,
  text: `There is no news ${id}, or ${client} is not of the same kind and organisation.`,
  json: { id, resent: 0 },
});
