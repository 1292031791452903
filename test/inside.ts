// An engine that knows whether code runs inside one of its transactions. A second transaction from there would wait for itself: on the
// embedded engine until its turn runs out, on a server until the pool is empty. So every test of the store is told with plain words.
// Not in the program itself: on Node 20 to follow each promise costs a fifth of a worker's time.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Engine } from "../adapters/postgres/engine.ts";

type Stay = { label: string; over: boolean };
const stays = new AsyncLocalStorage<Stay>();

const refuseInside = (wish: string): void => {
  const stay = stays.getStore();
  if (stay !== undefined && !stay.over) {
    throw new Error(`${wish} was asked for inside a transaction of ${stay.label}: use that transaction's own query`);
  }
};

/** Runs `run` as the inside of a transaction. What it left running when it ended counts as outside again. */
const inside = async <T>(label: string, run: () => Promise<T>): Promise<T> => {
  const stay: Stay = { label, over: false };
  try {
    return await stays.run(stay, run);
  } finally {
    stay.over = true;
  }
};

export const refusingNested = (engine: Engine): Engine => ({
  ...engine,
  transaction: async (role, run, manner) => {
    refuseInside(`a transaction of ${role}`);
    return engine.transaction(role, (query) => inside(role, () => run(query)), manner);
  },
  single: async (sql, values, name) => {
    refuseInside("a statement of the worker");
    return engine.single(sql, values, name);
  },
  take: async (sql, values, name) => {
    refuseInside("a statement of intake");
    return engine.take(sql, values, name);
  },
  now: async () => {
    refuseInside("the store's clock");
    return engine.now();
  },
});
