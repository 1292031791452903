// Who was asked to delete what it holds, and who has answered: for the referrer of a referral, and for a provider its own.
import { isClean } from "../core/firewall.ts";
import { sentIt } from "../core/ownership.ts";
import { recallView } from "../core/recalls.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { Reader } from "../ports/reading.ts";
import type { RecallView, Views } from "../ports/views.ts";
import type { Clock } from "../ports/system.ts";

type Ports = { reader: Pick<Reader, "referral" | "recalls" | "ownRecalls">; clock: Clock };

export const createRecallsView =
  ({ reader, clock }: Ports): Views["recalls"] =>
  async (client, id) => {
    const row = await reader.referral(client.organisation, id);
    if (row === undefined || !sentIt(client, row)) return undefined;
    const recalls = await reader.recalls(client.organisation, row.id);
    const now = clock.now();
    return { referral: row.id, reference: row.reference, recalls: recalls.map((one) => shown(one, row.door, now)) };
  };

/** What a name says of health stays behind the wall; that somebody has yet to answer does not. */
const shown = (recall: Recall, door: string, now: Date): RecallView => {
  const { provider, service } = recall;
  const hidden = door === "jobcentre" && !isClean({ provider, service });
  return { ...recallView(recall, now), ...(hidden ? {} : { provider, service }) };
};

export const createOwnRecallsView =
  ({ reader, clock }: Ports): Views["ownRecalls"] =>
  async (client, page) => {
    if (client.kind !== "provider") return [];
    const rows = await reader.ownRecalls(client.organisation, { ...page, test: client.test });
    const now = clock.now();
    return rows.map(({ reference, ...recall }) => ({ reference, service: recall.service, ...recallView(recall, now) }));
  };
