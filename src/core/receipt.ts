// The account of one decision, built within its size. What a benefit office may read of it must not depend on consent or
// health, not even by what is cut off: so its part has room of its own, filled before anything that could differ.
import { MAX_RECEIPT_BYTES, type Alternative, type Candidate, type Receipt } from "../../schemas/receipt.ts";
import { inTheOpen, openAlternative } from "./firewall.ts";
import { jsonSize } from "./size.ts";

/** Room for counters to grow, and for the names of lists. */
const SLACK = 64;
/** For the packs, the open alternatives and the open drops together. */
const OPEN_ROOM = 2_200;
const PACKS_ROOM = 1_800;
/** For everything else but candidates. */
const HEAD_ROOM = MAX_RECEIPT_BYTES - SLACK - OPEN_ROOM;
const MOST_WORDS = 400;

type Head = Omit<Receipt, "candidates" | "left" | "plain">;

/** What is reckoned of a candidate. One that says the same of everybody is reckoned once: see `lines.ts`. */
type Reckoned = { size: number; open: boolean; name: string };
const reckoned = new WeakMap<Candidate, Reckoned>();

const reckon = (candidate: Candidate): Reckoned => {
  const known = reckoned.get(candidate);
  if (known !== undefined) return known;
  const made = { size: jsonSize(candidate), open: inTheOpen(candidate), name: nameOf(candidate) };
  reckoned.set(candidate, made);
  return made;
};

export const receiptOf = (whole: Head, all: readonly Candidate[]): Receipt => {
  const packs = within(PACKS_ROOM, whole.packs, jsonSize);
  const alternatives = whole.alternatives ?? [];
  const openWays = within(OPEN_ROOM - packs.size, alternatives.filter(openAlternative), jsonSize);
  const plain = within(OPEN_ROOM - packs.size - openWays.size, openIn(all), sizeOf).items;

  const kept = all.filter((one) => one.kept);
  const offered = kept.filter((one) => one.clause === "offered");
  const closedWays = alternatives.filter((one) => !openAlternative(one));
  const { alternatives: closed = [], ...head } = headOf(
    { ...whole, packs: [] },
    closedWays,
    HEAD_ROOM - jsonSize(offered),
  );
  const fixed = { ...head, ...waysOf([...openWays.items, ...closed]) };

  const surely = new Set<Candidate>([...offered, ...plain]);
  let room =
    MAX_RECEIPT_BYTES - SLACK - packs.size - jsonSize({ ...fixed, packs: [], candidates: [], left: 0, plain: 0 });
  for (const one of surely) room -= sizeOf(one) + 1;
  for (const some of [kept, all])
    for (const one of some) {
      if (room < 0) break;
      if (surely.has(one)) continue;
      room -= sizeOf(one) + 1;
      if (room >= 0) surely.add(one);
    }
  const candidates = kept.filter((one) => surely.has(one));
  let dropped = surely.size - candidates.length;
  for (const one of all) {
    // Few of hundreds have room, and most of those stand among the first.
    if (dropped === 0) break;
    if (one.kept || !surely.has(one)) continue;
    candidates.push(one);
    dropped -= 1;
  }
  return { ...fixed, packs: packs.items, candidates, left: all.length - candidates.length, plain: plain.length };
};

/** The open drops that have room whatever else there is, as `receiptOf` chose them. */
export const surelyIn = ({ candidates, plain }: Receipt): Candidate[] => openIn(candidates).slice(0, plain);

const sizeOf = (candidate: Candidate): number => reckon(candidate).size;

const nameOf = ({ programme, service, clause }: Candidate): string => `${programme} ${service ?? ""} ${clause}`;
/** By their names, which are looked up once for each and not once for each comparison. */
const openIn = (candidates: readonly Candidate[]): Candidate[] => {
  const found: { name: string; one: Candidate }[] = [];
  for (const one of candidates) {
    // Most say so themselves, and need no reckoning.
    if (one.kept || one.health === true) continue;
    const { open, name } = reckon(one);
    if (open) found.push({ name, one });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ one }) => one);
};

/** As many of the first as fit, and the room that their list takes. */
const within = <T>(room: number, items: readonly T[], sizeIn: (item: T) => number): { items: T[]; size: number } => {
  const found: T[] = [];
  let size = 2;
  for (const item of items) {
    const more = sizeIn(item) + 1;
    if (size + more > room) break;
    size += more;
    found.push(item);
  }
  return { items: found, size };
};

const waysOf = (alternatives: Alternative[]): Pick<Receipt, "alternatives"> =>
  alternatives.length === 0 ? {} : { alternatives };

/** Of what does not fit, the least goes first: other ways, then what was withheld, then reasons. */
const headOf = (whole: Head, ways: readonly Alternative[], room: number): Head => {
  const { alternatives: _, withheld, tieBreak, ...rest } = whole;
  const head: Head = {
    ...rest,
    words: cut(rest.words),
    reasons: [...rest.reasons],
    ...(tieBreak === undefined ? {} : { tieBreak: cut(tieBreak) }),
    ...(withheld === undefined ? {} : { withheld: [...withheld] }),
    alternatives: [...ways],
  };
  let over = jsonSize(head) - room;
  for (const list of [head.alternatives, head.withheld, head.reasons])
    for (let last = list?.at(-1); over > 0 && last !== undefined; last = list?.at(-1)) {
      over -= jsonSize(last);
      list?.pop();
    }
  return head;
};

/** Names may be long, and in any script. */
const cut = (words: string): string => {
  if (jsonSize(words) <= MOST_WORDS) return words;
  let room = MOST_WORDS - 5;
  let kept = "";
  for (const letter of words) {
    room -= jsonSize(letter) - 2;
    if (room < 0) break;
    kept += letter;
  }
  return `${kept}…`;
};
