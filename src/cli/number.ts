// waymark clients check-number: sees that a telephone is the provider's own, while the operator has them on the line.
import type { Command } from "commander";
import { z } from "zod";
import { wordsOf } from "../../schemas/cause.ts";
import type { Client } from "../../schemas/client.ts";
import type { NumberCheck } from "../ports/links.ts";
import { held } from "./held.ts";
import type { Ending, Tools } from "./verb.ts";

export const addNumberVerb = (clients: Command, tools: Tools, end: (ending: Ending) => void): void => {
  clients
    .command("check-number")
    .description("send a code to the telephone of a provider that is reached by e-mail; with --code, see that it came")
    .argument("<clientId>")
    .option("--code <digits>", "the six digits, as the provider reads them to you")
    .action(async (id: string, { code }: { code?: string }) => {
      const store = await tools.store();
      const client = z.guid().safeParse(id).success ? await store.clients.byId(id) : undefined;
      if (client?.reach?.by !== "email" || client.revokedAt !== undefined)
        return end(no(`No client ${id} in force is reached by e-mail.`));
      // A code that is out may be compared: that sends nothing.
      if (code === undefined && (await tools.quarantined())) return end(held);
      const { mobile } = client.reach;
      const check = (numbers: NumberCheck): Promise<Ending> =>
        code === undefined ? sent(numbers, client, mobile.slice(-2)) : compared(numbers, client, code);
      end(await tools.numbers(check));
    });
};

const sent = async (numbers: NumberCheck, client: Client, ending: string): Promise<Ending> => {
  const outcome = await numbers.send(client);
  if (outcome === "too-many") return no("Too many codes went to this number. Register the provider anew.");
  // An answer that was lost: the code may come all the same, and it holds.
  if (outcome.kind !== "accepted" && outcome.kind !== "unknown")
    return no(`The code did not go. ${wordsOf(outcome.cause)}`);
  const text = `A code went to the number ending ${ending}. Have it read to you, then give it with --code.`;
  return { status: 0, text, json: { clientId: client.id, ending, outcome } };
};

const compared = async (numbers: NumberCheck, client: Client, code: string): Promise<Ending> => {
  const result = await numbers.compare(client, code);
  if (result.outcome === "no-code") return no("No code is out for this number. Send a new one.");
  if (result.outcome === "wrong") return no(`That is not the code. Tries left: ${result.left}.`);
  const text = `The number is ${client.name}'s own. Offers go there from now on.`;
  return { status: 0, text, json: { clientId: client.id, numberChecked: true } };
};

const no = (text: string): Ending => ({ status: 1, text, json: { error: text } });
