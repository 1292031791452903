// Which of my referrals are these? A search over what this client sent.
import { hearable } from "../core/hearable.ts";
import { sentIt } from "../core/ownership.ts";
import { standingOf } from "../core/standing.ts";
import { Door } from "../../schemas/referral.ts";
import type { Reader } from "../ports/reading.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Views } from "../ports/views.ts";

export const createFoundView =
  (reader: Reader, rulebook: Rulebook): Views["find"] =>
  async (client, filter) => {
    const door = Door.safeParse(client.kind).data;
    if (door === undefined) return [];
    const rows = await reader.find(client.organisation, door, client.test, filter);
    return rows.filter((row) => sentIt(client, row)).map((row) => standingOf(hearable(row, rulebook)));
  };
