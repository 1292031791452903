// Intake: many callers' submissions in one transaction. The answer comes after the commit, and one key means one case.
import type { Accepted, Intake, Submission, Taken } from "../../src/ports/intake.ts";
import { consentDigest, SEALED } from "./case-seal.ts";
import { CommitUnknown, type Engine, NoRoom } from "./engine.ts";
import { createGroup, type GroupSize } from "./group.ts";
import { LOOK_UP, TAKE } from "./intake-sql.ts";
import { createPack, type Pack } from "./packed.ts";
import { json } from "./rows.ts";
import type { Vault } from "./vault.ts";

/** One parameter of a statement stays well below what PGlite's memory and jsonb can carry. */
const MOST_BYTES = 8_000_000;
const BUSY_SECONDS = 2;
const NO_ROOM_SECONDS = 60;

type Before = { id: string; body_digest: string; referral: string; reference: string; received_at: Date };
type Options = { engine: Engine; vault: Vault; group?: GroupSize };

export const createIntake = ({ engine, vault, group: size }: Options): Intake & { close(): Promise<void> } => {
  /** A lost answer is asked again: the key makes it the same submission, whichever way the first one went. */
  const write = async (group: Sealed, again = true): Promise<Set<string>> => {
    try {
      // commits: for each new key its submission, case, referral, first event and first work, and apart from them what was
      // answered for monitoring; nothing for a known key
      const written = await engine.take<{ id: string }>(TAKE, [group.rows, group.bytes], "take");
      return new Set(written.map((row) => row.id));
    } catch (error) {
      if (again && error instanceof CommitUnknown) return write(group, false);
      throw error;
    }
  };

  const lookUp = async (losers: Submission[]): Promise<Map<string, Before>> => {
    const keys = losers.map(({ organisation, door, key }, place) => ({ place, organisation, door, key }));
    const rows = await engine.transaction("intake", (query) =>
      query<Before & { place: number }>(LOOK_UP, [json(keys)]),
    );
    return new Map(rows.map((row) => [keyOf(losers[row.place] as Submission), row]));
  };

  const run = async (submissions: Submission[]): Promise<Accepted[]> => {
    const firsts = new Map(submissions.toReversed().map((one) => [keyOf(one), one]));
    const written = new Set<string>();
    for (const batch of bySize([...firsts.values()])) {
      for (const id of await write(sealed(vault, batch))) written.add(id);
    }
    const losers = [...firsts.values()].filter((one) => !written.has(one.id));
    const before = losers.length === 0 ? new Map<string, Before>() : await lookUp(losers);
    return submissions.map((one) => {
      const first = firsts.get(keyOf(one)) as Submission;
      const known = before.get(keyOf(one));
      if (known !== undefined) return repeatOf(one, known);
      if (first === one) return { outcome: "taken", taken: takenOf(one) };
      return { outcome: "repeat", sameBody: first.bodyDigest === one.bodyDigest, taken: takenOf(first) };
    });
  };

  const clashOr = async (submissions: Submission[]): Promise<Accepted[]> => {
    try {
      return await run(submissions);
    } catch (error) {
      if (submissions.length === 1 && isClash(error)) return [{ outcome: "clash" }];
      throw error;
    }
  };

  const group = createGroup<Submission, Accepted>({ run: clashOr, ...size });
  return {
    accept: async (submission) => {
      const accepted = await group.submit(submission).catch(fullDisk);
      return accepted === "busy" ? { outcome: "busy", retryAfterSeconds: BUSY_SECONDS } : accepted;
    },
    close: () => group.close(),
  };
};

/** Nothing is lost when there is no room, so long as we say so. */
const fullDisk = (error: unknown): Accepted => {
  if (error instanceof NoRoom) return { outcome: "busy", retryAfterSeconds: NO_ROOM_SECONDS };
  throw error;
};

const keyOf = ({ organisation, door, key }: Submission): string => json([organisation, door, key]);

const takenOf = ({ referralId, reference, at }: Submission): Taken => ({ referral: referralId, reference, at });

const repeatOf = (one: Submission, known: Before): Accepted => {
  const taken = { referral: known.referral, reference: known.reference, at: known.received_at };
  // Our own row: its COMMIT went through although its answer was lost.
  if (known.id === one.id) return { outcome: "taken", taken };
  return { outcome: "repeat", sameBody: known.body_digest === one.bodyDigest, taken };
};

const isClash = (error: unknown): boolean => {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === "23505" && constraint === "referral_reference_key";
};

const bySize = (submissions: Submission[]): Submission[][] => {
  const batches: Submission[][] = [];
  let bytes = Infinity;
  for (const one of submissions) {
    bytes += one.body.length;
    if (bytes > MOST_BYTES) {
      batches.push([]);
      bytes = one.body.length;
    }
    batches.at(-1)?.push(one);
  }
  return batches;
};

/** Codes and ids as JSON, and beside them everything that is sealed. */
type Sealed = { rows: string; bytes: Buffer };

const sealed = (vault: Vault, submissions: Submission[]): Sealed => {
  const pack = createPack();
  const rows = submissions.map((one) => sealedRow(vault, pack, one));
  return { rows: json(rows), bytes: pack.bytes() };
};

const plain = (value: unknown): Buffer => Buffer.from(json(value), "utf8");

const sealedRow = (vault: Vault, pack: Pack, one: Submission) => {
  const { wrapped, ringKey, key } = vault.newCaseKey(one.caseId);
  const body = pack.put(vault.seal(key, SEALED.body(one.id), one.body));
  const content = pack.put(vault.seal(key, SEALED.content(one.referralId), plain(one.content)));
  const keyAt = pack.put(wrapped);
  const monitoring = one.monitoring && pack.put(vault.seal(key, SEALED.monitoring(one.id), plain(one.monitoring)));
  return {
    id: one.id,
    client: one.client,
    organisation: one.organisation,
    door: one.door,
    key: one.key,
    body_digest: one.bodyDigest,
    content_type: one.contentType,
    body_at: body.at,
    body_size: body.size,
    request_id: one.requestId,
    correlation_id: one.correlationId,
    message_id: one.messageId,
    caller_reference: one.callerReference,
    case_id: one.caseId,
    key_at: keyAt.at,
    key_size: keyAt.size,
    ring_key: ringKey,
    referral: one.referralId,
    reference: one.reference,
    content_at: content.at,
    content_size: content.size,
    consent_digest: consentDigest(vault, one.content),
    monitoring_at: monitoring?.at,
    monitoring_size: monitoring?.size,
    received_at: one.at,
    test: one.test,
    participation: one.content.participation,
    event_id: one.event.id,
    event_sequence: one.event.sequence,
    event_at: one.event.at,
    actor: one.event.actor,
    event: one.event.body,
    work_id: one.work.id,
    work_kind: one.work.kind,
    work_subject: one.work.subject,
    destination: one.work.destination,
    due: one.work.due,
  };
};
