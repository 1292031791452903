// waymark journal give-up: no journal off the host is kept any more, and nothing waits for it.
import { z } from "zod";
import { text } from "../../schemas/text.ts";
import { actingAs, misuse } from "./operator.ts";
import type { AddVerb, Tools } from "./verb.ts";

const SCOPE = "operate";
const Asked = z.object({ by: text(80).optional(), reason: text(200) });

type Given = Awaited<ReturnType<Tools["giveUpJournal"]>>;

const WORDS: Record<Given, string> = {
  "given-up":
    "No journal is kept any more, and what waited for it is gone. A restored older copy of this store would not be noticed.",
  none: "No journal is kept.",
  quarantined:
    "Not given up: this store is in quarantine, and what the journal holds is still needed. Reconcile first.",
  set: "Not given up: WAYMARK_JOURNAL is set. Take it away from every process, start them again, and try again.",
};

export const addJournalVerb: AddVerb = (program, tools, _caller, end) => {
  program
    .command("journal")
    .description("the journal off the host")
    .command("give-up")
    .description("keep none any more, and throw away what waits for it; only where WAYMARK_JOURNAL is not set")
    .option("--reason <text>", "why; name nobody who was referred")
    .option("--by <name>", "who gives it up")
    .action(async (options: object) => {
      const asked = Asked.safeParse(options);
      if (!asked.success) return end(misuse(asked.error));
      const acting = await actingAs((await tools.store()).clients, asked.data.by, SCOPE);
      if (!acting.ok) return end(acting.ending);
      const given = await tools.giveUpJournal({ by: acting.by, reason: asked.data.reason });
      end({ status: given === "given-up" ? 0 : 1, text: WORDS[given], json: { journal: given } });
    });
};
