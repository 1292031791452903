// A decision with all that it read written down, so that it can be made again: rules and directory by digest, the rest as it was.
import type { Directory } from "../../schemas/provider.ts";
import { canonical } from "./canonical.ts";
import { consentVersion } from "./consent.ts";
import { servicesOf } from "./contracts.ts";
import { decide } from "./decide.ts";
import type { DecideInput, Decision, Pack } from "./decision.ts";
import { serving } from "./draws.ts";
import { onceBy } from "./once.ts";

/** All that is asked and nothing that is worked out from it. */
export type Question = Omit<DecideInput, "inputHash" | "consentHash" | "capacityHash">;

type Keyed = (purpose: "input" | "consent" | "capacity", value: string) => string;

/** The form below. A later program that writes another one still knows this by its number. */
const FORM = 1;

type Written = Omit<Question, "packs" | "directory" | "directoryDigest" | "capacity" | "now"> & {
  form: number;
  packs: string[];
  directory: string;
  capacity: ReturnType<typeof placesIn>;
  now: string;
};

/**
 * Only what can bear on this need: then what was written down is all that was read, and stays small. A programme for
 * another need bears on it where it holds places back at a service that might be asked.
 */
const narrowed = (question: Question): Question => {
  const { packs, primes } = bearingOn(question.packs, question.content.need);
  return { ...question, packs, reachable: question.reachable.filter((one) => primes.has(one)).toSorted() };
};

const bearingOn = onceBy((all: Question["packs"], need: Question["content"]["need"]) => {
  const own = serving(need, all);
  const services = new Set(own.flatMap(({ programme }) => servicesOf(programme)));
  const packs = all.filter(
    (pack) => own.includes(pack) || pack.programme.ringFences.some(({ service }) => services.has(service)),
  );
  return {
    packs,
    primes: new Set(packs.flatMap(({ programme }) => programme.contracts.map((contract) => contract.prime))),
  };
});

const placesIn = (capacity: Question["capacity"]) => [...capacity].toSorted(([a], [b]) => (a < b ? -1 : 1));

const writtenDown = (question: Question): string => {
  const { packs, directory: _, directoryDigest, capacity, now, ...rest } = question;
  const written: Written = {
    ...rest,
    form: FORM,
    packs: packs.map((pack) => pack.digest),
    directory: directoryDigest,
    capacity: placesIn(capacity),
    now: now.toISOString(),
  };
  return canonical(written);
};

/** `written` is canonical JSON, and the input hash is its keyed digest. */
export const judge = (question: Question, keyed: Keyed): { decision: Decision; written: string } => {
  const read = narrowed(question);
  const written = writtenDown(read);
  const decision = decide({
    ...read,
    inputHash: keyed("input", written),
    consentHash: keyed("consent", consentVersion(read.content.consents)),
    capacityHash: read.capacity.size === 0 ? "" : keyed("capacity", canonical(placesIn(read.capacity))),
  });
  return { decision, written };
};

/** What must be at hand before a decision can be made again. Undefined where the form is not one of ours. */
export const namedIn = (written: string): { packs: string[]; directory: string } | undefined => {
  const { form, packs, directory } = JSON.parse(written) as Written;
  return form === FORM ? { packs, directory } : undefined;
};

export const readBack = (written: string, packs: readonly Pack[], directory: Directory): Question => {
  const { form: _, packs: __, directory: directoryDigest, capacity, now, ...rest } = JSON.parse(written) as Written;
  return { ...rest, packs, directory, directoryDigest, capacity: new Map(capacity), now: new Date(now) };
};
