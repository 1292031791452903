// Whoever asks waits no longer than this.

export class NotInTime extends Error {
  override name = "NotInTime";
}

/** What ends after its time is nobody's any more: neither its value nor its fault is heard. */
export const inTime = async <T>(asked: Promise<T>, ms: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotInTime(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
};
