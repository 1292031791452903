// The payload table: what each job carries through the queue. Ids only; a worker parses before it believes.
import { z } from "zod";
import { Ring } from "../schemas/work.ts";

/** What a job costs is shared by so many rings at most, and of what was leased together several workers still have some each. */
export const RINGS_IN_A_JOB = 8;

/** The rings of a page are read one by one: a bad one spoils no other. */
const Page = z.object({ rings: z.array(z.unknown()).min(1).max(RINGS_IN_A_JOB) });

export const PAYLOADS = { page: Page, ring: Ring } as const;
export type JobName = "page";
export type PageOfRings = { rings: readonly Ring[] };

export const pagesOf = (rings: readonly Ring[], size = RINGS_IN_A_JOB): PageOfRings[] =>
  Array.from({ length: Math.ceil(rings.length / size) }, (_, at) => ({
    rings: rings.slice(at * size, (at + 1) * size),
  }));

/** What a job carries, still to be read ring by ring. What is no page is taken for a ring, as a version before this one sent it. */
export const ringsIn = (payload: unknown): unknown[] => {
  const page = PAYLOADS.page.safeParse(payload);
  return page.success ? page.data.rings : [payload];
};
