// As much of a logger as this room needs. Fields are codes, ids and numbers; nothing about a person ever stands in them.
export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** What may be said of an error. Its message may quote what it choked on, so only its code and where it broke are kept. */
export const causeOf = (error: unknown): { cause: string; frames?: string[] } => {
  if (!(error instanceof Error)) return { cause: typeof error };
  const code = (error as { code?: unknown }).code;
  const frames = error.stack?.split("\n").flatMap((line) => (/^\s+at /.test(line) ? [line.trim()] : []));
  return { cause: typeof code === "string" ? code : error.name, ...(frames && { frames: frames.slice(0, 8) }) };
};

/** A connection that is down complains every second: one line when it goes, one when it is back. */
export const complaints = (log: Log, what: string): { failed(error: unknown): void; recovered(): void } => {
  let said: string | undefined;
  return {
    failed(error) {
      const { cause } = causeOf(error);
      if (said === cause) return;
      said = cause;
      log.warn({ what, cause }, `${what} is failing`);
    },
    recovered() {
      if (said === undefined) return;
      said = undefined;
      log.info({ what }, `${what} works again`);
    },
  };
};
