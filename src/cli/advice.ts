// waymark case confirm, waymark overrides, waymark pledges: what advisers set aside, and what employers' pledges came to.
import { OverrideRequest, RECOMMENDED } from "../../schemas/case.ts";
import { read } from "../../schemas/faults.ts";
import { REASONS } from "../../schemas/reason.ts";
import type { AddVerb } from "./verb.ts";

type Confirm = { programme: string; by: string; reason: string };

export const addAdviceVerbs: AddVerb = (program, tools, _caller, end) => {
  program.commands
    .find((one) => one.name() === "case")
    ?.command("confirm")
    .description("take a recommendation up: who may only recommend a programme does not decide")
    .argument("<reference>", "WM-XXXX-XXXX or the id")
    .requiredOption("--programme <id>", "the programme that was recommended")
    .requiredOption("--by <name>", "who decides")
    .requiredOption("--reason <text>", "why")
    .action(async (reference: string, { programme, by, reason }: Confirm) => {
      const request = read(OverrideRequest, { programme, clause: RECOMMENDED, adviser: { name: by }, reason });
      const { desk } = await tools.store();
      const found = await desk.dossier(reference);
      if (!request.ok || found === undefined) {
        const text = request.ok
          ? `There is no referral ${reference}.`
          : request.reasons.map((one) => `${one.path ?? ""}: ${REASONS[one.code].words}`).join("\n");
        return end({ status: request.ok ? 1 : 2, text, json: { reference, confirmed: false } });
      }
      end(await confirmed(await tools.override(found.journey.id, request.value), reference));
    });

  program
    .command("overrides")
    .description("how often each clause was set aside by an adviser")
    .action(async () => {
      const rows = await (await tools.store()).desk.overrides();
      const lines = rows.map((row) => `${row.count}  ${row.programme}  ${row.clause}`);
      end({ status: 0, text: lines.length === 0 ? "No clause was set aside." : lines.join("\n"), json: rows });
    });

  program
    .command("outcomes")
    .description("how many people reached each outcome of each programme, everyone counted once")
    .option("--test", "of test clients' referrals instead")
    .action(async ({ test }: { test?: boolean }) => {
      const rows = await (await tools.store()).desk.outcomes(test === true);
      const lines = rows.map((row) => `${row.people}  ${row.programme}  ${row.outcome}`);
      end({ status: 0, text: lines.length === 0 ? "No outcome was reached yet." : lines.join("\n"), json: rows });
    });

  program
    .command("pledges")
    .description("what employers pledged, and how many people were offered, interviewed and taken on")
    .action(async () => {
      const counts = await (await tools.store()).desk.pledges();
      const employers = await tools.employers();
      const rows = employers.map(({ programme, employer, name, pledged }) => ({
        programme,
        employer,
        name,
        pledged,
        ...Object.fromEntries(
          (["offered", "interviewed", "filled"] as const).map((stage) => [
            stage,
            counts.find((one) => one.programme === programme && one.employer === employer && one.stage === stage)
              ?.people ?? 0,
          ]),
        ),
      }));
      const lines = rows.map((row) => Object.values(row).join("  "));
      end({ status: 0, text: lines.length === 0 ? "No employer has pledged anything." : lines.join("\n"), json: rows });
    });
};

type Outcome = Awaited<ReturnType<Parameters<AddVerb>[1]["override"]>>;

const confirmed = (outcome: Outcome, reference: string) => {
  const done = outcome.outcome === "recorded" || outcome.outcome === "repeated";
  const why = outcome.outcome === "refused" ? outcome.reasons.map((one) => REASONS[one.code].words).join(" ") : "";
  return {
    status: done ? (0 as const) : (1 as const),
    text: done ? `Taken up: ${reference} is decided anew.` : `Not taken up. ${why}`.trim(),
    json: { reference, confirmed: done },
  };
};
