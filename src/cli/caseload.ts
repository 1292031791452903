// waymark caseload move: what a provider has goes to another service, because it leaves or fails. Consent is read again for each.
import { z } from "zod";
import { REASONS } from "../../schemas/reason.ts";
import { text } from "../../schemas/text.ts";
import type { Moved } from "../ports/steps.ts";
import { actingAs } from "./operator.ts";
import type { AddVerb, Tools } from "./verb.ts";

const SCOPE = "operate";
const PAGE = 100;
const Asked = z.object({
  from: text(120),
  programme: text(80),
  service: text(80),
  by: text(80),
  reason: text(200),
});

export const addCaseloadVerb: AddVerb = (program, tools, _caller, end) => {
  program
    .command("caseload")
    .description("what a provider has open")
    .command("move")
    .description("move it to another service of the same programme; exit status 1 where some could not go")
    .requiredOption("--from <organisation>", "the provider that leaves or fails")
    .requiredOption("--programme <id>", "under which programme")
    .requiredOption("--service <id>", "the service that goes on with it")
    .requiredOption("--by <name>", "who moves it")
    .requiredOption("--reason <text>", "why; name nobody who was referred")
    .action(async (options: object) => {
      const asked = Asked.safeParse(options);
      if (!asked.success) {
        const faults = asked.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
        return end({ status: 2, text: faults.join("\n"), json: { faults } });
      }
      const { clients } = await tools.store();
      const acting = await actingAs(clients, asked.data.by, SCOPE);
      if (!acting.ok) return end(acting.ending);
      const all = await moveAll(tools, asked.data);
      const of = (outcome: Moved["outcome"]) => all.filter((one) => one.outcome === outcome).length;
      const left = all.flatMap((one) => (one.outcome === "refused" ? [one] : []));
      end({
        status: left.length === 0 ? 0 : 1,
        text: [
          `Moved ${of("moved")}, to be decided anew ${of("decided-anew")}, left where they are ${left.length}.`,
          ...left.map(
            ({ reference, reasons }) => `  ${reference}: ${reasons.map(({ code }) => REASONS[code].words).join(" ")}`,
          ),
        ].join("\n"),
        json: { moved: of("moved"), decidedAnew: of("decided-anew"), left },
      });
    });
};

const moveAll = async (
  tools: Tools,
  { from, programme, service, by, reason }: z.infer<typeof Asked>,
): Promise<Moved[]> => {
  const { desk } = await tools.store();
  const move = await tools.move();
  const all: Moved[] = [];
  let after: string | undefined;
  do {
    const offers = await desk.caseload({ provider: from, programme, after, limit: PAGE });
    for (const offer of offers) all.push(await move(offer, service, { by, why: reason }));
    after = offers.length === PAGE ? offers.at(-1) : undefined;
  } while (after !== undefined);
  return all;
};
