// waymark letters try: one letter to yourself, to see that the settings for e-mail and text messages are right.
import { EmailAddress, type LetterTo, MobileNumber } from "../../schemas/letter.ts";
import { held } from "./held.ts";
import type { AddVerb, Ending } from "./verb.ts";

type Options = { email?: string; mobile?: string };

export const addLetterVerbs: AddVerb = (program, tools, _caller, end) => {
  program
    .command("letters")
    .description("e-mail and text messages to people")
    .command("try")
    .description("send one letter to yourself, to see that the settings are right")
    .option("--email <address>", "by e-mail")
    .option("--mobile <number>", "by text message, such as +447700900123")
    .action(async ({ email, mobile }: Options) => {
      const to = receiver(email, mobile);
      if (to === undefined) return end(wrong("Give --email with an address, or --mobile with a number such as +44…"));
      if (await tools.quarantined()) return end(held);
      const id = tools.ids.uuid();
      const outcome = await tools.letters((letters) => letters.send({ id, template: "trial", values: {} }, to));
      const taken = outcome.kind === "accepted";
      const text = taken
        ? "It was taken. See whether it comes."
        : `It was not taken: ${outcome.kind}, ${outcome.cause}.`;
      end({ status: taken ? 0 : 1, text, json: { id, by: to.by, outcome } });
    });
};

const receiver = (email: string | undefined, mobile: string | undefined): LetterTo | undefined => {
  if ((email === undefined) === (mobile === undefined)) return undefined;
  const address = EmailAddress.safeParse(email);
  if (address.success) return { by: "email", address: address.data };
  const number = MobileNumber.safeParse(mobile);
  return number.success ? { by: "text", mobile: number.data } : undefined;
};

const wrong = (text: string): Ending => ({ status: 2, text, json: { error: text } });
