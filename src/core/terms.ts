// By which clocks an offer runs: its programme's, in the days of the person's nation and of the service, as its contract says.
import type { Holidays } from "../../schemas/holidays.ts";
import type { Offer } from "../../schemas/offer.ts";
import { nationOf } from "../../schemas/place.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory } from "../../schemas/provider.ts";
import type { Content } from "../../schemas/referral.ts";
import { placeOf } from "./area.ts";
import { countsFor } from "./clock.ts";
import { serviceIn } from "./directory.ts";
import type { Terms } from "./due.ts";
import { programmeOf } from "./under.ts";

type Rules = {
  inForce(on: Date): readonly { programme: Programme }[];
  directory(): Directory;
};
type Asked = Pick<Offer, "programme" | "contract" | "service" | "madeAt">;

/** Undefined content: the person was erased, and the programme's first nation is taken. */
export type TermsOf = (offer: Asked, content: Pick<Content, "person"> | undefined, now: Date) => Terms;

/** Of an offer whose programme nobody knows any more. */
const LEAST: Programme["clocks"] = { acknowledgeWithin: 2, contactWithin: 15 };

export const createTerms =
  (rules: Rules, holidays: Holidays): TermsOf =>
  (offer, content, now) => {
    const programme = programmeOf(rules, offer, now);
    const directory = rules.directory();
    const home = content === undefined ? undefined : placeOf(content.person, directory).home;
    const nation = (home && nationOf(home.authority)) ?? programme?.nations[0] ?? "england";
    const contract = programme?.contracts.find((one) => one.contract === offer.contract);
    const service = contract?.openingDays === "ignored" ? undefined : serviceIn(directory, offer.service);
    return { clocks: programme?.clocks ?? LEAST, counts: countsFor(nation, holidays, service) };
  };
