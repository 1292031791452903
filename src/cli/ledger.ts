// waymark ledger: nothing is lost and nothing is silent, or each difference by its reference.
import { z } from "zod";
import type { Balance } from "../core/balance.ts";
import type { OpenLine } from "../views/ledger.ts";
import type { AddVerb } from "./verb.ts";

const Most = z.coerce.number().int().min(1).max(100_000);

export const addLedgerVerb: AddVerb = (program, tools, _caller, end) => {
  program
    .command("ledger")
    .description("prove that nothing is lost and nothing is silent: exit status 1 where something is")
    .option("--open", "also list what is open: who owes what, until when, the most urgent first")
    .option("--limit <n>", "at most so many of them, 100 unless said", "100")
    .action(async (options: { open?: boolean; limit: string }) => {
      const limit = Most.safeParse(options.limit);
      if (!limit.success)
        return end({ status: 2, text: "--limit: a number from 1 to 100000", json: { fault: "limit" } });
      const ledger = await tools.ledger();
      const balance = await ledger.balance();
      const open = options.open === true ? await ledger.open(limit.data) : undefined;
      end({
        status: balance.balanced ? 0 : 1,
        text: [...linesOf(balance), ...(open ?? []).map(lineOf)].join("\n"),
        json: { ...balance, ...(open === undefined ? {} : { openReferrals: open }) },
      });
    });
};

const linesOf = ({ accepted, open, ended, withdrawn, refused, hops, differences, balanced }: Balance): string[] => [
  `accepted ${accepted} = open ${open} + ended ${ended} + withdrawn ${withdrawn} + refused ${refused}`,
  ...hops.map((hop) => `  ${hop.words}: ${hop.differences === 0 ? "all of it" : `${hop.differences} missing`}`),
  ...differences.map((one) => `  ${one.reference}  ${one.hop}: ${one.words} (${one.fault})`),
  balanced ? "The ledger balances." : "The ledger does not balance.",
];

const at = (date: Date): string => date.toISOString().slice(0, 16).replace("T", " ");

const lineOf = ({ reference, status, overdue, next }: OpenLine): string =>
  next === undefined
    ? `${reference}  ${status}  nobody owes anything`
    : `${reference}  ${status}  ${next.who ?? next.owner}: ${next.action}, by ${at(next.due)} UTC${overdue ? ", overdue" : ""}`;
