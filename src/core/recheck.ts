// Does the offer still stand? Read again right before every attempt to deliver it, for cancel beats retry.
import type { Offer } from "../../schemas/offer.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { permits } from "./consent.ts";
import type { Pack } from "./decide.ts";
import { eligibilityOf } from "./eligibility.ts";
import type { Situation } from "./match.ts";

export type Standing = { holds: true } | { holds: false; reasons: Reason[] };

type Input = Pick<Situation, "content" | "area" | "directory" | "now"> & {
  offer: Pick<Offer, "programme" | "service">;
  packs: readonly Pack[];
};

export const stillHolds = ({ content, area, offer, packs, directory, now }: Input): Standing => {
  const programme = packs.find((pack) => pack.programme.programme === offer.programme)?.programme;
  const service = directory.services.find((one) => one.id === offer.service);
  const organisation = directory.organisations.find((one) => one.id === service?.organisation);
  const listed = programme?.services.some((one) => one.service === offer.service) === true;
  if (programme === undefined || !listed || organisation === undefined || service?.status !== "open")
    return { holds: false, reasons: [reason("no-service")] };

  const verdicts = eligibilityOf(programme.eligibility, { content, area, now }).map(({ verdict }) => verdict);
  const recipient = { class: organisation.class, organisation: organisation.id };
  const reasons = [
    ...programme.consents.flatMap((rule) => {
      const permission = permits(rule, content, recipient, now);
      return permission.holds ? [] : [permission.reason];
    }),
    ...(verdicts.some((one) => one.is === false) ? [reason("not-eligible")] : []),
    ...verdicts.flatMap((one) => (one.is === "unknown" ? one.missing.map((fact) => reason("fact-unknown", fact)) : [])),
  ];
  return reasons.length === 0 ? { holds: true } : { holds: false, reasons };
};
