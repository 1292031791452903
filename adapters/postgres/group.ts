// Group commit: many callers share one transaction. A group that fails is tried again item by item, so that one caller
// never fails another; the line is bounded, and past it the answer is "busy" at once.
export type GroupSize = {
  /** Items in one group. */
  most?: number;
  /** How long the first of a group waits for company. */
  waitMs?: number;
  /** Groups at the same time. */
  inFlight?: number;
  /** Items that may wait. */
  line?: number;
};

export type GroupOptions<Item, Result> = GroupSize & {
  /** Answers each item, in order. It may see an item a second time, after a group failed. */
  run: (items: Item[]) => Promise<Result[]>;
};

export type Group<Item, Result> = {
  submit(item: Item): Promise<Result | "busy">;
  /** Takes nothing more, and returns when everything that was taken has its answer. */
  close(): Promise<void>;
};

type Caller<Item, Result> = { item: Item; resolve(result: Result): void; reject(error: unknown): void };

export const createGroup = <Item, Result>(options: GroupOptions<Item, Result>): Group<Item, Result> => {
  const { most = 200, waitMs = 2, inFlight = 2, line = 10_000, run } = options;
  const waiting: Caller<Item, Result>[] = [];
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  let ripe = false;
  let closed = false;
  let drained: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  const answers = async (callers: Caller<Item, Result>[]): Promise<Result[]> => {
    const results = await run(callers.map((caller) => caller.item));
    if (results.length !== callers.length) throw new Error("a group was answered with another number of results");
    return results;
  };

  const alone = async (caller: Caller<Item, Result>): Promise<void> => {
    try {
      const [result] = await answers([caller]);
      caller.resolve(result as Result);
    } catch (error) {
      caller.reject(error);
    }
  };

  const together = async (callers: Caller<Item, Result>[]): Promise<void> => {
    try {
      const results = await answers(callers);
      callers.forEach((caller, place) => caller.resolve(results[place] as Result));
    } catch (error) {
      if (callers.length === 1) callers[0]?.reject(error);
      else for (const caller of callers) await alone(caller);
    }
  };

  const launch = (): void => {
    const enough = ripe ? 1 : most;
    while (running < inFlight && waiting.length >= enough) {
      running += 1;
      void together(waiting.splice(0, most)).then(landed);
    }
    if (waiting.length === 0) {
      ripe = false;
      clearTimeout(timer);
      timer = undefined;
    }
    if (closed && running === 0 && waiting.length === 0) drained?.();
  };

  const landed = (): void => {
    running -= 1;
    // Those who waited for a free place have waited long enough.
    ripe = waiting.length > 0;
    launch();
  };

  const ripen = (): void => {
    timer = undefined;
    ripe = true;
    launch();
  };

  return {
    submit: (item) => {
      if (closed || waiting.length >= line) return Promise.resolve("busy");
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (waiting.length >= most) launch();
        else if (!ripe) timer ??= setTimeout(ripen, waitMs);
      });
    },
    close: () => {
      closing ??= new Promise((resolve) => {
        closed = true;
        drained = resolve;
        ripe = true;
        launch();
      });
      return closing;
    },
  };
};
