// Ids of a caller's are kept and repeated in plain sight, so one that is somebody's national number is not kept.
import { Nino, NhsNumber, nhsNumberChecks } from "../../schemas/numbers.ts";

/** An NHS number's ten digits; a National Insurance number has nine characters. */
const LONGEST = 10;

/** The id as sent, or undefined where it is an NHS number or a National Insurance number. */
export const opaque = (id: string | undefined): string | undefined => {
  if (id === undefined) return undefined;
  // Neither number is longer, however it is spaced, and most ids are: no need to ask the schemas.
  if (id.replace(/[\s-]/g, "").length > LONGEST) return id;
  const number = NhsNumber.safeParse(id);
  const isNumber = number.success && nhsNumberChecks(number.data);
  return isNumber || Nino.safeParse(id).success ? undefined : id;
};
