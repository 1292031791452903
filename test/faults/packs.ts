// Made-up programmes for the fault runs: every borough has one with an adviser of its own, so that each case has one right receiver.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const two = (at: number): string => String(at).padStart(2, "0");

/** Invented: no such authority, and no such postcode. */
export const authorityOf = (borough: number): string => `E090001${two(borough)}`;
export const postcodeOf = (borough: number): string => `ZZ${borough} 1AA`;
export const adviserOf = (borough: number): string => `adviser-${two(borough)}`;
/** Takes what a borough's own adviser does not: asked second, because the other has more room. */
export const RESERVE = "adviser-reserve";

export type Layout = {
  boroughs: number;
  /** Advisers that are shut: who lives there goes to the reserve. */
  closed?: readonly number[];
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

const organisation = (id: string) => ({ id, name: `${id} (invented)`, class: "charity" });

const directory = ({ boroughs, closed = [] }: Layout) => ({
  version: `faults-${boroughs}-${closed.length}`,
  organisations: [...numbers(boroughs).map(adviserOf), RESERVE].map(organisation),
  services: [
    ...numbers(boroughs).map((at) => ({
      id: `${adviserOf(at)}-debt`,
      organisation: adviserOf(at),
      name: `Debt advice, borough ${at} (invented)`,
      needs: ["debt-advice"],
      authorities: [authorityOf(at)],
      places: 1_000_000,
      status: closed.includes(at) ? "closed" : "open",
    })),
    {
      id: `${RESERVE}-debt`,
      organisation: RESERVE,
      name: "Debt advice, reserve (invented)",
      needs: ["debt-advice"],
      authorities: [],
      places: 10_000,
    },
  ],
  places: numbers(boroughs).map((at) => ({ postcode: postcodeOf(at), authority: authorityOf(at) })),
});

const contract = (provider: string) => ({
  contract: provider,
  prime: provider,
  from: "2026-01-01",
  services: [{ service: `${provider}-debt` }],
});

/** A programme for each borough: a decision locks its programme, and one for all would put them in a line. */
const programme = (borough: number) => ({
  programme: `debt-advice-${two(borough)}`,
  name: `Debt advice, borough ${borough} (invented)`,
  version: 1,
  validFrom: "2026-01-01",
  commissioner: { id: authorityOf(borough), name: `Council of borough ${borough} (invented)` },
  nations: ["england"],
  areas: [{ authority: [authorityOf(borough)] }],
  mayRefer: ["gp", "jobcentre", "council"],
  participation: ["voluntary"],
  needs: ["debt-advice"],
  eligibility: [],
  consents: [{ kind: "share", purpose: "referral" }],
  disclosures: [
    {
      to: ["charity"],
      purpose: "referral",
      fields: ["name", "birth-date", "address", "phones", "email", "detail", "referrer"],
      controllers: { from: authorityOf(borough), to: "provider" },
      basis: "6(1)(e)",
      condition: "9(2)(h)",
      gateway: "Localism Act 2011, section 1 (sample)",
      agreement: "ISA-FAULTS",
    },
  ],
  contracts: [adviserOf(borough), RESERVE].map(contract),
  allocation: "capacity",
  clocks: { acknowledgeWithin: 2, contactWithin: 10 },
  tests: [
    { name: "A resident", on: "2026-06-01", need: "debt-advice", livesIn: authorityOf(borough), expect: "eligible" },
  ],
});

/** JSON is YAML too. */
export const writePacks = async (folder: string, layout: Layout): Promise<string> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "directory.yaml"), JSON.stringify(directory(layout)));
  for (const borough of numbers(layout.boroughs))
    await writeFile(join(folder, `debt-advice-${two(borough)}.yaml`), JSON.stringify(programme(borough)));
  return folder;
};
