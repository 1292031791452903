// What comes before, beside and after: help that somebody gives, and an order that ends.
import type { NeedCode } from "../../../schemas/need.ts";
import type { Programme } from "../../../schemas/programme.ts";
import { type At, type Check, type Finding, type Beside, found, twice, when } from "./finding.ts";

export const pathwayFindings: Check = (programme, beside) => [
  ...ids(programme),
  ...(["startWaits", "leadsTo", "triggers"] as const).flatMap((list) =>
    programme[list].flatMap(({ need }, at) => served(need, [list, at, "need"], beside)),
  ),
  ...programme.startWaits.flatMap(({ need }, at) =>
    when(programme.needs.includes(need), ["startWaits", at, "need"], "This start waits for its own help."),
  ),
  ...programme.triggers.flatMap(({ need }, at) =>
    when(programme.needs.includes(need), ["triggers", at, "need"], "This proposes what the person came for."),
  ),
  ...programme.requires.flatMap((one, at) =>
    when(
      comesBefore(programme.programme, one.programme, beside),
      ["requires", at, "programme"],
      one.programme === programme.programme
        ? "This programme waits for itself: nobody could be the first."
        : `"${one.programme}" waits for this programme in turn: nobody could be the first.`,
    ),
  ),
];

const ids = ({ startWaits, leadsTo, triggers, requires }: Programme): Finding[] => [
  ...twice(startWaits, (one) => one.id).map((at) => found(["startWaits", at, "id"], "Two waits have this id.")),
  ...twice(leadsTo, (one) => one.id).map((at) => found(["leadsTo", at, "id"], "Two steps have this id.")),
  ...twice(triggers, (one) => one.id).map((at) => found(["triggers", at, "id"], "Two triggers have this id.")),
  ...twice(requires, (one) => one.programme).map((at) =>
    found(["requires", at, "programme"], "This programme stands here twice."),
  ),
];

const served = (need: NeedCode, at: At, { helpsWith }: Beside): Finding[] =>
  when(!helpsWith(need), at, `No programme of this folder helps with ${need}.`);

/** Follows what each programme waits for until it comes back to where it began, or to an end. */
const comesBefore = (start: string, first: string, { requires }: Beside): boolean => {
  const seen = new Set<string>();
  const line = [first];
  for (let next = line.pop(); next !== undefined; next = line.pop()) {
    if (next === start) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    line.push(...(requires.get(next) ?? []));
  }
  return false;
};
