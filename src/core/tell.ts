// From events to what the referrer is told: the callbacks of one change and the work that sends them.
import type { Callback } from "../../schemas/callback.ts";
import type { Event } from "../../schemas/event.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Content, Door, Status } from "../../schemas/referral.ts";
import type { NewWork } from "../../schemas/work.ts";
import { heardStatus, mayHear } from "./hearable.ts";
import { noticesFor } from "./notice.ts";

/** As much of a referral as its news repeats. */
export type Teller = {
  id: string;
  reference: string;
  client: string;
  door: Door;
  /** Where it stood before these events. */
  status: Status;
  callerReference?: string;
  correlationId?: string;
  messageId?: string;
  content?: Pick<Content, "participation">;
};

type Told = { callbacks: Callback[]; work: NewWork[] };

/** `nextId` draws ids of ours. An event that this referrer may not hear of, by its class or by the programme, tells nothing. */
export const tell = (
  journey: Teller,
  events: readonly Event[],
  nextId: () => string,
  tells?: Programme["tells"],
): Told => {
  const participation = journey.content?.participation ?? "voluntary";
  let status = heardStatus(journey.status, tells, journey.door, participation);
  const callbacks = events.flatMap((event): Callback[] => {
    const notice = noticesFor(event, journey.door, participation);
    if (notice === undefined || !mayHear(tells, event.body, journey.door, participation)) return [];
    status = notice.status ?? status;
    return [
      {
        id: nextId(),
        type: notice.type,
        client: journey.client,
        referral: journey.id,
        reference: journey.reference,
        callerReference: journey.callerReference,
        correlationId: journey.correlationId,
        messageId: journey.messageId,
        sequence: event.sequence,
        at: event.at.toISOString(),
        status,
        reasons: notice.reasons,
      },
    ];
  });
  return { callbacks, work: callbacks.map((callback) => sending(callback, nextId())) };
};

const sending = (callback: Callback, id: string): NewWork => ({
  id,
  kind: "notify",
  subject: callback.id,
  referral: callback.referral,
  destination: `client:${callback.client}`,
  due: new Date(callback.at),
});
