// The canary's own book: which were sent, and which came through.
export type Canaries = {
  /** This process sends the next one, under this id. False: another has sent one so short a time ago. */
  begin(id: string, everyMs: number): Promise<boolean>;
  /** Its referrer heard how it ended. */
  ended(id: string): Promise<void>;
  /** The last that came through: when, and after how many seconds. */
  last(): Promise<{ at: Date; seconds: number } | undefined>;
  /** Everything of those that began before is taken away. */
  clear(before: Date): Promise<void>;
};
