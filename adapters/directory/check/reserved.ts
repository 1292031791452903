// The canary's own name: a programme, a commissioner or a funder under it would be counted, shown and left out with the canary.
import { CANARY } from "../../../schemas/canary.ts";
import { type Check, type Finding, when } from "./finding.ts";

export const reservedFindings: Check = ({ programme, commissioner, funders }) => [
  ...own(programme, ["programme"]),
  ...own(commissioner.id, ["commissioner", "id"]),
  ...funders.flatMap(({ id }, at) => own(id, ["funders", at, "id"])),
];

const own = (id: string, at: readonly (string | number)[]): Finding[] =>
  when(id === CANARY, at, `"${CANARY}" is the name of the broker's own canary. Choose another.`);
