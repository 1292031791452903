// The account of one decision, built within its size. What a benefit office may read of it must not depend on consent or
// health, not even by what is cut off: so its part has room of its own, filled before anything that could differ.
import { MAX_RECEIPT_BYTES, type Alternative, type Candidate, type Receipt } from "../../schemas/receipt.ts";
import { inTheOpen, openAlternative } from "./firewall.ts";
import { once } from "./once.ts";
import { entrySize, jsonSize, listSize } from "./size.ts";

/** Room for counters to grow, and for the names of lists. */
const SLACK = 64;
/** For the packs, the open alternatives and the open drops together. */
const OPEN_ROOM = 2_200;
const PACKS_ROOM = 1_800;
/** For everything else but candidates. */
const HEAD_ROOM = MAX_RECEIPT_BYTES - SLACK - OPEN_ROOM;
const MOST_WORDS = 400;

type Head = Omit<Receipt, "candidates" | "left" | "plain">;

/** What stands in every receipt beside its head, while it is empty. */
const TAIL = entrySize({ candidates: [], left: 0, plain: 0 });

export const receiptOf = (whole: Head, all: readonly Candidate[]): Receipt => {
  const packs = packsIn(whole.packs);
  const alternatives = whole.alternatives ?? [];
  const openWays = within(OPEN_ROOM - packs.size, alternatives.filter(openAlternative), jsonSize);
  const plain = firstOpen(OPEN_ROOM - packs.size - openWays.size, all);

  const kept = all.filter((one) => one.kept);
  const offered = kept.filter(isOffered);
  const closedWays = alternatives.filter((one) => !openAlternative(one));
  const head = headOf(whole, closedWays, HEAD_ROOM - listSize(offered.map(sizeOf)));
  const ways = [...openWays.items, ...head.ways];

  let room = MAX_RECEIPT_BYTES - SLACK - packs.size - head.size - TAIL;
  if (ways.length > 0) room -= entrySize({ alternatives: ways });
  for (const some of [offered, plain]) for (const one of some) room -= sizeOf(one) + 1;
  /** Once one has no room, none that follows has. */
  const hasRoom = (one: Candidate): boolean => {
    if (room >= 0) room -= sizeOf(one) + 1;
    return room >= 0;
  };
  const surely = new Set(plain);
  const candidates = kept.filter((one) => isOffered(one) || hasRoom(one));
  for (const one of all) if (!one.kept && (surely.has(one) || hasRoom(one))) candidates.push(one);
  return {
    ...head.told,
    packs: [...packs.items],
    alternatives: ways.length === 0 ? undefined : ways,
    candidates,
    left: all.length - candidates.length,
    plain: plain.length,
  };
};

/** The packs of a day are the same in every receipt. */
const packsIn = once((packs: Head["packs"]) => within(PACKS_ROOM, packs, jsonSize));

/** The open drops that have room whatever else there is, as `receiptOf` chose them. */
export const surelyIn = ({ candidates, plain }: Receipt): Candidate[] => openIn(candidates).slice(0, plain);

const isOffered = ({ clause }: Candidate): boolean => clause === "offered";

// Most candidates say the same of everybody (see `lines.ts`), and are reckoned once.
const sizeOf: (candidate: Candidate) => number = once(jsonSize);

/** The name of one that was dropped in the open. */
const openName = once((candidate: Candidate): string | undefined => {
  const { programme, service, clause } = candidate;
  return inTheOpen(candidate) ? `${programme} ${service ?? ""} ${clause}` : undefined;
});

/** Most say so themselves, and need no reckoning. */
const nameIfOpen = (one: Candidate): string | undefined =>
  one.kept || one.health === true ? undefined : openName(one);

/** By their names, which are looked up once for each and not once for each comparison. */
const openIn = (candidates: readonly Candidate[]): Candidate[] => {
  const found: { name: string; one: Candidate }[] = [];
  for (const one of candidates) {
    const name = nameIfOpen(one);
    if (name !== undefined) found.push({ name, one });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ one }) => one);
};

/** As many of `openIn`, the first first, as fit: the rest need no order, and they are many. */
const firstOpen = (room: number, candidates: readonly Candidate[]): Candidate[] => {
  const found: { name: string; cost: number; one: Candidate }[] = [];
  /** Only the last may be too much: whatever comes after it has no room. */
  let size = 2;
  let last: (typeof found)[number] | undefined;
  for (const one of candidates) {
    const name = nameIfOpen(one);
    if (name === undefined || (last !== undefined && size > room && name >= last.name)) continue;
    let at = found.length;
    while (at > 0 && name < (found[at - 1]?.name ?? "")) at -= 1;
    const cost = sizeOf(one) + 1;
    found.splice(at, 0, { name, cost, one });
    size += cost;
    for (last = found.at(-1); last !== undefined && size - last.cost > room; last = found.at(-1)) {
      size -= last.cost;
      found.pop();
    }
  }
  if (size > room) found.pop();
  return found.map(({ one }) => one);
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

type Fitted = { told: Head; ways: readonly Alternative[]; size: number };

/** Of what does not fit, the least goes first: other ways, then what was withheld, then reasons. `size`: without the ways. */
const headOf = (whole: Head, closedWays: readonly Alternative[], room: number): Fitted => {
  const { words, tieBreak, withheld, reasons } = whole;
  const told: Head = {
    ...whole,
    packs: [],
    words: cut(words),
    reasons: [...reasons],
    tieBreak: tieBreak === undefined ? undefined : cut(tieBreak),
    withheld: withheld === undefined ? undefined : [...withheld],
    alternatives: undefined,
  };
  const ways = [...closedWays];
  const size = jsonSize(told);
  let over = size + entrySize({ alternatives: ways }) - room;
  if (over <= 0) return { told, ways, size };
  for (const list of [ways, told.withheld, told.reasons])
    for (let last = list?.at(-1); over > 0 && last !== undefined; last = list?.at(-1)) {
      over -= jsonSize(last);
      list?.pop();
    }
  return { told, ways, size: jsonSize(told) };
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
