// Why a programme or a service was kept or dropped. A clause of a pack brings its own words, which stand in ours.

export const DROPPED = {
  door: "It does not take referrals from this door.",
  participation: "It does not take people on these terms.",
  nation: "It does not run in this nation.",
  "contract-area": "This contract does not cover the place.",
  need: "It does not offer this help.",
  area: "It does not cover this place.",
  status: "It takes nobody at present.",
  reachable: "It cannot be reached by this route.",
  declined: "It has been asked and will not take it.",
} as const;

export const UNPLACED = "We do not know where the person lives.";
export const NO_CONSENT = "The consent that this needs does not stand.";

export const fails = (clause: string): string => `Does not hold: ${clause}`;
export const notKnown = (clause: string): string => `Not known: ${clause}`;
export const excluded = (clause: string): string => `Not so: ${clause}`;
export const setAside = (clause: string): string => `An adviser set this aside: ${clause}`;
export const fits = (told: string | undefined): string => (told === undefined ? "It fits." : `It fits. ${told}`);

/** What every programme asks, whatever else. */
export const ASKS = {
  area: "The person comes from the area of this programme.",
  compatibility: "The person is on no other programme that rules this out.",
} as const;

export const PLACES = {
  none: "It has no free place.",
  held: "Its last places are held for others.",
} as const;
export const heldPlace = (fence: string): string => `It takes a held place: ${fence}`;
export const onlyHeld = (fence: string): string => `Only held places are left. Not known: ${fence}`;

export const courseStarts = (day: string): string => `Its course starts on ${day}.`;
/** `next`: the day on which the next one opens. */
export const noCourse = (why: "none" | "full", next: string | undefined): string => {
  const now = why === "full" ? "Each open course is full." : "No course can be joined now.";
  return `${now} ${next === undefined ? "No more are planned." : `The next one opens on ${next}.`}`;
};
