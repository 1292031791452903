// Whom was my referral offered to, and what did they say? As much of it as a referrer of this class may hear.
import { askedOf } from "../core/asked.ts";
import { hearable } from "../core/hearable.ts";
import { sentIt } from "../core/ownership.ts";
import { Door } from "../../schemas/referral.ts";
import type { Reader } from "../ports/reading.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Views } from "../ports/views.ts";

export const createAskedView =
  (reader: Reader, rulebook: Rulebook): Views["asked"] =>
  async (client, filter) => {
    const door = Door.safeParse(client.kind).data;
    if (door === undefined) return { asked: [] };
    const rows = await reader.find(client.organisation, door, client.test, filter);
    const last = rows.length === filter.limit ? rows.at(-1) : undefined;
    return {
      asked: rows.filter((row) => sentIt(client, row)).flatMap((row) => askedOf(hearable(row, rulebook))),
      ...(last === undefined ? {} : { next: last.id }),
    };
  };
