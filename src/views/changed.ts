// Which of my referrals changed in this window?
import { sentIt } from "../core/ownership.ts";
import { standingOf } from "../core/standing.ts";
import type { Reader, Views } from "../ports.ts";

export const createChangedView =
  (reader: Reader): Views["changed"] =>
  async (client, door, from, to, limit) => {
    const rows = await reader.changed(client.organisation, door, from, to, limit);
    return rows.filter((row) => sentIt(client, row)).map(standingOf);
  };
