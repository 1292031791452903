// JSON Schemas for editors, made from the zod schemas: an editor then completes and checks a pack while it is written.
import { z } from "zod";
import { WageRates } from "../../schemas/rates.ts";
import { Holidays } from "../../schemas/holidays.ts";
import { OtherProgrammes } from "../../schemas/others.ts";
import { Programme } from "../../schemas/programme.ts";
import { Directory } from "../../schemas/provider.ts";

const textOf = (schema: z.ZodType, title: string): string =>
  `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) }, undefined, 2)}\n`;

/** File names in `packs/`, and what must stand in them. */
export const packSchemas = (): Record<string, string> => ({
  "programme.schema.json": textOf(Programme, "Waymark programme"),
  "directory.schema.json": textOf(Directory, "Waymark directory"),
  "programmes.schema.json": textOf(OtherProgrammes, "Programmes that others run"),
  "rates.schema.json": textOf(WageRates, "Hourly rates by day"),
  "holidays.schema.json": textOf(Holidays, "Bank holidays"),
});
