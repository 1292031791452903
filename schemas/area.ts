// Where a programme or a contract takes people from. Several rules in a list mean "one of these".
import { z } from "zod";
import { GssCode, OdsCode } from "./ids.ts";
import { text } from "./text.ts";

const some = <T extends z.ZodType>(item: T) => z.array(item).min(1);

export const AreaRule = z.union([
  z.strictObject({ authority: some(GssCode) }),
  z.strictObject({ ward: some(GssCode) }),
  z.strictObject({ lsoa: some(GssCode) }),
  /** Deciles of the nation's own index of deprivation; 1 is the most deprived. */
  z.strictObject({ deprivation: z.strictObject({ atMost: z.number().int().min(1).max(9) }) }),
  /** Ids of partnerships in the directory: their members on the day count. */
  z.strictObject({ partnership: some(text(64)) }),
  /** Practices (ODS), or the authority or health area (GSS) of the practice where the person is registered. */
  z.strictObject({ registeredWith: some(z.union([GssCode, OdsCode])) }),
]);
export type AreaRule = z.infer<typeof AreaRule>;
