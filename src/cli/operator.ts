// Who acts: the name that stands in the audit, and whether that operator may. Shell and store let them in; scopes keep their work apart.
import { z } from "zod";
import { text } from "../../schemas/text.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ending } from "./verb.ts";

const Name = text(80);

/** Where nobody is named, which only looking allows. */
const NOBODY = "command line";

type Acting = { ok: true; by: string } | { ok: false; ending: Ending };

/** As long as no operator is registered, whoever has the shell may. Then it must be one of them, by id or by name, with this scope. */
export const actingAs = async (
  clients: Pick<Clients, "list">,
  by: string | undefined,
  scope: string,
): Promise<Acting> => {
  const name = Name.safeParse(by ?? NOBODY);
  if (!name.success) return no(2, "--by is a name of at most 80 letters.");
  const operators = (await clients.list()).filter((one) => one.kind === "operator" && one.revokedAt === undefined);
  if (operators.length === 0) return { ok: true, by: name.data };
  const named = operators.filter((one) => one.id === by || one.name === by);
  if (named.length === 0) return no(1, `--by names no operator in force. Needed here: one with ${scope}.`);
  return named.some((one) => one.scopes.includes(scope))
    ? { ok: true, by: name.data }
    : no(1, `${name.data} has no permission for this: ${scope}.`);
};

const no = (status: 1 | 2, words: string): Acting => ({
  ok: false,
  ending: { status, text: words, json: { error: words } },
});

/** What an operator wrote wrong, all of it, each by its option. */
export const misuse = ({ issues }: z.ZodError): Ending => {
  const faults = issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
  return { status: 2, text: faults.join("\n"), json: { errors: faults } };
};

/** A moment as people write it: a day, or a time with its offset. */
export const Moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "a day such as 2026-11-20, or a time with its offset",
  })
  .transform((value) => new Date(value));
