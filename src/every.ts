// Again and again, one after the other: a run that hangs is not overtaken, and a stop waits for the one that is under way.
export const every = (ms: number, run: () => Promise<void>): { stop(): Promise<void> } => {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => void (running ??= run().finally(() => (running = undefined))), ms).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
