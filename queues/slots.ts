// So many at one time. Whoever comes later waits in line.
export type Slots = {
  /** True once there is a place; false when none will be given any more. */
  take(): Promise<boolean>;
  free(): void;
  /** Nobody gets a place from now on: those who wait are told at once. */
  close(): void;
};

export const openSlots = (count: number): Slots => {
  const line: ((taken: boolean) => void)[] = [];
  let left = count;
  let closed = false;
  return {
    take() {
      if (closed) return Promise.resolve(false);
      if (left === 0) return new Promise((resolve) => void line.push(resolve));
      left -= 1;
      return Promise.resolve(true);
    },
    free() {
      const next = line.shift();
      if (next === undefined) left += 1;
      else next(true);
    },
    close() {
      closed = true;
      for (const next of line.splice(0)) next(false);
    },
  };
};
