// Dead letters: listed, and sent again by hand. Whoever does either is on record in the same transaction.
import type { DeadLetter, DeadLetters, LetterFilter } from "../../src/ports/dead-letters.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { createAudit } from "./audit.ts";
import type { Engine, Query } from "./engine.ts";
import { FIND, LIST, READDRESS, REVIVE, TELL_KEPT } from "./letter-sql.ts";
import { isUuid, json, maybe } from "./rows.ts";
import type { Vault } from "./vault.ts";

type Options = { engine: Engine; vault: Vault; clock: Clock; ids: Ids };
type Columns = Omit<DeadLetter, "client" | "reference" | "type"> & {
  client: string | null;
  reference: string | null;
  type: string | null;
};

const letterOf = ({ client, reference, type, ...row }: Columns): DeadLetter => ({
  ...row,
  client: maybe(client),
  reference: maybe(reference),
  type: maybe(type),
});

/** Kept news is found by the client that it is for. */
const clientIn = (destination: string | undefined): string | null => {
  const id = destination?.startsWith("client:") === true ? destination.slice("client:".length) : "";
  return isUuid(id) ? id : null;
};

export const createDeadLetters = ({ engine, vault, clock, ids }: Options): DeadLetters => {
  const audit = createAudit({ clock, ids, vault });

  const listed = (query: Query, filter: LetterFilter & { limit: number }): Promise<Columns[]> =>
    query<Columns>(LIST, [
      filter.destination ?? null,
      clientIn(filter.destination),
      filter.kind ?? null,
      filter.since ?? null,
      filter.until ?? null,
      filter.limit,
    ]);

  /** The dead come back to life; of the kept each gets work of its own. In order of their ids, which PostgreSQL does not promise. */
  const sendAgain = async (query: Query, letters: readonly Pick<DeadLetter, "id" | "state">[]): Promise<string[]> => {
    const now = clock.now();
    const of = (state: DeadLetter["state"]): string[] => letters.flatMap((one) => (one.state === state ? one.id : []));
    const kept = of("kept").map((callback) => ({ callback, work: ids.uuid() }));
    const risen = await query<{ id: string }>(REVIVE, [of("dead"), now]);
    const told = kept.length === 0 ? [] : await query<{ id: string }>(TELL_KEPT, [json(kept), now]);
    return [...risen, ...told].map(({ id }) => id).toSorted();
  };

  return {
    list: (by, filter) =>
      // commits: who looked, for what, and how many were shown
      engine.transaction("worker", async (query) => {
        const rows = await listed(query, filter);
        const { destination, limit: _, ...asked } = filter;
        const codes = { ...asked, shown: rows.length };
        await audit(query, { by, verb: "dead-letters.list", subjects: destination ? [destination] : [], codes });
        return rows.map(letterOf);
      }),

    find: async (id) => {
      if (!isUuid(id)) return undefined;
      const [row] = await engine.transaction("worker", (query) => query<Columns>(FIND, [id]));
      return row && letterOf(row);
    },

    resend: async (by, id, verb = "dead-letters.resend") => {
      if (!isUuid(id)) return false;
      // commits: the letter due again, and who sent it
      return engine.transaction("worker", async (query) => {
        const sent = await sendAgain(query, await query<Columns>(FIND, [id]));
        if (sent.length > 0) await audit(query, { by, verb, subjects: sent });
        return sent.length > 0;
      });
    },

    resendAll: (by, { destination, since, until, limit }) =>
      // commits: the letters due again, who sent them, and how many
      engine.transaction("worker", async (query) => {
        const sent = await sendAgain(query, await listed(query, { destination, since, until, limit }));
        const codes = { since, until, sent: sent.length };
        const deed = { by, verb: "dead-letters.resend-all", subjects: [destination, ...sent], codes };
        if (sent.length > 0) await audit(query, deed);
        return sent.length;
      }),

    readdress: async (by, id, client) => {
      if (!isUuid(id) || !isUuid(client)) return false;
      // commits: the news for another client, due again, and who did it
      return engine.transaction("worker", async (query) => {
        const moved = await query<{ id: string }>(READDRESS, [id, client]);
        if (moved.length === 0) return false;
        await sendAgain(query, await query<Columns>(FIND, [id]));
        await audit(query, { by, verb: "dead-letters.edit", subjects: [id], codes: { client } });
        return true;
      });
    },
  };
};
