// Would it fit somewhere, and what is missing? Answered by the same rules as a referral; nothing is stored.
import { placeOf } from "../core/area.ts";
import { listedAs } from "../core/duty.ts";
import { judge } from "../core/judge.ts";
import { nobody } from "../core/nobody.ts";
import { project } from "../core/project.ts";
import type { Check } from "../../schemas/check.ts";
import type { Consent } from "../../schemas/consent.ts";
import type { Alternative } from "../../schemas/receipt.ts";
import { REASONS } from "../../schemas/reason.ts";
import type { Clients } from "../ports/clients.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Clock, Ids } from "../ports/system.ts";
import type { Views } from "../ports/views.ts";

type Ports = { rulebook: Rulebook; clients: Clients; clock: Clock; ids: Ids };

export const createCheckView =
  ({ rulebook, clients, clock, ids }: Ports): Views["check"] =>
  async (client, door, check) => {
    const now = clock.now();
    const directory = rulebook.directory();
    const content = nobody({ ...check, on: now.toISOString().slice(0, 10), consents: consentsOf(check, now) });
    const question = {
      referral: { id: ids.uuid(), reference: "", door, test: client.test, authority: listedAs(client) },
      content,
      area: placeOf(content.person, directory),
      packs: rulebook.inForce(now),
      directory,
      directoryDigest: rulebook.directoryDigest(),
      reachable: await clients.organisations("provider", client.test),
      declined: [],
      siblings: [],
      overrides: [],
      // Places change by the minute: whether one is free is decided when the referral comes.
      capacity: new Map(),
      receiptId: ids.uuid(),
      now,
    };
    // Nothing is kept, so nothing is digested.
    const { decision } = judge(question, () => "");
    const seen = project(decision.receipt, { kind: door, organisation: client.organisation });
    return {
      outcome: seen.outcome === "offered" ? "fits" : seen.outcome === "held" ? "may-fit" : "does-not-fit",
      words: seen.words,
      asks: seen.reasons.map(({ code, path }) => ({ code, path, words: REASONS[code].words })),
      candidates: seen.candidates,
      alternatives: (seen.alternatives ?? []).map(undated),
      rules: seen.packs,
      directory: seen.directory,
    };
  };

/** An age in whole years says not on which day somebody grows older: only the day on which a course opens is sure. */
const undated = (way: Alternative): Alternative => {
  const { day, ...rest } = way;
  return way.kind === "course" && day !== undefined ? { ...rest, day } : rest;
};

/** What the person agreed to, as the sender says it would be recorded. */
const consentsOf = ({ sharesWith, takesPart }: Check, now: Date): Consent[] => {
  const at = now.toISOString();
  return [
    ...(sharesWith.length === 0
      ? []
      : [{ kind: "share", decision: "given", purpose: "referral", recipientClasses: sharesWith, at } as const]),
    ...(takesPart ? [{ kind: "take-part", decision: "given", at } as const] : []),
  ];
};
