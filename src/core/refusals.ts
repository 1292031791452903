// What the person said no to, for those who hear of them under an offer. Silence, or a time that ran out, is no "no".
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory } from "../../schemas/provider.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Content } from "../../schemas/referral.ts";
import { dayOf } from "./calendar.ts";
import { contractOf } from "./contracts.ts";
import { serviceIn } from "./directory.ts";
import { recipientsOf, refusalsOf } from "./recipients.ts";

const NO: ReadonlySet<string> = new Set(["consent-withdrawn", "consent-refused"]);

type Asked = {
  content: Pick<Content, "consents" | "participation">;
  offer: Pick<Offer, "programme" | "contract" | "service" | "provider" | "places">;
  programme: Programme | undefined;
  directory: Directory;
  now: Date;
};

export const refusalsFor = ({ content, offer, programme, directory, now }: Asked): Reason[] => {
  if (programme === undefined) return [];
  const service = serviceIn(directory, offer.service) ?? { organisation: offer.provider };
  const prime = contractOf(programme, offer, dayOf(now))?.prime ?? offer.provider;
  const refused = refusalsOf(programme, recipientsOf(service, prime, directory), content, now);
  return refused.flatMap(({ reason }) => (NO.has(reason.code) ? [reason] : []));
};
