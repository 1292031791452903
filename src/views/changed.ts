// Which of my referrals changed in this window?
import { hearable } from "../core/hearable.ts";
import { sentIt } from "../core/ownership.ts";
import { standingOf } from "../core/standing.ts";
import type { Reader } from "../ports/reading.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Views } from "../ports/views.ts";

export const createChangedView =
  (reader: Reader, rulebook: Rulebook): Views["changed"] =>
  async (client, door, from, to, limit) => {
    const rows = await reader.changed(client.organisation, door, from, to, limit);
    return rows.filter((row) => sentIt(client, row)).map((row) => standingOf(hearable(row, rulebook)));
  };
