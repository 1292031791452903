// The account of one decision: built within its size, and shown to each reader only as far as they may see.
import { MAX_RECEIPT_BYTES, type Candidate, type Receipt, type ReceiptReader } from "../../schemas/receipt.ts";
import { forJobcentre, PRIVATE_WORDS } from "./firewall.ts";

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** Room for `left` to grow to six digits. */
const SLACK = 8;

/** Fills the receipt with candidates, kept ones first, until its 5 kB are used; `left` counts the rest. */
export const receiptOf = (head: Omit<Receipt, "candidates" | "left">, all: readonly Candidate[]): Receipt => {
  const ordered = [...all.filter((one) => one.kept), ...all.filter((one) => !one.kept)];
  // Far more packs than any area has would alone fill the receipt: the digests then stand in the input hash only.
  const packs = [...head.packs];
  while (packs.length > 0 && sizeOf({ ...head, packs, candidates: [], left: 0 }) + SLACK > MAX_RECEIPT_BYTES)
    packs.pop();
  const fixed = { ...head, packs };
  let room = MAX_RECEIPT_BYTES - SLACK - sizeOf({ ...fixed, candidates: [], left: 0 });
  const candidates: Candidate[] = [];
  for (const candidate of ordered) {
    room -= sizeOf(candidate) + 1;
    if (room < 0) break;
    candidates.push(candidate);
  }
  return { ...fixed, candidates, left: ordered.length - candidates.length };
};

const WORDS: Record<Receipt["outcome"], string> = {
  offered: "A local service has been asked.",
  held: "We need something more before we can ask a service.",
  unmet: "No local service can take this as things stand.",
};

const clean = (value: unknown): boolean => !PRIVATE_WORDS.test(JSON.stringify(value));

/** What every reader may have: when and by which rules it was decided, and what came of it. */
const frameOf = ({ id, referral, reference, decidedAt, inputHash, packs, directory, outcome, left }: Receipt) => ({
  id,
  referral,
  reference,
  decidedAt,
  inputHash,
  packs,
  directory,
  outcome,
  left,
});

/** Nothing of permission or health, neither said nor to be inferred from what came past a clause on it. */
const jobcentre = (receipt: Receipt): Receipt => ({
  ...frameOf(receipt),
  packs: receipt.packs.filter(clean),
  ...(receipt.offered === undefined || !clean(receipt.offered) ? {} : { offered: receipt.offered }),
  words: WORDS[receipt.outcome],
  reasons: forJobcentre(receipt.reasons),
  candidates: receipt.candidates.flatMap(({ health, ...shown }) => (health === true || !clean(shown) ? [] : [shown])),
});

/** A provider reads of itself alone: not who else was thought of, nor why. */
const provider = (receipt: Receipt, organisation: string): Receipt => {
  const candidates = receipt.candidates.filter((one) => one.provider === organisation);
  const own = new Set(candidates.map((one) => one.programme));
  const asked = receipt.offered?.provider === organisation;
  return {
    ...frameOf(receipt),
    packs: receipt.packs.filter((pack) => own.has(pack.slice(0, pack.indexOf("@")))),
    ...(asked ? { offered: receipt.offered } : {}),
    words: asked ? "You were asked." : "You were not asked.",
    reasons: [],
    candidates,
    left: 0,
  };
};

export const project = (receipt: Receipt, reader: ReceiptReader): Receipt => {
  switch (reader.kind) {
    case "jobcentre":
      return jobcentre(receipt);
    case "provider":
      return provider(receipt, reader.organisation);
    // Nothing in a receipt is private to a provider: places and draws are never written into it as numbers.
    case "gp":
    case "council":
    case "operator":
      return receipt;
  }
};
