// A mail server of someone else's, real SMTP on loopback: it keeps what it takes, and behaves as a test tells it to.
import type { AddressInfo, Socket } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export type Mail = { to: string; from: string; secure: boolean; user?: string; raw: string; mail: Email };

export type PostOffice = {
  port: number;
  mails: Mail[];
  /** The reply codes of later sessions: `data` after the message has come whole. Left out: it is taken. */
  refuses(codes: { connect?: number; from?: number; to?: number; data?: number; auth?: number }): void;
  /** `hang`: never answers again. `drop`: cuts the line. Before the message, or when it has come whole. */
  breaks(how?: { at: "to" | "data"; by: "hang" | "drop" }): void;
  /** Resolves with the first mail that fits, also one that is still to come. */
  waits(fits: (mail: Mail) => boolean): Promise<Mail>;
  close(): Promise<void>;
};

const coded = (code: number): Error => Object.assign(new Error("as told"), { responseCode: code });

export const startPostOffice = async (options: SMTPServerOptions = {}): Promise<PostOffice> => {
  const mails: Mail[] = [];
  const waiting = new Set<() => void>();
  let codes: Parameters<PostOffice["refuses"]>[0] = {};
  let broken: Parameters<PostOffice["breaks"]>[0];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.cert === undefined ? ["STARTTLS"] : [],
    logger: false,
    closeTimeout: 50,
    ...options,
    onConnect: (_session, done) => done(codes.connect === undefined ? null : coded(codes.connect)),
    onAuth: ({ username, password }, _session, done) => {
      if (codes.auth !== undefined || password !== "open sesame") return done(coded(codes.auth ?? 535));
      done(null, { user: username });
    },
    onMailFrom: (_address, _session, done) => done(codes.from === undefined ? null : coded(codes.from)),
    onRcptTo: (_address, _session, done) => {
      if (broken?.at === "to") return breakOff(broken.by);
      done(codes.to === undefined ? null : coded(codes.to));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        void (async () => {
          if (codes.data !== undefined) return done(coded(codes.data));
          const raw = Buffer.concat(chunks).toString("utf8");
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            to: rcptTo[0]?.address ?? "",
            from: mailFrom === false ? "" : mailFrom.address,
            secure: session.secure,
            ...(session.user === undefined ? {} : { user: session.user }),
            raw,
            mail: await PostalMime.parse(raw),
          });
          for (const wake of waiting) wake();
          if (broken?.at === "data") return breakOff(broken.by);
          done();
        })();
      });
    },
  });
  const sockets = new Set<Socket>();
  server.server.on("connection", (socket) => sockets.add(socket));
  const breakOff = (by: "hang" | "drop"): void => {
    if (by === "drop") for (const socket of sockets) socket.destroy();
  };
  // A client that hangs up in the middle is what some tests are about.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuses: (next) => (codes = next),
    breaks: (how) => (broken = how),
    waits: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = mails.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
