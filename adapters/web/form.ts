// A form as it was sent: one text for each name, trimmed. Line ends are as we keep them.
import type { Request } from "express";
import { z } from "zod";

const Form = z.record(z.string(), z.string().max(4_000)).catch({});

export const formOf = (req: Request<never> | Request): Record<string, string> => {
  const entries = Object.entries(Form.parse(req.body ?? {}));
  return Object.fromEntries(entries.map(([name, value]) => [name, value.trim().replaceAll("\r\n", "\n")]));
};

/** Three boxes, whose names begin with `box`, as a day; `undefined` where all are empty. What is no day stays as it was typed, for the schema to refuse. */
export const dayOf = (form: Record<string, string>, box = "on"): string | undefined => {
  const [day = "", month = "", year = ""] = ["day", "month", "year"].map((part) => form[`${box}-${part}`]);
  if (`${day}${month}${year}` === "") return undefined;
  return `${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
};
