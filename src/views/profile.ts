// What may an employer hear of this person? A minimised profile for one vacancy, while the offer is open and the person agreed.
import { placementFaults, profileOf, vacancyOf } from "../core/placement.ts";
import { programmeOf } from "../core/under.ts";
import type { OfferStatus } from "../../schemas/offer.ts";
import type { Reader } from "../ports/reading.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Clock } from "../ports/system.ts";
import type { Views } from "../ports/views.ts";

type Ports = { reader: Reader; rulebook: Rulebook; clock: Clock };

const OPENED: ReadonlySet<OfferStatus> = new Set(["accepted", "started"]);

export const createProfileView =
  ({ reader, rulebook, clock }: Ports): Views["profile"] =>
  async (client, id, role) => {
    const row = await reader.offer(client.organisation, id);
    if (row?.content === undefined || client.kind !== "provider") return undefined;
    if (row.provider !== client.organisation || row.test !== client.test || !OPENED.has(row.status)) return undefined;
    const now = clock.now();
    const programme = programmeOf(rulebook, row, now);
    const vacancy = programme && vacancyOf(programme, role);
    if (programme === undefined || vacancy === undefined) return undefined;
    const reasons = placementFaults(programme, { ...role, stage: "offered" }, row.content, now, []);
    if (reasons.length > 0) return { outcome: "refused", reasons };
    const courses = (row.content.facts.programmes ?? []).filter(({ completed }) => completed === true);
    return {
      reference: row.reference,
      ...role,
      title: vacancy.title,
      starts: vacancy.starts,
      profile: profileOf(
        row.content,
        courses.map(({ code }) => code),
      ),
    };
  };
