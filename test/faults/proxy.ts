// A proxy before PostgreSQL that loses the answer to some commits: it passes on what commits, waits until it was done, and cuts the line.
import { createServer, connect } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** A simple query as it stands on the wire: Q, its length, its text and a zero. */
const COMMIT = Buffer.concat([Buffer.from("Q"), Buffer.from([0, 0, 0, 11]), Buffer.from("COMMIT\0")]);

/** The end of a bind to no portal of intake's statement, which commits by itself: the two names as they stand on the wire. */
const TAKE = Buffer.from("\0take\0");
const commits = (piece: Buffer): boolean => piece.includes(COMMIT) || piece.includes(TAKE);

export type LossyProxy = {
  url: string;
  /** Share of commits whose answer is lost from now on. */
  lose(share: number): void;
  lost(): number;
};

export const lossyProxy = async (to: string): Promise<LossyProxy> => {
  const target = new URL(to);
  let share = 0;
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let cutting = false;
    for (const socket of [client, upstream]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (piece) => {
      if (!cutting && commits(piece) && Math.random() < share) {
        cutting = true;
        lost += 1;
      }
      upstream.write(piece);
    });
    upstream.on("data", (piece) => {
      // The answer says that it was committed, and nobody hears it.
      if (cutting) client.destroy();
      else client.write(piece);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It serves as long as somebody is there, and holds nobody up at the end.
  server.unref();
  const url = new URL(to);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    lose: (value) => void (share = value),
    lost: () => lost,
  };
};
