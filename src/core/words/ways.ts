// What would have changed a refusal. Nothing here asks anybody to change who they are or what they say of themselves, and
// no sentence holds a day or a fact of the person: the same words serve every reader.
import type { Alternative } from "../../../schemas/receipt.ts";

/** Facts by their path, as people speak of them. */
const FACT: Record<string, string> = {
  area: "where the home is",
  need: "what the need is",
  "person.birthDate": "the date of birth",
  "person.practice": "the GP practice",
  "facts.employment": "whether there is a job now",
  "facts.unemployedSince": "when the last job ended",
  "facts.inWorkSince": "when the job began",
  "facts.benefit": "which benefit is paid",
  "facts.claimStart": "when the claim began",
  "facts.regime": "which work group it is",
  "facts.regimeSince": "since when that work group",
  "facts.assessmentPeriods": "the last months of the claim",
  "facts.longTermCondition": "whether there is a long-term health problem",
  "facts.disability": "whether there is a disability",
  "facts.groups": "which groups apply",
  "facts.rightToWork": "whether there is a right to work",
  "facts.housing": "how the home stands",
  "facts.releasedOn": "the day of release",
  "facts.childcareNeeded": "whether childcare is needed",
  "facts.basicSkills": "which basic skills are wanted",
  "facts.sex": "the sex",
  "facts.ethnicGroup": "the ethnic group",
  "facts.belief": "the faith",
  "facts.programmes": "which programmes came before",
  "choice.service": "which service is chosen",
};
const fact = (path: string): string => FACT[path] ?? "one more fact";

const DOOR = { gp: "a GP", jobcentre: "a Jobcentre", council: "a council" } as const;

export const mayFitWith = (programme: string, path: string): string =>
  `${programme} may fit. We need to know ${fact(path)}.`;
export const fitsOnceShared = (programme: string): string => `${programme} fits, once there is a yes to share.`;
export const fitsOnceWilling = (programme: string): string => `${programme} fits, once there is a yes to take part.`;
export const fitsLater = (programme: string): string => `${programme} can fit from a later day.`;
export const needsFirst = (programme: string, step: string): string => `${programme} asks for this first: ${step}`;
export const isFull = (service: string): string => `${service} is full. A place may come free.`;
export const courseOpens = (service: string): string => `${service} will open a new course.`;
export const goesThrough = (programme: string, door: keyof typeof DOOR): string =>
  `${programme} takes this through ${DOOR[door]}.`;
export const alsoHelps = (service: string): string => `${service} helps with this too, and is open.`;

/** For the person: with the day. `on` is in words. */
export const onDay = (way: Pick<Alternative, "words">, on: string | undefined): string =>
  on === undefined ? way.words : `${way.words} The day is ${on}.`;
