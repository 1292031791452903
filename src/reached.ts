// Which destinations answered since the last look: handed over once, and then forgotten.
export const createReached = () => {
  let answers = new Map<string, Date>();
  return {
    note: (destination: string, at: Date): void => void answers.set(destination, at),
    take: (): ReadonlyMap<string, Date> => {
      const taken = answers;
      answers = new Map();
      return taken;
    },
  };
};
