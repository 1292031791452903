// The payload table: what each job carries through the queue. Ids only; a worker parses before it believes.
import { Ring } from "../schemas/work.ts";

export const PAYLOADS = { ring: Ring } as const;
export type JobName = keyof typeof PAYLOADS;
