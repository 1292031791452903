// Does the offer still stand? Read again right before every attempt to deliver it, for cancel beats retry, and before a
// start is recorded: people find work, programmes close, consents are taken back.
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { PlainDate } from "../../schemas/text.ts";
import { askFor } from "./asks.ts";
import { withinAreas } from "./area.ts";
import { dayOf, noonOf } from "./calendar.ts";
import { type Circumstances, conditionsOf, knownOf } from "./conditions.ts";
import { contractOf } from "./contracts.ts";
import { serviceIn } from "./directory.ts";
import type { Pack } from "./decision.ts";
import type { Situation } from "./situation.ts";
import { evaluate } from "./eligibility.ts";
import { courseKey, fenceKey } from "./places.ts";
import { recipientsOf, refusalsOf } from "./recipients.ts";
import type { Verdict } from "./verdict.ts";

export type Standing = { holds: true } | { holds: false; reasons: Reason[] };

type Input = Circumstances &
  Pick<Situation, "directory"> & {
    offer: Pick<Offer, "programme" | "contract" | "service" | "provider" | "places">;
    /** In force on the day for which it is asked. */
    packs: readonly Pack[];
  };

/** Before it leaves: the service must still take people, and its course still be open to join. */
export const stillHolds = (input: Input): Standing => {
  const { offer, packs, directory, now } = input;
  const programme = programmeOf(packs, offer);
  const service = serviceIn(directory, offer.service);
  if (programme === undefined || service?.status !== "open") return { holds: false, reasons: [reason("no-service")] };
  const closed = courseOf(programme, offer)?.closes;
  return standingOf([
    ...(closed !== undefined && closed < dayOf(now) ? [reason("no-course")] : []),
    ...(heldForOthers(programme, input) ? [reason("no-place")] : []),
    ...faultsOf(programme, input, now),
  ]);
};

/** Before a start is recorded: eligibility as of that day, consent as it stands now. A pause turns nobody out. */
export const mayStart = (input: Input, on: PlainDate): Standing => {
  if (on > dayOf(input.now)) return { holds: false, reasons: [reason("not-yet", "on")] };
  const programme = programmeOf(input.packs, input.offer);
  if (programme === undefined) return { holds: false, reasons: [reason("contract-over")] };
  const course = courseOf(programme, input.offer);
  return standingOf([
    ...(course === undefined && isCourse(input.offer) ? [reason("no-course")] : []),
    ...faultsOf(programme, { ...input, now: noonOf(on) }, input.now),
  ]);
};

const standingOf = (reasons: Reason[]): Standing =>
  reasons.length === 0 ? { holds: true } : { holds: false, reasons };

const programmeOf = (packs: readonly Pack[], offer: Pick<Offer, "programme">): Programme | undefined =>
  packs.find(({ programme }) => programme.programme === offer.programme)?.programme;

/** It took a held-back place, and the person is no longer one of those for whom it is held. */
const heldForOthers = ({ ringFences }: Programme, input: Input): boolean =>
  ringFences
    .filter((fence) => input.offer.places.includes(fenceKey(fence)) && dayOf(input.now) <= fence.until)
    .some((fence) => evaluate(fence.for, knownOf(input)).is === false);

const isCourse = ({ places }: Pick<Offer, "places">): boolean => places.some((key) => key.includes("#course:"));

const courseOf = (programme: Programme, { places }: Pick<Offer, "places">) =>
  programme.cohorts.find((one) => places.includes(courseKey(one)));

/** Contract, consents of all who hear of the person, and every condition of the programme. */
const faultsOf = (programme: Programme, input: Input, consentAt: Date): Reason[] => {
  const { content, directory, offer, now } = input;
  const day = dayOf(now);
  const contract = contractOf(programme, offer, day);
  if (contract === undefined) return [reason("contract-over")];
  const where = knownOf(input);
  const service = serviceIn(directory, offer.service) ?? { organisation: offer.provider };
  const recipients = recipientsOf(service, contract.prime, directory);
  const covered = withinAreas(contract.areas, where);
  const verdicts = conditionsOf(programme, input).map(({ verdict }) => verdict);
  return [
    ...refusalsOf(programme, recipients, content, consentAt).map((refused) => refused.reason),
    ...(covered.is === false ? [reason("out-of-area")] : []),
    ...(verdicts.some((one) => one.is === false) ? [reason("not-eligible")] : []),
    ...asksOf([covered, ...verdicts]),
  ];
};

const asksOf = (verdicts: readonly Verdict[]): Reason[] =>
  [...new Set(verdicts.flatMap((one) => (one.is === "unknown" ? one.missing : [])))].map(askFor);
