// Which services of one programme could help this person, and for each of the others the one clause that dropped it.
import type { Contract } from "../../schemas/contract.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { ProviderOrganisation, Service } from "../../schemas/provider.ts";
import { type Brought, broughtBy } from "./brought.ts";
import { type Stand, standOf } from "./conditions.ts";
import { runs } from "./contracts.ts";
import { courseOf } from "./courses.ts";
import { covers, within } from "./coverage.ts";
import { dropAll, dropOf, type Dropped, failing, gate, gateLines, nothing } from "./drops.ts";
import { type Room, roomIn } from "./fences.ts";
import { lineOf } from "./lines.ts";
import { courseKey } from "./places.ts";
import { type Refused, refusalsOf } from "./recipients.ts";
import type { Match, Situation } from "./situation.ts";
import { missingIn, type Verdict } from "./verdict.ts";
import { fits, NO_CONSENT, notKnown, onlyHeld, setAside, UNPLACED } from "./words/clauses.ts";

export const matchProgramme = (programme: Programme, situation: Situation): Match => {
  const gated = gate(programme, situation);
  if (typeof gated === "object") return dropAll(gateLines(programme), gated, () => gated);

  const stand = standOf(programme, situation, situation.known);
  if ("failed" in stand) return dropAll(stand.lines, stand.failed, () => failing(stand.failed));
  const match = matchServices(programme, situation, stand, openOf(stand, gated === "nation-unknown"));
  if (stand.aside.length === 0) return match;
  const told = stand.aside.map(({ clause, words }) => lineOf(stand.lines, true, `override:${clause}`, setAside(words)));
  return { ...match, candidates: [...told, ...match.candidates] };
};

type Open = { missing: readonly string[]; clause: string; words: string };

const ALL_KNOWN: Open = { missing: [], clause: "", words: "" };

/** What nobody can say yet, told by the first of the conditions. */
const openOf = ({ open }: Stand, nationUnknown: boolean): Open => {
  if (open.length === 0 && !nationUnknown) return ALL_KNOWN;
  const missing = [...(nationUnknown ? ["area"] : []), ...open.flatMap(({ verdict }) => missingIn(verdict))];
  const first = nationUnknown ? undefined : open[0];
  return first === undefined
    ? { missing, clause: "nation", words: UNPLACED }
    : { missing, clause: first.clause, words: notKnown(first.words) };
};

const matchServices = (programme: Programme, situation: Situation, stand: Stand, open: Open): Match => {
  const match = nothing();
  const recommended = !programme.mayRefer.includes(situation.door);
  let waits = false;
  let asked: Asked | undefined;
  let lot: Lot | undefined;
  for (const brought of broughtBy(programme, situation.directory, stand.health)) {
    const { contract, service, organisation, share } = brought;
    if (contract !== lot?.contract) lot = lotOf(brought, situation);
    if (!lot.runs) continue;
    const note = (kept: boolean, clause: string, words: string, health = false): void =>
      void match.candidates.push(lineOf(health ? brought.healthLines : brought.lines, kept, clause, words));
    const { inside } = lot;
    const covered = covers(service, situation);
    const room = dropOf(service, lot, covered, situation) ?? placeIn(programme, service, situation);
    if ("why" in room) {
      note(false, room.clause, room.words, room.health);
      match.why.push(room.why);
    } else if (open.missing.length > 0) {
      waits = true;
    } else if (inside.is !== true || covered.is !== true) {
      note(false, "area", UNPLACED);
      match.missing.push(...missingIn(inside), ...missingIn(covered));
    } else if (room.kind === "missing") {
      note(false, `fence:${room.fence.id}`, onlyHeld(room.fence.words), room.health);
      match.missing.push(...room.missing);
    } else {
      asked = sameAs(asked, brought) ?? askOf(programme, brought, situation);
      const [first] = asked.refused;
      if (first === undefined) {
        const { takes, free, told } = room;
        const fit = { programme, contract, service, organisation, share, recommended, takes, free };
        match.fits.push(told === undefined ? fit : { ...fit, told });
        note(true, "fits", fits(told), room.health);
      } else {
        note(false, `consent:${first.kind}`, NO_CONSENT, room.health);
        match.consents.push(...asked.refused.map(({ reason }) => reason));
      }
    }
  }
  if (waits) {
    match.candidates.push(lineOf(stand.lines, false, open.clause, open.words));
    match.missing.push(...open.missing);
  }
  return match;
};

/** What holds of a contract holds for all of its services: they follow one another. */
type Lot = { contract: Contract; runs: boolean; inside: Verdict; reached: boolean };

const lotOf = ({ contract, organisation }: Brought, { day, known, reachable }: Situation): Lot => ({
  contract,
  runs: runs(contract, day),
  inside: within(contract, known),
  reached: reachable.includes(organisation.id),
});

/** What the person's consents say of those who would hear. */
type Asked = { recipients: readonly ProviderOrganisation[]; refused: Refused[] };

const askOf = (programme: Programme, { recipients }: Brought, { content, now, said }: Situation): Asked => ({
  recipients,
  refused: refusalsOf(programme, recipients, content, now, said),
});

/** Most services of a contract have the same to hear of the person: their consents are read once. */
const sameAs = (asked: Asked | undefined, { recipients }: Brought): Asked | undefined =>
  asked?.recipients.length === recipients.length && recipients.every((one, at) => one === asked.recipients[at])
    ? asked
    : undefined;

/** A place on its course, and one of its places. */
const placeIn = (
  programme: Programme,
  service: Service,
  situation: Situation,
): Dropped | Exclude<Room, { kind: "full" }> => {
  const { capacity, fences, day } = situation;
  const course = courseOf(programme, service.id, day, capacity);
  if (course?.kind === "closed") return { clause: "course", words: course.words, why: "no-course" };
  const room = roomIn({ service, programme, fences, capacity, known: situation.known });
  if (room.kind === "full") return { clause: "places", words: room.words, why: "no-place", health: room.health };
  if (room.kind === "missing" || course === undefined) return room;
  const { told } = course;
  return {
    ...room,
    takes: [...room.takes, courseKey(course.cohort)],
    free: Math.min(room.free, course.free),
    told: room.told === undefined ? told : `${told} ${room.told}`,
  };
};
