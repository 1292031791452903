// Made-up programmes for the month: twelve areas in four nations, each with three services that can be asked one after the other.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Programme } from "../../schemas/programme.ts";

export const AREAS = 12;
const two = (at: number): string => String(at).padStart(2, "0");
const areas = Array.from({ length: AREAS }, (_, at) => at + 1);

/** Eight areas of England, two of Scotland, one each of Wales and Northern Ireland: their bank holidays differ. */
const NATIONS = [
  { to: 8, code: "E09", nation: "england" },
  { to: 10, code: "S12", nation: "scotland" },
  { to: 11, code: "W06", nation: "wales" },
  { to: 12, code: "N09", nation: "northern-ireland" },
] as const;
const nationOf = (area: number) => NATIONS.find(({ to }) => area <= to) ?? NATIONS[0];

/** Invented: no such authority, and no such postcode. */
export const authorityOf = (area: number): string => `${nationOf(area).code}0002${two(area)}`;
export const postcodeOf = (area: number): string => `ZZ${area} 2AA`;
/** In every second area people look for work. */
export const needOf = (area: number) => (area % 2 === 0 ? ("employment" as const) : ("debt-advice" as const));

/** The first is a prime; the last is its delivery partner, which is never asked first. */
const LETTERS = ["a", "b", "c"] as const;
export const helperOf = (area: number, letter: (typeof LETTERS)[number] | "d"): string =>
  `helper-${two(area)}-${letter}`;
export const partnerOf = (provider: string): string | undefined =>
  provider.endsWith("-a") ? provider.replace(/a$/, "d") : undefined;
export const HELPERS = areas.flatMap((area) => [...LETTERS, "d" as const].map((letter) => helperOf(area, letter)));
/** Have no address of their own, and look into their queue. */
export const PULLING: ReadonlySet<string> = new Set([helperOf(3, "b"), helperOf(6, "b")]);

/** Some answer on some days alone, and one shuts before Easter. */
const OPENS: Partial<Record<string, object>> = {
  [helperOf(1, "b")]: { opens: ["tue", "thu"] },
  [helperOf(4, "a")]: { opens: ["mon", "wed", "fri", "sat"] },
  [helperOf(9, "a")]: { closedOn: ["2027-03-24", "2027-03-25"] },
};

/** By its directory entry, or because its contract looks past that. */
export const answersEachDay = (service: string): boolean =>
  OPENS[service.replace(/-help$/, "")] === undefined || Number(service.slice(7, 9)) % 4 === 0;

const directory = {
  version: "month",
  organisations: HELPERS.map((id) => ({ id, name: `${id} (invented)`, class: "charity" })),
  services: areas.flatMap((area) =>
    LETTERS.map((letter) => ({
      id: `${helperOf(area, letter)}-help`,
      organisation: helperOf(area, letter),
      name: `Help, area ${area} (invented)`,
      needs: [needOf(area)],
      authorities: [authorityOf(area)],
      // One fills up and is passed over until somebody's help has ended.
      places: letter === "c" ? 40 : 1_000_000,
      ...OPENS[helperOf(area, letter)],
    })),
  ),
  places: areas.map((area) => ({ postcode: postcodeOf(area), authority: authorityOf(area) })),
};

const contract = (area: number) => (letter: (typeof LETTERS)[number]) => ({
  contract: helperOf(area, letter),
  prime: helperOf(area, letter),
  ...(letter === "a" ? { partners: [helperOf(area, "d")] } : {}),
  from: "2026-01-01",
  services: [{ service: `${helperOf(area, letter)}-help` }],
  ...(area % 4 === 0 ? { openingDays: "ignored" } : {}),
});

const OUTCOMES = [
  { id: "job", words: "A job.", kind: "job-start" },
  { id: "four-weeks", words: "Four weeks of work on end.", kind: "duration-continuous", weeks: 4 },
];

/** What counts as success, where it is not the month's own. */
export type Success = Pick<Programme, "outcomes" | "evidence" | "funders">;

const programme = (area: number, success: Success | undefined) => ({
  programme: `help-${two(area)}`,
  name: `Help, area ${area} (invented)`,
  version: 1,
  validFrom: "2026-01-01",
  commissioner: { id: authorityOf(area), name: `Council of area ${area} (invented)` },
  nations: [nationOf(area).nation],
  areas: [{ authority: [authorityOf(area)] }],
  mayRefer: ["gp", "jobcentre", "council"],
  participation: ["voluntary"],
  needs: [needOf(area)],
  eligibility:
    needOf(area) === "employment"
      ? [{ id: "no-job", words: "The person has no job.", test: { employment: ["out-of-work"] } }]
      : [],
  consents: [{ kind: "share", purpose: "referral" }],
  disclosures: [
    {
      to: ["charity"],
      purpose: "referral",
      fields: ["name", "birth-date", "address", "phones", "email", "detail", "referrer"],
      controllers: { from: authorityOf(area), to: "provider" },
      basis: "6(1)(e)",
      condition: "9(2)(h)",
      gateway: "Localism Act 2011, section 1 (sample)",
      agreement: "ISA-MONTH",
    },
  ],
  contracts: LETTERS.map(contract(area)),
  allocation: "capacity",
  clocks: {
    acknowledgeWithin: 2,
    contactWithin: 3,
    startWithin: 5,
    reviewWithin: 8,
    holdDays: 9,
    ...(area % 3 === 0 ? { noContact: "re-offer" } : {}),
  },
  outcomes: needOf(area) === "employment" ? OUTCOMES : [],
  ...success,
  tests: [
    {
      name: "A resident",
      on: "2027-03-08",
      need: needOf(area),
      livesIn: authorityOf(area),
      facts: { employment: "out-of-work" },
      expect: "eligible",
    },
  ],
});

/** JSON is YAML too. */
export const writePacks = async (folder: string, successes: readonly Success[] = []): Promise<string> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "directory.yaml"), JSON.stringify(directory));
  for (const area of areas)
    await writeFile(join(folder, `help-${two(area)}.yaml`), JSON.stringify(programme(area, successes[area - 1])));
  return folder;
};
