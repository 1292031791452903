// What was decided under my programmes? For who commissions or funds them: refusals beside offers, and nobody's name.
import { project } from "../core/project.ts";
import type { Reader } from "../ports/reading.ts";
import type { Views } from "../ports/views.ts";

export const createDecisionsView =
  (reader: Reader): Views["decisions"] =>
  async ({ kind, organisation, test }, filter) => {
    if (kind !== "commissioner") return [];
    const own = await reader.commissioned(organisation, test, filter);
    return own.map(({ receipt, programmes }) => project(receipt, { kind, organisation, programmes }));
  };
