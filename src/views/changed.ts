// Which of my referrals changed in this window?
import type { Reader, Views } from "../ports.ts";
import { viewOf } from "./referral.ts";

export const createChangedView =
  (reader: Reader): Views["changed"] =>
  async (client, door, from, to, limit) => {
    const rows = await reader.changed(client.organisation, door, from, to, limit);
    return rows.filter((row) => row.test === client.test).map(viewOf);
  };
