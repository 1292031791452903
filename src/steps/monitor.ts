// Answers for equality monitoring that come after the referral. They are put away unread: nothing is decided by them.
import { sentIt } from "../core/ownership.ts";
import type { MonitoringBook } from "../ports/monitoring.ts";
import type { Reader } from "../ports/reading.ts";
import type { Steps } from "../ports/steps.ts";
import type { Ids } from "../ports/system.ts";

type Ports = { reader: Pick<Reader, "referral">; monitoring: Pick<MonitoringBook, "keep">; ids: Ids };

export const createMonitor =
  ({ reader, monitoring, ids }: Ports): Steps["monitor"] =>
  async (client, id, answers) => {
    const row = await reader.referral(client.organisation, id);
    if (row === undefined || !sentIt(client, row)) return { outcome: "not-found" };
    // commits: one sealed row, beside the referral and not in it
    const kept = await monitoring.keep({ id: ids.uuid(), referral: row.id, answers });
    return { outcome: kept ? "kept" : "not-found" };
  };
