// Which services of one programme could help this person, and for each of the others the one clause that dropped it.
import type { Programme } from "../../schemas/programme.ts";
import { nationOf, type Area } from "../../schemas/place.ts";
import type { Directory, ProviderOrganisation, Service } from "../../schemas/provider.ts";
import type { Reason, ReasonCode } from "../../schemas/reason.ts";
import type { Candidate } from "../../schemas/receipt.ts";
import type { Content, Door } from "../../schemas/referral.ts";
import { permits } from "./consent.ts";
import { eligibilityOf, seenAt } from "./eligibility.ts";

/** Places taken and drawn, by service. */
export type Capacity = ReadonlyMap<string, { taken: number; drawn: number }>;

export type Situation = {
  content: Content;
  area: Area;
  door: Door;
  directory: Directory;
  /** Provider organisations whose system may be sent this case: test cases reach only test providers. */
  reachable: readonly string[];
  capacity: Capacity;
  /** Services that said no, or whose offer we took back. */
  declined: readonly string[];
  now: Date;
};

export type Fit = { programme: Programme; service: Service; organisation: ProviderOrganisation; share: number };

export type Match = {
  candidates: Candidate[];
  fits: Fit[];
  /** What is missing where nothing but consent stands in the way. */
  consents: Reason[];
  /** Facts without which nobody can say. */
  missing: string[];
  /** Why the rest was dropped. */
  why: ReasonCode[];
};

type Drop = { clause: string; words: string; why: ReasonCode };
const drop = (clause: string, words: string, why: ReasonCode): Drop => ({ clause, words, why });

const onSite = (service: Service, content: Content): boolean =>
  service.sites.includes(seenAt(content)) ||
  (content.person.practice !== undefined && service.sites.includes(content.person.practice));

/** A homeless person chooses the authority (Housing Act 1996, s.213B); else it is where they live. */
const authorityOf = (content: Content, area: Area): string | undefined =>
  (content.need === "homelessness" ? content.choice?.authority : undefined) ?? area.home?.authority;

const covers = (service: Service, { content, area }: Situation): boolean | "unknown" => {
  if (service.authorities.length === 0 || onSite(service, content)) return true;
  const authority = authorityOf(content, area);
  return authority === undefined ? "unknown" : service.authorities.includes(authority);
};

/** Before any fact of the person is read: who refers, how, and in which nation. */
const gate = (programme: Programme, { content, area, door }: Situation): Drop | "nation-unknown" | undefined => {
  if (!programme.doors.includes(door)) return drop("door", "Does not take referrals from this door.", "no-service");
  if (!programme.participation.includes(content.participation))
    return drop("participation", "Does not take people on these terms.", "no-service");
  const gss = authorityOf(content, area) ?? area.practice?.authority;
  if (gss === undefined) return programme.nations.length === 4 ? undefined : "nation-unknown";
  const nation = nationOf(gss);
  return nation !== undefined && programme.nations.includes(nation)
    ? undefined
    : drop("nation", "Does not run in this nation.", "no-service");
};

/** In the order of a receipt: what the service is, before what it can take now. */
const standing = (service: Service, situation: Situation): Drop | "area-unknown" | undefined => {
  const { content, capacity, declined, reachable } = situation;
  if (content.need === undefined || !service.needs.includes(content.need))
    return drop("need", "This service does not offer this help.", "no-service");
  const covered = covers(service, situation);
  if (covered === false) return drop("area", "Does not cover this place.", "no-service");
  if (service.status !== "open") return drop("status", "Takes nobody at present.", "no-service");
  if (!reachable.includes(service.organisation))
    return drop("reachable", "Cannot be reached by this route.", "no-service");
  if (declined.includes(service.id)) return drop("declined", "Has been asked and will not take it.", "all-declined");
  if (service.places !== undefined && (capacity.get(service.id)?.taken ?? 0) >= service.places)
    return drop("places", "Has no free place.", "no-place");
  return covered === "unknown" ? "area-unknown" : undefined;
};

const nothing = (): Match => ({ candidates: [], fits: [], consents: [], missing: [], why: [] });

export const matchProgramme = (programme: Programme, situation: Situation): Match => {
  const base = { programme: programme.programme, kept: false, health: false };
  const gated = gate(programme, situation);
  if (typeof gated === "object")
    return { ...nothing(), candidates: [{ ...base, clause: gated.clause, words: gated.words }], why: [gated.why] };

  const results = eligibilityOf(programme.eligibility, situation);
  // Who has come past a clause on health has told something by it, whatever drops them later.
  const health = programme.eligibility.some((clause) => clause.health);
  const failed = results.find(({ verdict }) => verdict.is === false);
  if (failed !== undefined) {
    const { id, words } = failed.clause;
    const candidate = { ...base, health, clause: `eligibility:${id}`, words: `Does not hold: ${words}` };
    return { ...nothing(), candidates: [candidate], why: ["not-eligible"] };
  }
  const open = results.filter(({ verdict }) => verdict.is === "unknown");
  const missing = [
    ...(gated === "nation-unknown" ? ["area"] : []),
    ...open.flatMap(({ verdict }) => (verdict.is === "unknown" ? verdict.missing : [])),
  ];
  const clause = open[0]?.clause;
  return matchServices(programme, situation, health, {
    missing,
    clause: clause === undefined ? "nation" : `eligibility:${clause.id}`,
    words: clause === undefined ? "We do not know where the person lives." : `Not known: ${clause.words}`,
  });
};

type Open = { missing: readonly string[]; clause: string; words: string };

const matchServices = (programme: Programme, situation: Situation, health: boolean, open: Open): Match => {
  const match = nothing();
  let waits = false;
  for (const { service: id, share } of programme.services) {
    const service = situation.directory.services.find((one) => one.id === id);
    const organisation = situation.directory.organisations.find((one) => one.id === service?.organisation);
    // `packs check` refuses a pack that names a service which the directory does not hold.
    if (service === undefined || organisation === undefined) continue;
    const note = (kept: boolean, clause: string, words: string): void => {
      const names = { programme: programme.programme, service: id, provider: organisation.id };
      match.candidates.push({ ...names, kept, clause, words, health });
    };
    const stands = standing(service, situation);
    if (typeof stands === "object") {
      note(false, stands.clause, stands.words);
      match.why.push(stands.why);
    } else if (open.missing.length > 0) {
      waits = true;
    } else if (stands === "area-unknown") {
      note(false, "area", "We do not know where the person lives.");
      match.missing.push("area");
    } else {
      const refused = consentAgainst(programme, organisation, situation);
      if (refused === undefined) {
        match.fits.push({ programme, service, organisation, share });
        note(true, "fits", "Fits.");
      } else {
        note(false, `consent:${refused.kind}`, "The consent that this needs does not stand.");
        match.consents.push(refused.reason);
      }
    }
  }
  if (waits) {
    const { clause, words } = open;
    match.candidates.push({ programme: programme.programme, kept: false, clause, words, health });
    match.missing.push(...open.missing);
  }
  return match;
};

const consentAgainst = (programme: Programme, organisation: ProviderOrganisation, { content, now }: Situation) => {
  for (const rule of programme.consents) {
    const recipient = { class: organisation.class, organisation: organisation.id };
    const permission = permits(rule, content, recipient, now);
    if (!permission.holds) return { kind: rule.kind, reason: permission.reason };
  }
  return undefined;
};
