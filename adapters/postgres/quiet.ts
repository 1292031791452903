// A database's error repeats what was sent to it: values, keys, whole parameters. None of that may reach a log, so it is taken
// out where it enters; code, constraint, table and column stay.

/** SQLSTATE class 22, data exception: the message quotes the value behind a colon. */
const DATA_EXCEPTION = /^22/;

const TELLING = ["detail", "where", "params", "query", "queryOptions", "internalQuery"] as const;

export const quiet = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const told = error as Error & { code?: unknown } & Partial<Record<(typeof TELLING)[number], unknown>>;
  for (const name of TELLING) delete told[name];
  if (typeof told.code === "string" && DATA_EXCEPTION.test(told.code)) {
    const said = told.message;
    told.message = said.replace(/(: )?".*"/s, "");
    if (told.stack !== undefined) told.stack = told.stack.replace(said, told.message);
  }
  return told;
};
