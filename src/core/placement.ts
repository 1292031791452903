// An employer's vacancy and one person: who may be put forward, and what the employer then hears. A minimised profile only.
import type { Employer, PlacementStage } from "../../schemas/contract.ts";
import type { Programme } from "../../schemas/programme.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Content } from "../../schemas/referral.ts";
import { dayOf } from "./calendar.ts";
import { mayShare } from "./consent.ts";

type Placing = { employer: string; vacancy: string; stage: PlacementStage };
type Role = Employer["vacancies"][number];

export const vacancyOf = ({ employers }: Programme, { employer, vacancy }: Omit<Placing, "stage">): Role | undefined =>
  employers.find(({ id }) => id === employer)?.vacancies.find(({ id }) => id === vacancy);

/** Why a person cannot be put forward. Who was before the closing day may still be seen and taken on after it. */
export const placementFaults = (
  programme: Programme,
  placing: Placing,
  content: Content,
  now: Date,
  before: readonly Placing[],
): Reason[] => {
  const role = vacancyOf(programme, placing);
  const same = before.filter((one) => one.employer === placing.employer && one.vacancy === placing.vacancy);
  if (role === undefined || (role.closes < dayOf(now) && same.length === 0))
    return [reason("vacancy-closed", "vacancy")];
  const permission = mayShare(content.consents, { class: "employer", organisation: placing.employer }, "referral", now);
  if (!permission.holds) return [permission.reason];
  if (same.some(({ stage }) => ORDER.indexOf(stage) > ORDER.indexOf(placing.stage))) return [reason("not-your-turn")];
  return [];
};

const ORDER: readonly PlacementStage[] = ["offered", "interviewed", "filled"];

/** Wishes and what was learnt. No name, no address, no age; nothing of health before a job is offered (Equality Act 2010, s.60). */
export const profileOf = (content: Content, courses: readonly string[]) => ({
  jobPreferences: content.work?.jobPreferences ?? [],
  preferredHours: content.work?.preferredHours,
  rightToWork: content.facts.rightToWork,
  courses: [...courses],
});
