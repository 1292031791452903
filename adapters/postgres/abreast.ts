// How many may go for the same thing at one time. Whoever waits for a lock in the store holds a connection meanwhile: the rest wait
// here, in the order in which they came, so that one busy lock takes neither every connection nor anybody's patience.
type Line = { going: number; waiting: (() => void)[] };

export const createAbreast = (most: number) => {
  const lines = new Map<string, Line>();

  const enter = (name: string): Promise<Line> => {
    const line = lines.get(name) ?? { going: 0, waiting: [] };
    lines.set(name, line);
    if (line.going < most) {
      line.going += 1;
      return Promise.resolve(line);
    }
    return new Promise((admit) => line.waiting.push(() => admit(line)));
  };

  /** Its place goes to whoever is next. */
  const leave = (name: string, line: Line): void => {
    const next = line.waiting.shift();
    if (next !== undefined) return next();
    line.going -= 1;
    if (line.going === 0) lines.delete(name);
  };

  return async <Result>(name: string, run: () => Promise<Result>): Promise<Result> => {
    const line = await enter(name);
    try {
      return await run();
    } finally {
      leave(name, line);
    }
  };
};
