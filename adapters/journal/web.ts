// The journal at an address: each line is posted, and read back by its number. The server keeps lines as they came, in their order.
import type { Journal } from "../../src/ports/journal.ts";
import type { Outbound } from "../outbound/client.ts";

/** The address is a secret of the settings: it is never repeated. */
class JournalAway extends Error {
  override name = "JournalAway";
}

const WELL = (status: number): boolean => status >= 200 && status < 300;

export const createWebJournal = (url: string, outbound: Pick<Outbound, "request">): Journal => {
  const ask = async (from: number): Promise<{ number: number; text: string }[]> => {
    const address = new URL(url);
    address.searchParams.set("from", String(from));
    const reply = await outbound.request(address.href, { method: "GET", headers: { accept: "application/x-ndjson" } });
    if (reply.kind === "failed") throw new JournalAway(`it could not be read: ${reply.cause}`);
    // Nothing was ever written there.
    if (reply.status === 404 || reply.status === 204) return [];
    if (!WELL(reply.status)) throw new JournalAway(`it could not be read: answered-${reply.status}`);
    const texts = reply.bytes.toString("utf8").split("\n");
    return texts.filter((text) => text.trim() !== "").map((text) => ({ number: numberOf(text), text }));
  };

  return {
    // In as many answers as the server likes, until one holds nothing more.
    read: async function* ({ place }) {
      for (let next = Math.max(1, place); ;) {
        const page = (await ask(next)).filter(({ number }) => number === 0 || number >= next);
        for (const { number, text } of page) yield { text, place: number };
        const last = Math.max(0, ...page.map(({ number }) => number));
        if (last < next) return;
        next = last + 1;
      }
    },
    append: async (lines) => {
      for (const { text } of lines) {
        const headers = { "content-type": "application/json" };
        const reply = await outbound.request(url, { method: "POST", headers, body: text });
        if (reply.kind === "failed") throw new JournalAway(`it could not be written: ${reply.cause}`);
        if (!WELL(reply.status)) throw new JournalAway(`it could not be written: answered-${reply.status}`);
      }
      return lines.map(({ number }) => number);
    },
  };
};

/** 0 where the line cannot be read: whoever looks at its mark says so. */
const numberOf = (text: string): number => {
  try {
    const { number } = JSON.parse(text) as { number?: unknown };
    return typeof number === "number" && number > 0 ? number : 0;
  } catch {
    return 0;
  }
};
