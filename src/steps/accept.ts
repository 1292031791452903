// Takes a submission in: one transaction, then the door answers. Nothing here waits for a provider or a queue.
import { BODY_KEY } from "../../schemas/submission.ts";
import { reason } from "../../schemas/reason.ts";
import type { Event } from "../../schemas/event.ts";
import { opaque } from "../core/opaque.ts";
import { DOOR_SECONDS, pauseOn } from "../core/pause.ts";
import { referenceFrom } from "../core/reference.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Intake, Submission } from "../ports/intake.ts";
import type { Pauses } from "../ports/pauses.ts";
import type { Restoring } from "../ports/restoring.ts";
import type { Arrival, Steps } from "../ports/steps.ts";
import type { Clock, Digest, Ids } from "../ports/system.ts";

type Ports = {
  intake: Intake;
  pauses: Pick<Pauses, "inForce">;
  clock: Clock;
  ids: Ids;
  digest: Digest;
  bell: Bell;
  /** References that a copy of this store gave which is gone: the same submission gets the same one again. */
  lost: Pick<Restoring, "referenceOf">;
  /** Where the id is not drawn. */
  referralId?: (arrival: Arrival) => string;
};

/** Draws of a reference before we say that we are busy: a clash happens about once in a hundred million. */
const DRAWS = 5;

export const createAccept =
  (ports: Ports): Steps["accept"] =>
  async (arrival) => {
    // An emergency must never wait in a queue: it is refused at once, with the right route, and nothing is stored.
    if (arrival.content.flags.emergency) return { outcome: "refused", reasons: [reason("emergency-route")] };

    const paused = pauseOn(await ports.pauses.inForce(), { door: arrival.door });
    if (paused !== undefined) return { outcome: "busy", retryAfterSeconds: DOOR_SECONDS, why: "door-paused" };

    for (let draw = 0; draw < DRAWS; draw += 1) {
      const submission = submissionOf(arrival, ports);
      const before = draw === 0 ? await ports.lost.referenceOf(submission) : undefined;
      const accepted = await ports.intake.accept({ ...submission, reference: before ?? submission.reference });
      if (accepted.outcome === "clash") continue;
      if (accepted.outcome === "taken") ports.bell.nudge();
      return accepted;
    }
    return { outcome: "busy", retryAfterSeconds: 1 };
  };

const submissionOf = (arrival: Arrival, { ids, clock, digest, referralId: named }: Ports): Submission => {
  const at = clock.now();
  const bodyDigest = digest("body", arrival.body);
  const referralId = named?.(arrival) ?? ids.uuid();
  return {
    id: ids.uuid(),
    client: arrival.client.id,
    organisation: arrival.client.organisation,
    door: arrival.door,
    // A key is the caller's own text and stands in plain sight: only its digest is kept.
    key: arrival.key === BODY_KEY ? `${BODY_KEY}:${bodyDigest}` : digest("key", arrival.key),
    bodyDigest,
    body: arrival.body,
    contentType: arrival.contentType,
    requestId: opaque(arrival.requestId),
    correlationId: opaque(arrival.correlationId),
    messageId: opaque(arrival.messageId),
    callerReference: opaque(arrival.callerReference),
    caseId: ids.uuid(),
    referralId,
    reference: referenceFrom(ids.bytes(16)),
    content: arrival.content,
    monitoring: arrival.monitoring,
    at,
    test: arrival.client.test,
    event: received(arrival, referralId, ids.uuid(), at),
    work: { id: ids.uuid(), kind: "assess", subject: referralId, referral: referralId, destination: "assess", due: at },
  };
};

const received = (arrival: Arrival, referral: string, id: string, at: Date): Event => ({
  id,
  referral,
  sequence: 1,
  at,
  actor: arrival.client.id,
  body: { type: "received", need: arrival.content.need },
});
