// waymark clients change, rotate-secret, retire-secret, resume, pace: what is changed by hand of a client in force.
import { z } from "zod";
import { AuthorityType } from "../../schemas/duty.ts";
import type { Register } from "../ports/clients.ts";
import { actingAs } from "./operator.ts";
import type { AddVerb, Ending } from "./verb.ts";

type By = { by?: string };

const SCOPE = "clients.edit";

export const addRegisterVerbs: AddVerb = (program, tools, _caller, end) => {
  const clients = program.commands.find((one) => one.name() === "clients");

  const verb = <Options extends By>(
    name: string,
    description: string,
    act: (register: Register, id: string, by: string, options: Options) => Promise<Ending>,
  ) =>
    clients
      ?.command(name)
      .description(description)
      .argument("<clientId>")
      .requiredOption("--by <name>", "who does it")
      .action(async (id: string, options: Options) => {
        const store = await tools.store();
        const acting = await actingAs(store.clients, options.by, SCOPE);
        end(acting.ok ? await act(store.register, id, acting.by, options) : acting.ending);
      });

  verb("rotate-secret", "a new webhook secret beside the old one; both sign", async (register, id, by) => {
    const made = await register.rotateSecret(id, by);
    if (made.outcome === "not-found") return unknown(id);
    if (made.outcome === "two-live")
      return ending(1, id, "Two secrets are live. Retire the old one first: clients retire-secret.");
    const json = { clientId: id, webhookSecret: made.secret };
    return {
      status: 0,
      text: `webhookSecret: ${made.secret}\nKeep it now: it is not shown again. The old one signs too, until clients retire-secret.`,
      json,
    };
  });

  verb("retire-secret", "the older of two live webhook secrets signs no more", async (register, id, by) => {
    const outcome = await register.retireSecret(id, by);
    if (outcome === "not-found") return unknown(id);
    return outcome === "retired"
      ? ending(0, id, "Retired the older secret.")
      : ending(1, id, "Only one secret is live. Make another first: clients rotate-secret.");
  });

  verb("resume", "send again to a client that answered 410; what was kept stays kept", async (register, id, by) =>
    (await register.resume(id, by))
      ? ending(
          0,
          id,
          `Switched on. What was kept is sent only when asked: dead-letters resend --destination client:${id}.`,
        )
      : ending(1, id, `No client ${id} is switched off.`),
  );

  type Changed = By & { authorityType: string };
  verb<Changed>("change", "which listed body it is under the duty to refer", async (register, id, by, options) => {
    const type = AuthorityType.or(z.literal("none")).safeParse(options.authorityType);
    if (!type.success) return ending(2, id, `--authority-type is one of ${AuthorityType.options.join(", ")}, or none.`);
    const outcome = await register.authority(id, by, type.data === "none" ? undefined : type.data);
    if (outcome === "not-found") return unknown(id);
    return outcome === "changed"
      ? ending(0, id, `Under the duty to refer: ${type.data}. Decisions from now on say so.`)
      : ending(1, id, "Only who refers people can be a listed body.");
  })?.requiredOption("--authority-type <type>", [...AuthorityType.options, "none"].join(" | "));

  type Pace = By & { places?: string; perSecond?: string };
  verb<Pace>("pace", "how many at one time and how many a second are sent to it", async (register, id, by, options) => {
    const pace = Count.safeParse(options);
    if (!pace.success) return ending(2, id, "--places is 1 to 100, --per-second 1 to 10000.");
    const { places, perSecond } = pace.data;
    const said = (value: number | undefined): string => (value === undefined ? "as the settings say" : String(value));
    return (await register.pace(id, by, pace.data))
      ? ending(0, id, `At one time: ${said(places)}. A second: ${said(perSecond)}.`)
      : unknown(id);
  })
    ?.option("--places <n>", "at one time; as the settings say when left out")
    .option("--per-second <n>", "in any second; as the settings say when left out");
};

const Count = z.object({
  places: z.coerce.number().int().min(1).max(100).optional(),
  perSecond: z.coerce.number().int().min(1).max(10_000).optional(),
});

const ending = (status: Ending["status"], clientId: string, words: string): Ending => ({
  status,
  text: words,
  json: status === 0 ? { clientId } : { clientId, error: words },
});

const unknown = (id: string): Ending => ending(1, id, `No client ${id} is in force.`);
