// How a homeless person was referred to the council that they chose.
import type { DutyToRefer } from "../../../schemas/duty.ts";

export const REFERRED: Record<DutyToRefer["referred"], string> = {
  "under-duty": "Sent under the duty to refer, to the council that the person chose.",
  voluntary: "This is a voluntary referral. It goes to the council that the person chose.",
};
