// Whether a service and its contract cover where this person lives, is registered or is seen.
import type { Contract } from "../../schemas/contract.ts";
import { type Area, nationOf } from "../../schemas/place.ts";
import type { Directory, Service } from "../../schemas/provider.ts";
import type { Content } from "../../schemas/referral.ts";
import { withinAreas, type Whereabouts } from "./area.ts";
import { seenAt } from "./eligibility.ts";
import { sure, unknown, type Verdict, YES } from "./verdict.ts";

type Situation = { content: Content; area: Area; directory: Directory; day: string };

export const onSite = (service: Service, content: Content): boolean =>
  service.sites.includes(seenAt(content)) ||
  (content.person.practice !== undefined && service.sites.includes(content.person.practice));

/** As said last with a consent to be referred, which may have come later or by another form than the choice itself. */
const chosenIn = (consents: Content["consents"]): string | undefined =>
  consents
    .filter((one) => one.kind === "duty-to-refer" && one.decision === "given" && one.chosenAuthority !== undefined)
    .reduce<Content["consents"][number] | undefined>(
      (last, one) => ((one.at ?? "") >= (last?.at ?? "") ? one : last),
      undefined,
    )?.chosenAuthority;

/**
 * Where every rule on areas looks: at home, unless a homeless person chose an authority. Then that one counts, whatever any
 * programme says of areas (Housing Act 1996, s.213B), and only in England is there such a choice.
 */
export const areaFor = (content: Choosing, area: Area): Area => {
  const authority = chosenAuthority(content);
  return authority === undefined ? area : { ...area, home: { authority }, chosen: true };
};

type Choosing = Pick<Content, "need" | "choice" | "consents">;

/** The local housing authority in England that a homeless person chose. */
export const chosenAuthority = ({ need, choice, consents }: Choosing): string | undefined => {
  const chosen = need === "homelessness" ? (chosenIn(consents) ?? choice?.authority) : undefined;
  return chosen !== undefined && nationOf(chosen) === "england" ? chosen : undefined;
};

export const authorityOf = (content: Content, area: Area): string | undefined => areaFor(content, area).home?.authority;

/** `known`: with the area where every rule looks. */
export const covers = (service: Service, { content, known }: { content: Content; known: Whereabouts }): Verdict => {
  if (service.authorities.length === 0) return YES;
  if (known.area.chosen !== true && onSite(service, content)) return YES;
  const authority = known.area.home?.authority;
  return authority === undefined ? unknown("area") : sure(service.authorities.includes(authority));
};

export const whereIs = ({ content, area, directory, day }: Situation): Whereabouts => ({
  area: areaFor(content, area),
  practice: content.person.practice,
  partnerships: directory.partnerships,
  day,
});

export const within = ({ areas }: Contract, known: Whereabouts): Verdict =>
  areas.length === 0 ? YES : withinAreas(areas, known);
