// Answers for equality monitoring: kept apart, opened for counts alone.
import type { Monitoring } from "../../schemas/monitoring.ts";

export type MonitoringBook = {
  /** False once the person is erased. The newest answers of a person count. */
  keep(given: { id: string; referral: string; answers: Monitoring }): Promise<boolean>;
  /** The newest answers of each person who is not erased, by the id of their case, a page at a time. */
  page(asked: { after?: string; limit: number; test: boolean }): Promise<{ case: string; answers: Monitoring }[]>;
};
