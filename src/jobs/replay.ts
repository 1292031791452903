// Makes decisions again from what was kept of them, and says where today's program decides otherwise. It writes nothing.
import type { Directory } from "../../schemas/provider.ts";
import { canonical } from "../core/canonical.ts";
import type { Pack } from "../core/decision.ts";
import { firstDifference } from "../core/difference.ts";
import { judge, namedIn, readBack } from "../core/judge.ts";
import type { DecisionMade, Desk, Replay, Replayed, ReplayReport } from "../ports/desk.ts";
import type { Archive } from "../ports/rulebook.ts";
import type { Digest } from "../ports/system.ts";

type Ports = { desk: Desk; archive: Archive; digest: Digest };
type Finding = Pick<Replayed, "result" | "path" | "was" | "now" | "because">;

/** A page is read and judged before the event loop gets its turn: in embedded mode a broker lives on it. */
const PAGE = 10;
/** No more are named in one report; all are counted. */
const MOST_NAMED = 100;
const MOST_TEXT = 120;

export const createReplay = (ports: Ports): Replay => ({
  one: async (referral) => {
    const shelf = createShelf(ports.archive);
    const report = blank();
    for (const made of await ports.desk.decisions({ referral }))
      count(report, made, await again(ports.digest, shelf, made));
    return report;
  },

  all: async ({ since, until, after, limit }) => {
    const shelf = createShelf(ports.archive);
    const report = blank();
    for (let last = after; report.decisions < limit;) {
      const wanted = Math.min(PAGE, limit - report.decisions);
      const page = await ports.desk.decisions({ since, until, after: last, limit: wanted });
      for (const made of page) count(report, made, await again(ports.digest, shelf, made));
      if (page.length < wanted) return { ...report, next: undefined };
      last = page.at(-1)?.id;
      report.next = last;
    }
    return report;
  },
});

const blank = (): ReplayReport => ({ decisions: 0, same: 0, different: 0, cannot: 0, named: [] });

const count = (report: ReplayReport, { id, referral, reference, decidedAt }: DecisionMade, finding: Finding): void => {
  report.decisions += 1;
  report[finding.result] += 1;
  if (finding.result !== "same" && report.named.length < MOST_NAMED)
    report.named.push({ id, referral, reference, decidedAt, ...finding });
};

const again = async (digest: Digest, shelf: Shelf, made: DecisionMade): Promise<Finding> => {
  if (made.state === "altered") return { result: "different", path: "", was: "altered where it is stored", now: "" };
  if (made.receipt === undefined || made.input === undefined) return { result: "cannot", because: made.state };
  const named = namedIn(made.input);
  if (named === undefined) return { result: "cannot", because: "unknown-form" };
  const packs = await Promise.all(named.packs.map(shelf.pack));
  const directory = await shelf.directory(named.directory);
  if (packs.some((pack) => pack === undefined)) return { result: "cannot", because: "no-pack" };
  if (directory === undefined) return { result: "cannot", because: "no-directory" };

  const known = packs.filter((pack) => pack !== undefined);
  const { decision } = judge(readBack(made.input, known, directory), digest);
  if (canonical(decision.receipt) === made.receipt) return { result: "same" };
  const found = firstDifference(JSON.parse(made.receipt), decision.receipt);
  const short = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);
  return { result: "different", path: found?.path ?? "", was: short(found?.was ?? ""), now: short(found?.now ?? "") };
};

type Shelf = {
  pack(digest: string): Promise<Pack | undefined>;
  directory(digest: string): Promise<Directory | undefined>;
};

/** Remembers packs, which are small, and the last directory, which may not be: decisions come in the order of time. */
const createShelf = (archive: Archive): Shelf => {
  const packs = new Map<string, Promise<Pack | undefined>>();
  let last: { digest: string; directory: Promise<Directory | undefined> } | undefined;
  const read = async (digest: string): Promise<Pack | undefined> => {
    const programme = await archive.pack(digest);
    return programme && { programme, digest };
  };
  return {
    pack: (digest) => {
      const known = packs.get(digest) ?? read(digest);
      packs.set(digest, known);
      return known;
    },
    directory: (digest) => {
      if (last?.digest !== digest) last = { digest, directory: archive.directory(digest) };
      return last.directory;
    },
  };
};
