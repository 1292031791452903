// The outcome of a decision with its receipt: an offer, a hold that says what it waits for, or an unmet need on record.
import type { Programme } from "../../schemas/programme.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Alternative, Candidate, Receipt } from "../../schemas/receipt.ts";
import type { Allocation } from "./allocate.ts";
import { dutyOf } from "./duty.ts";
import type { DecideInput, Decision, Pack } from "./decision.ts";
import { withheldFrom } from "./disclose.ts";
import { fieldsOpenTo } from "./withhold.ts";
import { holdDays } from "./hold.ts";
import type { Fit } from "./situation.ts";
import { once } from "./once.ts";
import { receiptOf } from "./receipt.ts";
import { HELD, offeredTo, OUTCOME, personChooses } from "./words/outcome.ts";

/** What was read and found, and why the service that the person chose is not asked. */
export type Account = { input: DecideInput; candidates: readonly Candidate[]; refused?: string | undefined };

/** What would have changed it. */
type Ways = readonly Alternative[];

const joined = (...words: (string | undefined)[]): string => words.filter((one) => one !== undefined).join(" ");

type Told = Pick<
  Receipt,
  "outcome" | "words" | "reasons" | "duty" | "offered" | "tieBreak" | "withheld" | "alternatives"
>;

/** `programme@version#digest` of each. */
const labelsOf = once((packs: readonly Pack[]) =>
  packs.map(({ programme, digest }) => `${programme.programme}@${programme.version}#${digest.slice(0, 12)}`),
);

const dutyIn = ({ content, referral }: DecideInput, programmes: readonly Programme[]): Pick<Told, "duty"> => {
  const duty = dutyOf(programmes, content, referral.authority);
  return duty === undefined ? {} : { duty };
};

const receipt = (input: DecideInput, told: Told, candidates: readonly Candidate[]): Receipt =>
  receiptOf(
    {
      id: input.receiptId,
      referral: input.referral.id,
      reference: input.referral.reference,
      decidedAt: input.now.toISOString(),
      inputHash: input.inputHash,
      packs: labelsOf(input.packs),
      directory: `${input.directory.version}#${input.directoryDigest.slice(0, 12)}`,
      ...(input.capacityHash === "" ? {} : { capacity: input.capacityHash }),
      consent: input.consentHash,
      ...told,
    },
    candidates,
  );

export const offer = ({ input, candidates, refused }: Account, { fit, because, tieBreak }: Allocation): Decision => {
  const offered = {
    programme: fit.programme.programme,
    service: fit.service.id,
    provider: fit.organisation.id,
  };
  const isOffered = (one: Candidate): boolean =>
    one.kept && one.service === offered.service && one.programme === offered.programme;
  const others: Candidate[] = [];
  let taken: Candidate | undefined;
  for (const one of candidates)
    if (!isOffered(one)) others.push(one);
    else taken ??= { ...one, clause: "offered", words: joined(because, fit.told) };
  const marked = taken === undefined ? others : [taken, ...others];
  const to = { class: fit.organisation.class, organisation: fit.organisation.id };
  const fields = fieldsOpenTo(fit.programme, to, input.content, input.now);
  const withheld = withheldFrom(input.content, fields);
  const told: Told = {
    outcome: "offered",
    words: offeredTo(fit.service.name, fit.programme.name),
    reasons: [],
    ...dutyIn(input, [fit.programme]),
    offered,
    tieBreak: joined(refused, tieBreak, fit.told),
    withheld,
  };
  return {
    kind: "offer",
    ...offered,
    contract: fit.contract.contract,
    places: fit.takes,
    receipt: receipt(input, told, marked),
  };
};

export type Hold = {
  why: keyof typeof HELD;
  asks: Reason[];
  /** The programmes that wait for what is asked. */
  waiting?: readonly Programme[];
  words?: string;
  ways?: Ways;
};

export const hold = (
  { input, candidates, refused }: Account,
  { why, asks, waiting = [], words, ways = [] }: Hold,
): Decision => ({
  kind: "hold",
  why,
  asks,
  ...(why === "review" ? {} : { days: holdDays(waiting) }),
  receipt: receipt(
    input,
    {
      outcome: "held",
      words: joined(words ?? HELD[why], refused),
      reasons: asks,
      ...dutyIn(input, waiting),
      alternatives: [...ways],
    },
    candidates,
  ),
});

/** Several fit one programme, which leaves it to the person. */
export const askPerson = (account: Account, fits: readonly Fit[]): Decision => {
  const names = [...new Set(fits.map(({ service }) => service.name))];
  return hold(account, {
    why: "information",
    asks: [reason("choice-needed", "choice.service")],
    waiting: fits.slice(0, 1).map(({ programme }) => programme),
    words: personChooses(names),
  });
};

export const unmet = ({ input, candidates, refused }: Account, reasons: Reason[], ways: Ways): Decision => {
  const words = joined(OUTCOME.unmet, refused);
  return {
    kind: "unmet",
    reasons,
    receipt: receipt(input, { outcome: "unmet", words, reasons, alternatives: [...ways] }, candidates),
  };
};
