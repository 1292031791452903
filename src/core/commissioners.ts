// Who may read a decision because the programmes that it read are theirs: those who commission them and those who pay for them.
import type { Programme } from "../../schemas/programme.ts";
import type { Receipt } from "../../schemas/receipt.ts";

type Read = Pick<Receipt, "packs">;
type Packs = readonly { programme: Pick<Programme, "programme" | "version" | "commissioner" | "funders"> }[];

/** By organisation, its own among the programmes of which the decision read the rules. In the order of the receipt. */
export const commissionersOf = ({ packs: read }: Read, packs: Packs): Record<string, string[]> => {
  const own = new Map<string, string[]>();
  for (const line of read) {
    const [named = ""] = line.split("#");
    const pack = packs.find(({ programme: { programme, version } }) => `${programme}@${version}` === named);
    if (pack === undefined) continue;
    const { programme, commissioner, funders } = pack.programme;
    for (const organisation of new Set([commissioner.id, ...funders.map(({ id }) => id)]))
      own.set(organisation, [...(own.get(organisation) ?? []), programme]);
  }
  return Object.fromEntries(own);
};
