// Letters by SMTP (RFC 5321); text messages as mail to the gateway of an operator's choice.
// An answer lost after the message began is unknown: SMTP keeps nothing by which it could be asked.
import { Readable } from "node:stream";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { LetterTo } from "../../schemas/letter.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";
import type { Carrier } from "./carrier.ts";
import { outcomeOf } from "./smtp-outcome.ts";
import { write } from "./words.ts";

export type SmtpOptions = {
  /** `smtps://` is TLS from the first byte, `smtp+starttls://` must upgrade, `smtp://` may. */
  url: string;
  from: string;
  /** Domain of a gateway from mail to text messages: `<number>@<domain>`. Without it no text can leave. */
  textDomain?: string | undefined;
  /** Whom to trust where the server's certificate is not from one of the usual authorities. */
  tls?: { ca?: string };
  /** For one whole letter, from the dial to the last answer. */
  timeoutMs?: number;
};

const TIMEOUT_MS = 30_000;

export const createSmtp = ({ url, from, textDomain, tls, timeoutMs = TIMEOUT_MS }: SmtpOptions): Carrier => {
  const server = serverOf(url, timeoutMs, tls);
  return {
    ways: textDomain === undefined ? ["email"] : ["email", "text"],
    idempotent: false,
    async send(letter, to) {
      const form = write(letter, to.by);
      const address = addressOf(to, textDomain);
      if (form === undefined || address === undefined) return { kind: "refused", cause: "no-such-letter" };
      const mail = new MailComposer({
        from,
        to: address,
        subject: form.subject,
        text: form.body,
        messageId: `<${letter.id}@${domainOf(from)}>`,
        // RFC 3834: no out-of-office answers to a machine.
        headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      });
      return post(server, { from: mailboxOf(from), to: address }, await mail.compile().build(), timeoutMs);
    },
    /** Nobody can be asked. */
    fate: async () => "unsure",
  };
};

type Server = { connection: ConstructorParameters<typeof SMTPConnection>[0]; login?: { user: string; pass: string } };

const serverOf = (raw: string, timeoutMs: number, tls: SmtpOptions["tls"]): Server => {
  const url = new URL(raw);
  const secure = url.protocol === "smtps:";
  const connection = {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || (secure ? 465 : url.protocol === "smtp:" ? 25 : 587)),
    secure,
    requireTLS: url.protocol === "smtp+starttls:",
    tls: { minVersion: "TLSv1.2" as const, ...tls },
    connectionTimeout: Math.min(timeoutMs, 5_000),
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: Math.min(timeoutMs, 5_000),
    maxResponseSize: 65_536,
  };
  if (url.username === "") return { connection };
  return {
    connection,
    login: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
  };
};

/** One letter over one connection, within one deadline. */
const post = (
  { connection: options, login }: Server,
  envelope: { from: string; to: string },
  mail: Buffer,
  ms: number,
) =>
  new Promise<AttemptOutcome>((resolve) => {
    const connection = new SMTPConnection(options);
    let begun = false;
    /** Drawn from only when the server has said "go ahead" to DATA. */
    const message = function* (): Generator<Buffer> {
      begun = true;
      yield mail;
    };
    let settled = false;
    const settle = (outcome: AttemptOutcome): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      connection.close();
      resolve(outcome);
    };
    const fail = (error: Error): void => settle(outcomeOf(error, begun));
    const timer = setTimeout(() => fail(new Error("Timeout")), ms);
    const send = (): void =>
      connection.send({ from: envelope.from, to: [envelope.to] }, Readable.from(message()), (error) => {
        if (error) fail(error);
        else settle({ kind: "accepted", status: 250 });
      });
    connection.on("error", fail);
    connection.connect((error?: Error | null) => {
      if (error) return fail(error);
      if (login === undefined) return send();
      connection.login({ credentials: login }, (refused) => (refused ? fail(refused) : send()));
    });
  });

const addressOf = (to: LetterTo, textDomain: string | undefined): string | undefined => {
  if (to.by === "email") return to.address;
  return textDomain === undefined ? undefined : `${to.mobile.replace("+", "")}@${textDomain}`;
};

/** `Waymark <no-reply@example.org>` as `no-reply@example.org`. */
const mailboxOf = (from: string): string => /<([^>]+)>\s*$/.exec(from)?.[1] ?? from;
const domainOf = (from: string): string => mailboxOf(from).split("@").at(-1) ?? "localhost";
