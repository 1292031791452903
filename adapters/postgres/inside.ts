// Knows whether this code runs inside a transaction. A second transaction from there would wait for itself:
// on the embedded engine for ever, on a server until the pool is empty. So it is refused with plain words instead.
import { AsyncLocalStorage } from "node:async_hooks";

type Stay = { label: string; over: boolean };
const stays = new AsyncLocalStorage<Stay>();

export const refuseInside = (wish: string): void => {
  const stay = stays.getStore();
  if (stay !== undefined && !stay.over) {
    throw new Error(`${wish} was asked for inside a transaction of ${stay.label}: use that transaction's own query`);
  }
};

/** Runs `run` as the inside of a transaction. What it left running when it ended counts as outside again. */
export const inside = async <T>(label: string, run: () => Promise<T>): Promise<T> => {
  const stay: Stay = { label, over: false };
  try {
    return await stays.run(stay, run);
  } finally {
    stay.over = true;
  }
};
