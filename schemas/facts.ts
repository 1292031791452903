// What holds one referral up, as the store has it: codes, ids and times, nothing about the person.
import type { EventBody } from "./event.ts";
import type { Offer } from "./offer.ts";
import type { Status } from "./referral.ts";
import type { WorkKind } from "./work.ts";

/** All that is known of one referral to whoever looks after the broker: codes, ids and times. */
export type Facts = {
  reference: string;
  status: Status;
  erased: boolean;
  timeline: readonly { at: Date; body: EventBody }[];
  offers: readonly Pick<Offer, "id" | "programme" | "service" | "provider" | "assignedTo" | "due" | "status">[];
  work: readonly {
    kind: WorkKind;
    subject: string;
    destination: string;
    madeAt: Date;
    due: Date;
    attempt: number;
    leased: boolean;
    deadAt?: Date;
    cause?: string;
  }[];
  attempts: readonly { kind: WorkKind; subject: string; at: Date; cause?: string }[];
  breakers: readonly { destination: string; since?: Date; until: Date }[];
};
