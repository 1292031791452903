// Takes in what a referrer tells of its own referral later, or the person of theirs: consents and facts. What follows is written with it; nothing is
// taken twice, and nothing is changed that has ended.
import { against, amend } from "../core/amend.ts";
import { placeOf } from "../core/area.ts";
import { followsFrom } from "../core/follows.ts";
import { hearable } from "../core/hearable.ts";
import { sentIt } from "../core/ownership.ts";
import { findable } from "../core/people.ts";
import { answerBy } from "../core/recalls.ts";
import { stillHolds } from "../core/recheck.ts";
import { refusalsFor } from "../core/refusals.ts";
import { changedFor, openTo } from "../core/rectify.ts";
import { standingOf } from "../core/standing.ts";
import { programmeOf } from "../core/under.ts";
import type { Amendment } from "../../schemas/amendment.ts";
import type { Holidays } from "../../schemas/holidays.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Content } from "../../schemas/referral.ts";
import { BODY_KEY } from "../../schemas/submission.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Change, Journey, Ledger } from "../ports/ledger.ts";
import type { Reader, ReferralRow } from "../ports/reading.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { AmendResult, Steps, Telling, TellsMore } from "../ports/steps.ts";
import type { Clock, Digest, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  reader: Pick<Reader, "referral">;
  rulebook: Rulebook;
  holidays: Holidays;
  clock: Clock;
  ids: Ids;
  digest: Digest;
  bell: Bell;
};
type Open = Journey & { content: Content };

/** Other commits may come between reading and writing; each time the referral is read again. */
const TRIES = 8;

export const createAmend =
  (ports: Ports): Steps["amend"] =>
  async (by, id, telling) => {
    const bodyDigest = ports.digest("body", telling.body);
    const key = telling.key === BODY_KEY ? `${BODY_KEY}:${bodyDigest}` : ports.digest("key", telling.key);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const row = await ports.reader.referral(by.organisation, id);
      if (row === undefined || !mayTell(by, row)) return { outcome: "not-found" };
      const before = await ports.ledger.amendment(row.id, key);
      if (before !== undefined)
        return before.bodyDigest === bodyDigest
          ? { outcome: "repeated", id: before.id, referral: row.id, reference: row.reference, at: before.at }
          : refused([reason("key-reused", "Idempotency-Key")]);
      const journey = await ports.ledger.open(row.id);
      if (journey?.content === undefined) return { outcome: "not-found" };
      // The line of events and the content must be of one moment.
      if (journey.version !== row.version) continue;
      const done = await take(ports, by, row, { ...journey, content: journey.content }, { telling, key, bodyDigest });
      if (done !== "stale") return done;
    }
    return refused([reason("conflict")]);
  };

/** A client tells of what it sent; the person, who has shown who they are, of what is theirs. */
const mayTell = (by: TellsMore, row: ReferralRow): boolean => "person" in by || sentIt(by, row);

const refused = (reasons: Reason[]): AmendResult => ({ outcome: "refused", reasons });

type Came = { telling: Telling; key: string; bodyDigest: string };

const take = async (
  ports: Ports,
  by: TellsMore,
  row: ReferralRow,
  journey: Open,
  { telling, key, bodyDigest }: Came,
): Promise<AmendResult | "stale"> => {
  const now = ports.clock.now();
  const { amendment, sequence } = telling;
  if (sequence !== undefined && sequence !== standingOf(hearable(row, ports.rulebook)).sequence)
    return refused([reason("version-old", "If-Match")]);
  const { content, fields } = amend(journey.content, amendment, now);
  const told = { status: journey.status, content: journey.content, receivedAt: row.receivedAt, timeline: row.timeline };
  const faults = [...against(told, amendment, fields, now), ...otherPerson(telling, journey.content)];
  if (faults.length > 0) return refused(faults);
  const result = { id: ports.ids.uuid(), referral: row.id, reference: row.reference, at: now };
  if (fields.length === 0) return { outcome: "unchanged", ...result };

  // commits: the event, the content as it is from now on, what came, and what follows: an offer recalled with its news and
  // its place, the end of the referral with a recall for each holder, what a holder is told anew, or the next decision
  const committed = await ports.ledger.commit({
    ...changeOf(ports, by, journey, { content, fields, amendment }, now),
    amendment: {
      id: result.id,
      ...("person" in by ? {} : { client: by.id }),
      key,
      bodyDigest,
      contentType: telling.contentType,
      body: telling.body,
    },
  });
  if (committed === "stale") return "stale";
  ports.bell.nudge();
  return { outcome: "amended", ...result };
};

/** A number that the sender gives beside a consent must be that of the person of whom the referral speaks. */
const otherPerson = ({ nhsNumber }: Telling, { person }: Content): Reason[] =>
  nhsNumber !== undefined && person.nhsNumber !== undefined && nhsNumber !== person.nhsNumber
    ? [reason("other-person", "Consent.patient")]
    : [];

type Said = { content: Content; fields: string[]; amendment: Amendment };

const changeOf = (
  { rulebook, holidays, ids, digest }: Ports,
  by: TellsMore,
  journey: Open,
  { content, fields, amendment }: Said,
  now: Date,
): Change => {
  const { siblings, overrides } = journey;
  const directory = rulebook.directory();
  const area = placeOf(content.person, directory);
  const packs = rulebook.inForce(now);
  const follows = followsFrom(
    journey,
    { content, fields, ...saidBy(by), effective: amendment.effective },
    {
      stands: (offer) => stillHolds({ content, area, offer, packs, directory, siblings, overrides, now }),
      refusals: (offer) =>
        refusalsFor({ content, offer, programme: programmeOf(rulebook, offer, now), directory, now }),
      changedFor: (offer, names) =>
        changedFor(names, openTo(programmeOf(rulebook, offer, now), directory, offer, content, now)),
      under: (offer) => {
        const programme = programmeOf(rulebook, offer, now);
        return { tells: programme?.tells, answerBy: answerBy(programme, holidays, now) };
      },
    },
    () => ids.uuid(),
    now,
  );
  return {
    ...follows,
    people: findable(content.person).map(({ kind, value }) => ({ kind, digest: digest(kind, value) })),
  };
};

const saidBy = (by: TellsMore): { by: "referrer" | "person"; actor: string } =>
  "person" in by ? { by: "person", actor: "person" } : { by: "referrer", actor: by.id };
