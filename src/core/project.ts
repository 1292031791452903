// A receipt as its reader may see it. Each projection is a list of what is given: a new field stays closed until opened here.
import type { Alternative, Candidate, Receipt, ReceiptReader } from "../../schemas/receipt.ts";
import { forJobcentre, isClean, openAlternative } from "./firewall.ts";
import { surelyIn } from "./receipt.ts";
import { ASKED, OUTCOME, RULE } from "./words/outcome.ts";

export const project = (receipt: Receipt, reader: ReceiptReader): Receipt => {
  switch (reader.kind) {
    case "gp":
    case "council":
      return referrer(receipt);
    case "jobcentre":
      return jobcentre(receipt);
    case "provider":
      return provider(receipt, reader.organisation);
    case "commissioner":
      return commissioner(receipt, new Set(reader.programmes));
    case "operator":
      return operator(receipt);
  }
};

/** What every reader may have: when and by which directory it was decided, and what came of it. */
const frameOf = ({ id, referral, reference, decidedAt, directory, outcome }: Receipt) => ({
  id,
  referral,
  reference,
  decidedAt,
  directory,
  outcome,
});

/** All of it: a practice or a council sent the person as part of caring for them, with the facts that were read. */
const referrer = (receipt: Receipt): Receipt => {
  const { plain: _, ...all } = receipt;
  return all;
};

/** A day on which somebody grows old enough is a birthday: operators look after cases, not people. */
const operator = (receipt: Receipt): Receipt => ({ ...referrer(receipt), ...waysOf(receipt, () => true, "no days") });

/** Nothing of permission or health, neither said nor to be inferred from what came past a clause on it. */
const jobcentre = (receipt: Receipt): Receipt => {
  const { offered } = receipt;
  const named = offered !== undefined && isClean(offered) ? offered : undefined;
  return {
    ...frameOf(receipt),
    packs: receipt.packs.filter(isClean),
    ...(named === undefined ? {} : { offered: named, ...dutyOf(receipt) }),
    words: OUTCOME[receipt.outcome],
    reasons: forJobcentre(receipt.reasons),
    candidates: [
      ...(named === undefined ? [] : [{ ...named, kept: true, clause: "offered", words: ASKED.it }]),
      ...surelyIn(receipt).map(unmarked),
    ],
    left: 0,
    ...waysOf(receipt, openAlternative),
  };
};

/** What a service is and can take. Every other clause says something of the person. */
const OF_THE_SERVICE = /^(offered|fits|need|status|reachable|declined|places|course)$/;

/** A provider reads of itself alone: not who else was thought of, nor why, nor that there is more of the person to know. */
const provider = (receipt: Receipt, organisation: string): Receipt => {
  const own = receipt.candidates.filter((one) => one.provider === organisation);
  const programmes = new Set(own.map((one) => one.programme));
  const asked = receipt.offered?.provider === organisation;
  return {
    ...frameOf(receipt),
    ...hashOf(receipt),
    packs: packsOf(receipt, programmes),
    ...(asked ? { offered: receipt.offered, ...dutyOf(receipt) } : {}),
    words: asked ? ASKED.you : ASKED.notYou,
    reasons: [],
    candidates: own.filter((one) => OF_THE_SERVICE.test(one.clause)).map(bare),
    left: 0,
  };
};

/** That somebody is among those for whom places are held back is theirs to tell. */
const bare = (one: Candidate): Candidate => ({
  ...unmarked(one),
  ...(one.kept ? { words: ASKED[one.clause === "offered" ? "it" : "fits"] } : {}),
});

/** That there was something to hide is hidden too. */
const unmarked = <T extends { health?: boolean | undefined }>(one: T): Omit<T, "health"> => {
  const { health: _, ...rest } = one;
  return rest;
};

/** Its own programmes, and nothing of the person: where a programme asks about health, that a rule was not met is enough. */
const commissioner = (receipt: Receipt, own: ReadonlySet<string>): Receipt => {
  const asked = receipt.offered !== undefined && own.has(receipt.offered.programme);
  const other = receipt.outcome === "offered" && !asked;
  return {
    ...frameOf(receipt),
    ...hashOf(receipt),
    ...(receipt.capacity === undefined ? {} : { capacity: receipt.capacity }),
    packs: packsOf(receipt, own),
    ...(asked ? { offered: receipt.offered, ...dutyOf(receipt) } : {}),
    words: asked ? receipt.words : other ? ASKED.other : OUTCOME[receipt.outcome],
    reasons: [],
    candidates: receipt.candidates.flatMap((one) => (own.has(one.programme) ? [withoutHealth(one)] : [])),
    left: receipt.left,
    ...waysOf(receipt, (one) => SUPPLY.has(one.kind) && one.health !== true && own.has(one.programme ?? "")),
  };
};

/** What a commissioner can do something about. */
const SUPPLY: ReadonlySet<Alternative["kind"]> = new Set(["step", "place", "course", "service"]);

const OF_THE_PERSON = /^(eligibility|exclusion|fence|override):/;

const withoutHealth = (one: Candidate): Candidate => {
  if (one.health !== true) return unmarked(one);
  return OF_THE_PERSON.test(one.clause)
    ? { ...unmarked(one), clause: "rule", words: one.kept ? RULE.aside : RULE.unmet }
    : bare(one);
};

/** Shown with an offer alone: before, it would tell that the person's consents stand. */
const dutyOf = ({ duty }: Receipt): Pick<Receipt, "duty"> => (duty === undefined ? {} : { duty });

const hashOf = ({ inputHash }: Receipt): Pick<Receipt, "inputHash"> => (inputHash === undefined ? {} : { inputHash });

const packsOf = ({ packs }: Receipt, programmes: ReadonlySet<string>): string[] =>
  packs.filter((pack) => programmes.has(pack.slice(0, pack.indexOf("@"))));

const waysOf = (
  { alternatives }: Receipt,
  may: (one: Alternative) => boolean,
  days: "days" | "no days" = "days",
): Pick<Receipt, "alternatives"> => {
  const shown = (alternatives ?? []).filter(may).map((one) => {
    const { day: _, ...undated } = unmarked(one);
    return days === "days" || one.kind === "course" ? unmarked(one) : undated;
  });
  return shown.length === 0 ? {} : { alternatives: shown };
};
