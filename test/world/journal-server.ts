// A journal at an address, as somebody keeps it on another machine: lines are posted, kept once each, and read back by number.
import { createServer } from "node:http";
import { text as textOf } from "node:stream/consumers";

/** `down` answers 503. `mute` keeps what it is sent and hangs up without an answer. */
type Manner = "well" | "down" | "mute";

export type JournalServer = {
  url: string;
  /** What it keeps, in the order in which it came. */
  texts: string[];
  /** How many posts came, whatever became of them. */
  posts(): number;
  behaves(manner: Manner): void;
  close(): Promise<void>;
};

/** As many lines as it likes in one answer. */
const PAGE = 3;

export const openJournalServer = async (): Promise<JournalServer> => {
  const texts: string[] = [];
  let manner: Manner = "well";
  let posts = 0;
  const server = createServer(async (req, res) => {
    if (req.method === "POST") posts += 1;
    if (manner === "down") return void res.writeHead(503).end();
    if (req.method === "POST") {
      const text = await textOf(req);
      if (!texts.includes(text)) texts.push(text);
      return void (manner === "mute" ? req.socket.destroy() : res.writeHead(204).end());
    }
    const from = Number(new URL(req.url ?? "", "http://journal").searchParams.get("from"));
    const page = texts.filter((text) => (JSON.parse(text) as { number: number }).number >= from).slice(0, PAGE);
    res.writeHead(200).end(page.map((text) => `${text}\n`).join(""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/waymark?token=s3cret`,
    texts,
    posts: () => posts,
    behaves: (next) => void (manner = next),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
