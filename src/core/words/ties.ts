// Why this service and not another that fits too.

export const ONLY = "It alone fits.";
export const CHOSEN = "The person chose this service.";
/** Follows what is equal. */
export const byId = (equal: string): string => `${equal} First by id.`;

export const SINGLE = {
  oneContract: "One contract has more than one service that fits.",
  manyContracts: "At least two contracts fit here.",
} as const;
export const contractFirst = (partnership: string | undefined): string =>
  `${SINGLE.manyContracts} ${partnership === undefined ? "It names the place itself." : `${partnership} goes first.`}`;

export const ON_SITE = {
  first: "It works where the person is seen.",
  equal: "None is nearer to where the person is seen.",
} as const;

export const NEAREST = {
  first: "It is the nearest to where the person lives.",
  equal: "None is nearer to where the person lives.",
  unknown: "How far each is, is not known.",
  own: "How far each is, is not known. It is one of the person's own council.",
} as const;

export const CAPACITY = { first: "It has the most free places.", equal: "They have as many free places." } as const;
export const SHARE = {
  first: "It is furthest behind its share.",
  equal: "They are as far behind their shares.",
} as const;
export const carried = (all: boolean, behind: readonly { service: string; places: number }[]): string => {
  const what =
    behind.length === 0
      ? "nobody is a whole place behind"
      : behind.map(({ service, places }) => `${service} is ${places} behind`).join(", ");
  return `${all ? "" : "Not all can be asked now. "}Carried over: ${what}.`;
};

export const CHOICE = {
  one: "One service fits.",
  unknown: "The person chose a service that we do not know.",
  noHelp: "It gives no help of this kind here.",
} as const;
export const notChosen = (service: string, why: string): string =>
  `The person chose ${service}, which cannot be asked: ${why}`;
