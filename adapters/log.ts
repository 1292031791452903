// The log: one JSON line each, codes and ids only. What should never be there is cut here once more, as a second fence.
import { pino, stdTimeFunctions, type DestinationStream, type LogFn, type Logger } from "pino";
import { NhsNumber, nhsNumberChecks } from "../schemas/numbers.ts";

export type Log = Pick<Logger, "info" | "warn" | "error" | "debug">;

/** Names under which something personal or secret might be handed over by mistake. */
const FENCED: ReadonlySet<string> = new Set(
  [
    ["body", "content", "person", "headers", "authorization", "cookie", "query", "url", "params"],
    ["name", "nhsNumber", "nino", "birthDate", "address", "postcode", "phone", "email", "note"],
    ["token", "secret", "password", "apiKey", "api_key", "client_assertion", "webhookSecrets"],
  ].flat(),
);

const NUMBER = /(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])/g;
const NINO = /(?<![A-Za-z\d])[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d](?![A-Za-z\d])/g;

/** Numbers that check as NHS numbers, and National Insurance numbers, wherever they stand in a text. */
export const scrubbed = (text: string): string =>
  text
    .replaceAll(NUMBER, (found) => (nhsNumberChecks(NhsNumber.parse(found)) ? "[number]" : found))
    .replaceAll(NINO, "[number]");

const DEEP = 4;
const KEPT_OUT = "[kept out]";

const scrub = (value: unknown, depth = 0): unknown => {
  if (typeof value === "string") return scrubbed(value);
  if (value instanceof Error) return errorOf(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth >= DEEP) return "[deep]";
  if (Array.isArray(value)) return value.map((one) => scrub(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, FENCED.has(key) ? KEPT_OUT : scrub(inner, depth + 1)]),
  );
};

/**
 * An error without what it quotes. Parsers and databases put the very value into the message and into fields of
 * their own, so quoted parts go, a parser's message goes whole, and of the stack only the frames stay.
 */
const errorOf = (error: Error, depth = 0): Record<string, unknown> => ({
  type: error.name,
  ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
  ...(error instanceof SyntaxError ? {} : { message: scrubbed(error.message.replaceAll(/(["'`]).*?(\1|$)/gs, "…")) }),
  stack: error.stack?.split("\n").filter((line) => /^\s+at /.test(line)),
  ...(error.cause instanceof Error && depth < DEEP ? { cause: errorOf(error.cause, depth + 1) } : {}),
});

/** So much of the log may wait for a reader who has stopped reading. Past it lines are lost, and the broker goes on. */
const WAITING_BYTES = 16 * 1024 * 1024;

/**
 * What comes while a line is being written goes out with the next write: no request or job waits for whoever reads the log. The rest is
 * written when the process ends; of one that is killed, the lines of its last moment are lost. How many were lost to a slow reader is said
 * once it reads again.
 */
export const outputTo = (fd: number, most = WAITING_BYTES): DestinationStream => {
  const output = pino.destination({ dest: fd, sync: false, maxLength: most });
  let lost = 0;
  output.on("drop", () => void (lost += 1));
  output.on("drain", () => {
    if (lost === 0) return;
    output.write(`{"level":"warn"${stdTimeFunctions.isoTime()},"lines":${lost},"msg":"log lines lost"}\n`);
    lost = 0;
  });
  return output;
};

export const createLog = (options: { level: string; destination?: DestinationStream }): Logger =>
  pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      hooks: {
        // pino takes an error's own message when no other is given: never here.
        logMethod(args: unknown[], method) {
          const [first, ...rest] = args;
          const fields = first instanceof Error ? { err: first } : first;
          const words = rest.map((one) => (typeof one === "string" ? scrubbed(one) : one));
          const named = typeof fields === "object" && words.length === 0 ? ["-"] : words;
          const line = [typeof fields === "string" ? scrubbed(fields) : fields, ...named];
          method.apply(this, line as Parameters<LogFn>);
        },
      },
      serializers: { err: (value: unknown) => value },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => scrub(fields) as Record<string, unknown>,
      },
    },
    options.destination ?? outputTo(process.stdout.fd),
  );
