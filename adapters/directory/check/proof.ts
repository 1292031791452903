// What is proven of a pack rather than looked up in it: that every clause does something and can be met, and that every
// place it claims is served. It takes longer than a start may, so a start leaves it out.
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { proveClauses } from "../../../src/core/proof/clauses.ts";
import { findGaps } from "../../../src/core/proof/gaps.ts";
import type { Finding } from "./finding.ts";

/** `notes` are places of which nothing could be proven, for want of time. */
export const provenOf = (
  programme: Programme,
  directory: Directory,
  today: string,
): { faults: Finding[]; notes: Finding[] } => {
  const { faults, unproven } = proveClauses(programme, directory);
  return { faults: [...faults, ...findGaps(programme, asItWas(programme, directory, today))], notes: unproven };
};

/** That a service is shut today says nothing of a programme that has ended. */
const asItWas = ({ validTo }: Programme, directory: Directory, today: string): Directory =>
  validTo === undefined || validTo >= today
    ? directory
    : { ...directory, services: directory.services.map((service) => ({ ...service, status: "open" })) };
