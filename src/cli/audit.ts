// waymark audit list and verify: who did what by hand, to what, and when; and whether that is still what stands there.
import { z } from "zod";
import type { Deed } from "../ports/desk.ts";
import type { AuditCheck } from "../views/audit-check.ts";
import { actingAs, misuse, Moment } from "./operator.ts";
import type { AddVerb } from "./verb.ts";

const MOST = 200;

const Asked = z.object({
  subject: z.string().max(200).optional(),
  of: z.string().max(80).optional(),
  verb: z.string().max(80).optional(),
  since: Moment.optional(),
  until: Moment.optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(MOST),
});

export const addAuditVerbs: AddVerb = (program, tools, _caller, end) => {
  const audit = program.command("audit").description("what was done by hand");
  audit
    .command("verify")
    .description(
      "follow the chain of marks, and compare it with the journal: exit 1 where a row was altered or is missing",
    )
    .option("--by <name>", "who looks")
    .action(async ({ by }: { by?: string }) => {
      const acting = await actingAs((await tools.store()).clients, by, "audit.read");
      if (!acting.ok) return end(acting.ending);
      const check = await tools.checkAudit();
      end({ status: check.holds ? 0 : 1, text: found(check), json: check });
    });
  audit
    .command("list")
    .description("the newest, oldest first")
    .option("--subject <id>", "of a letter, a client, a case; a destination; a programme")
    .option("--of <name>", "done by this operator")
    .option("--verb <verb>", "such as dead-letters.resend")
    .option("--since <time>", "done at or after")
    .option("--until <time>", "done before")
    .option("--limit <n>", `at most so many, ${MOST} unless said`)
    .option("--by <name>", "who looks")
    .action(async (options: { by?: string }) => {
      const asked = Asked.safeParse(options);
      if (!asked.success) return end(misuse(asked.error));
      const { desk, clients } = await tools.store();
      const acting = await actingAs(clients, options.by, "audit.read");
      if (!acting.ok) return end(acting.ending);
      const { of, ...rest } = asked.data;
      const deeds = await desk.deeds({ ...rest, by: of });
      const text = deeds.length === 0 ? "Nothing was done by hand." : deeds.map(lineOf).join("\n");
      end({ status: 0, text, json: deeds });
    });
};

const WORDS = {
  altered: "was altered",
  missing: "is missing",
  reordered: "stands in another's place",
  unmarked: "and others beside the chain were not written by us",
} as const;

const found = ({ rows, before, fault, journal }: AuditCheck): string =>
  [
    fault === undefined
      ? `${rows} rows, each as it was written.`
      : `Row ${fault.number} ${WORDS[fault.fault]}. What follows it is not to be believed.`,
    ...(before === 0 ? [] : [`${before} rows are from before there was a chain.`]),
    journal === undefined
      ? "No journal is set up: rows cut off at the end would not be missed."
      : `The journal has ${journal.lines} lines.`,
    ...(journal?.faults ?? []).map(
      ({ place, number, fault: kind }) =>
        `Journal, at ${place}${number === undefined ? "" : ` (line ${number})`}: ${kind}.`,
    ),
  ].join("\n");

const lineOf = ({ at, by, verb, subjects, codes }: Deed): string =>
  `${at.toISOString()}  ${by}  ${verb}  ${subjects.join(" ")}  ${JSON.stringify(codes)}`.replace(/ {2}\{\}$/, "");
