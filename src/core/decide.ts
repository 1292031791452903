// The decision: one offer, or a hold that says what is missing, or an unmet need on record. Never without a reason.
import type { NeedCode } from "../../schemas/need.ts";
import type { Programme } from "../../schemas/programme.ts";
import { reason, type Reason, type ReasonCode } from "../../schemas/reason.ts";
import type { Candidate, Receipt } from "../../schemas/receipt.ts";
import type { Door } from "../../schemas/referral.ts";
import { allocate, type Allocation } from "./allocate.ts";
import { matchProgramme, type Fit, type Match, type Situation } from "./match.ts";
import { receiptOf } from "./receipt.ts";

export type Pack = { programme: Programme; digest: string };

export type DecideInput = Omit<Situation, "door"> & {
  referral: { id: string; reference: string; door: Door; test: boolean };
  /** In force on the day of `now`. */
  packs: readonly Pack[];
  inputHash: string;
  consentHash: string;
  receiptId: string;
};

export type Decision =
  | { kind: "offer"; programme: string; service: string; provider: string; receipt: Receipt }
  | { kind: "hold"; why: "consent" | "information" | "review"; asks: Reason[]; receipt: Receipt }
  | { kind: "unmet"; reasons: Reason[]; receipt: Receipt };

const serving = (need: NeedCode | undefined, packs: readonly Pack[]): Programme[] =>
  packs.map((pack) => pack.programme).filter((one) => need !== undefined && one.needs.includes(need));

/**
 * The programmes that can draw on any service that a decision on this need may draw on, in one order, so that their
 * locks never cross. One that serves another need counts too where it shares a service: a place has one taker.
 */
export const programmesFor = (need: NeedCode | undefined, packs: readonly Pack[]): string[] => {
  const drawnOn = new Set(serving(need, packs).flatMap((one) => one.services.map(({ service }) => service)));
  return packs
    .filter(({ programme }) => programme.services.some(({ service }) => drawnOn.has(service)))
    .map(({ programme }) => programme.programme)
    .sort();
};

export const decide = (input: DecideInput): Decision => {
  const { flags, need } = input.content;
  if (flags.emergency) return hold(input, "review", [reason("emergency-route")], []);
  if (flags.handling === "out-of-band") return hold(input, "review", [reason("out-of-band")], []);
  if (need === undefined) return hold(input, "information", [reason("need-unknown", "need")], []);

  const situation: Situation = { ...input, door: input.referral.door };
  const matches = serving(need, input.packs)
    .sort((a, b) => a.precedence - b.precedence || (a.programme < b.programme ? -1 : 1))
    .map((programme) => matchProgramme(programme, situation));
  const candidates = matches.flatMap((match) => match.candidates);

  const chosen = choose(matches, input);
  if (chosen !== undefined) return offer(input, chosen, candidates);
  const consents = unique(matches.flatMap((match) => match.consents));
  if (consents.length > 0) return hold(input, "consent", consents, candidates);
  const missing = [...new Set(matches.flatMap((match) => match.missing))];
  if (missing.length > 0) return hold(input, "information", missing.map(ask), candidates);
  return unmet(input, reasonsWhy(matches), candidates);
};

const unique = (reasons: readonly Reason[]): Reason[] => [
  ...new Map(reasons.map((one) => [`${one.code} ${one.path ?? ""}`, one])).values(),
];

const ask = (fact: string): Reason =>
  fact === "area" ? reason("area-unknown", "person.authority") : reason("fact-unknown", fact);

/** The nearest miss speaks: who fits and is full says more than who never fitted. */
const NEARNESS: readonly (readonly ReasonCode[])[] = [["all-declined", "no-place"], ["not-eligible"]];

const reasonsWhy = (matches: readonly Match[]): Reason[] => {
  const why = new Set(matches.flatMap((match) => match.why));
  for (const codes of NEARNESS) {
    const found = codes.filter((code) => why.has(code));
    if (found.length > 0) return found.map((code) => reason(code));
  }
  return [reason("no-service")];
};

/** The person's own choice where it fits; else the first programme by precedence, and its strategy. */
const choose = (matches: readonly Match[], input: DecideInput): Allocation | undefined => {
  const { choice } = input.content;
  const wanted = choice?.service;
  const fits = matches.flatMap((match) => match.fits);
  const asked = fits.find((fit: Fit) => fit.service.id === wanted);
  if (asked !== undefined) return { fit: asked, tieBreak: "The person chose this service." };
  const first = matches.find((match) => match.fits.length > 0);
  const allocation = first === undefined ? undefined : allocate(first.fits, input);
  if (allocation === undefined || wanted === undefined) return allocation;
  return { ...allocation, tieBreak: `The service that the person chose does not fit. ${allocation.tieBreak}` };
};

type Told = Pick<Receipt, "outcome" | "words" | "reasons" | "offered" | "tieBreak">;

const receipt = (input: DecideInput, told: Told, candidates: readonly Candidate[]): Receipt =>
  receiptOf(
    {
      id: input.receiptId,
      referral: input.referral.id,
      reference: input.referral.reference,
      decidedAt: input.now.toISOString(),
      inputHash: input.inputHash,
      packs: input.packs.map(
        ({ programme, digest }) => `${programme.programme}@${programme.version}#${digest.slice(0, 12)}`,
      ),
      directory: input.directory.version,
      consent: input.consentHash,
      ...told,
    },
    candidates,
  );

const offer = (input: DecideInput, { fit, tieBreak }: Allocation, candidates: readonly Candidate[]): Decision => {
  const offered = {
    programme: fit.programme.programme,
    service: fit.service.id,
    provider: fit.organisation.id,
  };
  const isOffered = (one: Candidate): boolean =>
    one.kept && one.programme === offered.programme && one.service === offered.service;
  const taken = candidates.find(isOffered);
  const marked = [
    ...(taken === undefined ? [] : [{ ...taken, clause: "offered", words: tieBreak }]),
    ...candidates.filter((one) => !isOffered(one)),
  ];
  const words = `Offered to ${fit.service.name}, under ${fit.programme.name}.`;
  const told: Told = { outcome: "offered", words, reasons: [], offered, tieBreak };
  return { kind: "offer", ...offered, receipt: receipt(input, told, marked) };
};

const HELD = {
  consent: "A service fits, and waits for a consent.",
  information: "A service may fit. A fact is missing.",
  review: "A person of ours must look at this first.",
} as const;

const hold = (
  input: DecideInput,
  why: keyof typeof HELD,
  asks: Reason[],
  candidates: readonly Candidate[],
): Decision => ({
  kind: "hold",
  why,
  asks,
  receipt: receipt(input, { outcome: "held", words: HELD[why], reasons: asks }, candidates),
});

const unmet = (input: DecideInput, reasons: Reason[], candidates: readonly Candidate[]): Decision => ({
  kind: "unmet",
  reasons,
  receipt: receipt(
    input,
    { outcome: "unmet", words: "No local service can take this as things stand.", reasons },
    candidates,
  ),
});
