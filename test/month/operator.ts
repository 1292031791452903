// The operator of the month: looks once a day, and sends again what was given up while its receivers were away.
import type { Identity } from "../world/system.ts";
import type { Books } from "./books.ts";
import type { Cast } from "./cast.ts";
import type { House } from "./house.ts";
import { twoOpen } from "./stands.ts";
import type { Timeline } from "./timeline.ts";

type Options = { house: House; books: Books; cast: Cast; timeline: Pick<Timeline, "now"> };

const linesTo = ({ kind, organisation, clientId }: Identity): string[] =>
  kind === "provider"
    ? ["provider", "recall", "nudge"].map((lane) => `${lane}:${organisation}`)
    : [`client:${clientId}`];

export const createOperator = ({ house, books, cast, timeline }: Options) => ({
  looks: async (): Promise<void> => {
    for (const fault of await twoOpen(house)) books.wrong(fault);
  },
  resends: async (): Promise<void> => {
    const range = ["--from", "2027-01-01", "--to", timeline.now().toISOString()];
    for (const line of [...cast.values()].flatMap(linesTo)) {
      const sent = await house.verb("dead-letters", "resend", "--destination", line, ...range, "--by", "Ada", "--json");
      if (sent.status === 2) books.wrong(`what was given up for ${line} was not sent again: ${sent.err}`);
      else
        for (let left = Number((JSON.parse(sent.out) as { resent: number }).resent); left > 0; left -= 1)
          books.count("sent again by hand");
    }
  },
});
