// The query of GET requests: ids, or a window of at most 90 days, with status and services.
import { z } from "zod";
import { read, type Read } from "../../schemas/faults.ts";
import { reason } from "../../schemas/reason.ts";
import { Instant } from "../../schemas/text.ts";
import type { Named } from "./caller.ts";

const NINETY_DAYS = 90 * 24 * 60 * 60 * 1_000;
const MOST_IDS = 50;

const split = (value: unknown): unknown =>
  typeof value === "string" ? value.split(",").map((part) => part.trim()) : value;

const list = <T extends z.ZodType>(item: T) => z.preprocess(split, z.array(item).max(MOST_IDS).optional());

const Query = z.object({
  service_request_id: list(z.string().max(64)),
  service_code: list(z.string().max(64)),
  status: list(z.enum(["open", "closed"])),
  start_date: Instant.optional(),
  end_date: Instant.optional(),
});

export type Filter = {
  ids?: readonly string[];
  services?: readonly string[];
  statuses?: readonly string[];
  from: Date;
  to: Date;
};

export const readFilter = (named: Named, now: Date): Read<Filter> => {
  const query = read(Query, Object.fromEntries(Object.keys(Query.shape).map((name) => [name, named(name)])));
  if (!query.ok) return query;
  const { service_request_id: ids, service_code: services, status: statuses, start_date, end_date } = query.value;
  // One end given alone spans ninety days from it, as the specification's default does from now.
  const to =
    end_date === undefined
      ? new Date(start_date === undefined ? now : Math.min(now.getTime(), Date.parse(start_date) + NINETY_DAYS))
      : new Date(end_date);
  const from = new Date(start_date ?? to.getTime() - NINETY_DAYS);
  if (to.getTime() - from.getTime() > NINETY_DAYS || to < from)
    return { ok: false, reasons: [reason("invalid", "end_date")] };
  return { ok: true, value: { ids, services, statuses, from, to } };
};
