// Flags keep people safe. Every flag in force goes somewhere: safeguarding, a reasonable adjustment, or risk.
import type { Placed, Graph } from "./graph.ts";
import { FLAG_CATEGORIES, FLAG_SYSTEM } from "../../schemas/foreign/fhir/systems.ts";
import { AccessNeed, type Person } from "../../schemas/person.ts";
import { Marker, type Flags } from "../../schemas/referral.ts";
import { reason } from "../../schemas/reason.ts";
import { codings, hasCode, wordsOf } from "./codes.ts";
import { atMost, mapped, notebook, take, type Mapped } from "./notes.ts";

type Flag = Placed<"Flag">;

const isSafeguarding = ({ resource }: Flag): boolean =>
  hasCode(resource.category, FLAG_CATEGORIES, "SG") || hasCode(resource.category, FLAG_SYSTEM, "safeguarding");
const isAdjustment = ({ resource }: Flag): boolean =>
  hasCode(resource.category, FLAG_CATEGORIES, "RA") || hasCode(resource.category, FLAG_SYSTEM, "reasonable-adjustment");

/** As the sender coded it; a flag in words alone carries the code of its category. */
const said = ({ resource }: Flag): { code: string; words: string | undefined } => ({
  code:
    resource.code.coding?.find((one) => one.code !== undefined)?.code ??
    codings(resource.category).find((one) => one.code !== undefined)?.code ??
    "flag",
  words: wordsOf(resource.code) ?? codings(resource.category).find((one) => one.display !== undefined)?.display,
});

export type Raised = Pick<Flags, "emergency" | "safeguarding" | "risk"> & Pick<Person, "accessNeeds">;

export const flagsOf = (graph: Graph, priority: string | undefined): Mapped<Raised> => {
  const { keep, reasons } = notebook();
  const inForce = graph.all("Flag").filter((one) => one.resource.status === "active");
  const safeguarding = inForce.filter(isSafeguarding);
  const adjustments = inForce.filter(isAdjustment);
  const risk = inForce.filter((one) => !isSafeguarding(one) && !isAdjustment(one));
  const markers = (flags: readonly Flag[]) =>
    keep(
      atMost(
        20,
        flags.flatMap((one) => keep(take(Marker, said(one), `${one.path}.code`)) ?? []),
        flags[20]?.path ?? "",
        (path) => reason("too-many", path),
      ),
    );
  return mapped(
    {
      // `stat` alone asks for speed; with a safeguarding flag it is an emergency, which no broker may hold.
      emergency:
        (priority === "stat" && safeguarding.length > 0) ||
        inForce.some((one) => hasCode(one.resource.code, FLAG_SYSTEM, "emergency")),
      safeguarding: markers(safeguarding),
      risk: markers(risk),
      accessNeeds: adjustments.flatMap((one) => keep(take(AccessNeed, said(one), `${one.path}.code`)) ?? []),
    },
    reasons,
  );
};
