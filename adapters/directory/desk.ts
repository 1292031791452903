// Packs as they come into force: at a start from the folder, by hand at any time, and from then on in every process.
import { type Activation, FOLDER } from "../../schemas/activation.ts";
import type { Programme } from "../../schemas/programme.ts";
import { activate, type Active, inForceOn, type Same, settleFolder, standOf } from "../../src/core/activation.ts";
import { dayOf } from "../../src/core/calendar.ts";
import { failureOf } from "../../src/core/packtest.ts";
import type { Archive, PackDesk, PackRegister } from "../../src/ports/rulebook.ts";
import type { Clock } from "../../src/ports/system.ts";
import { provenOf } from "./check/proof.ts";
import { packFindings } from "./check/programme.ts";
import { editedWords, refusalWords } from "./desk-words.ts";
import { digestOf, type Folder, neighboursOf, pinned, readPack } from "./folder.ts";
import type { OpenRulebook } from "./rulebook.ts";

type Ports = {
  folder: Folder & { directory: NonNullable<Folder["directory"]> };
  rulebook: OpenRulebook;
  register: PackRegister;
  archive: Archive;
  clock: Clock;
};

export type OpenDesk = PackDesk & {
  /** A broker starts: what lies in the folder is in force. In words, what stands against it. `trial`: a store to throw away. */
  settle(trial?: string): Promise<string[]>;
  /** Reads the register again if it has changed, and says whether it had. */
  refresh(): Promise<boolean>;
};

export const createPackDesk = ({ folder, rulebook, register, archive, clock }: Ports): OpenDesk => {
  const today = (): string => dayOf(clock.now());
  let mark = "";

  /** The body of a line: from the folder where it lies there, else as it was kept. */
  const bodyOf = async (digest: string): Promise<Programme | undefined> =>
    [...folder.packs, ...rulebook.all()].find((one) => one.digest === digest)?.programme ??
    (await archive.pack(digest));

  const load = async (lines: readonly Activation[]): Promise<Active[]> => {
    const all: Active[] = [];
    for (const { digest, from, until } of lines) {
      const programme = await bodyOf(digest);
      // What has ended and cannot be read any more decides nothing; anything else must not be left out in silence.
      if (programme !== undefined) all.push({ programme, digest, from, ...(until === undefined ? {} : { until }) });
      else if (until === undefined || until > today())
        throw new PackLost(`the body of an activated pack is lost: ${digest}`);
    }
    return all;
  };

  const refresh = async (): Promise<boolean> => {
    const now = await register.mark();
    if (now === mark) return false;
    const lines = await register.lines();
    // Before a broker has ever started here, the folder says what would be in force.
    if (lines.length > 0) rulebook.replace(await load(lines));
    mark = now;
    return true;
  };

  /** The form of packs grows: content that reads the same today is the same, whatever its digest was then. */
  const sameAs = async (lines: readonly Activation[]): Promise<Same> => {
    const today = new Map<string, string>();
    for (const digest of new Set(lines.map((line) => line.digest))) {
      const body = await bodyOf(digest);
      if (body !== undefined) today.set(digest, digestOf(body));
    }
    return (one, other) => one === other || today.get(one) === (today.get(other) ?? other);
  };

  const settle = async (trial?: string): Promise<string[]> => {
    const packs = folder.packs.map(({ programme: { programme, version, validFrom }, digest }) => ({
      programme,
      version,
      digest,
      validFrom,
    }));
    const known = await register.lines();
    const same = await sameAs(known);
    const settled = await register.change<ReturnType<typeof settleFolder>>(FOLDER, (lines) => {
      const answer = settleFolder(lines, packs, today(), same);
      return answer.outcome === "settled" ? { answer, change: answer } : { answer };
    });
    if (settled.outcome === "other-content") return editedWords(settled.before, folder.packs, known, trial);
    await refresh();
    return inForceOrLater(rulebook.all(), today())
      .filter(({ digest }) => !folder.packs.some((one) => one.digest === digest))
      .flatMap(({ programme }) => {
        const beside = neighboursOf(rulebook.all(), folder.others, true);
        return packFindings(programme, folder.directory.directory, beside).map(
          ({ at, says }) => `${programme.programme} version ${programme.version}: ${at.join(".")} ${says}`,
        );
      });
  };

  return {
    settle,
    refresh,

    list: async () => {
      await refresh();
      const day = today();
      const all = rulebook.all();
      const lines = await register.lines();
      return lines.flatMap((line) => {
        const active = all.find(
          ({ digest, from, until }) => digest === line.digest && from === line.from && until === line.until,
        );
        return active === undefined ? [] : [{ ...line, stand: standOf(active, all, day) }];
      });
    },

    test: async (day = today()) => {
      await refresh();
      const then = day < today() ? await archive.directoryOn(day) : undefined;
      const directory = then ?? folder.directory.directory;
      const packs = inForceOn(rulebook.all(), day).map(({ programme }) => ({
        programme: programme.programme,
        version: programme.version,
        tests: programme.tests.length,
        failures: programme.tests.flatMap((test) => {
          const why = failureOf(programme, directory, test);
          return why === undefined ? [] : [{ test: test.name, why }];
        }),
      }));
      return { day, packs };
    },

    activate: async (file, { from, by }) => {
      await refresh();
      const read = readPack(file);
      if (!read.ok) return { outcome: "faults", faults: read.faults };
      const { value: programme, pin } = read;
      const directory = folder.directory.directory;
      const neighbours = neighboursOf([...rulebook.all(), { programme }], folder.others, true);
      const found = [
        ...packFindings(programme, directory, neighbours),
        ...provenOf(programme, directory, today()).faults,
      ];
      if (found.length > 0) return { outcome: "faults", faults: pinned(found, pin) };

      const pack = { programme, digest: digestOf(programme) };
      const same = await sameAs(await register.lines());
      await archive.keep({ packs: [pack], directory: folder.directory });
      const answer = await register.change<ReturnType<typeof activate>>(by, (lines) => {
        const judged = activate(lines, rulebook.all(), pack, from, today(), same);
        return judged.outcome === "activated" ? { answer: judged, change: judged } : { answer: judged };
      });
      if (answer.outcome !== "activated") return { outcome: "refused", words: refusalWords(answer) };
      await refresh();
      const [line = { ...pack, programme: programme.programme, version: programme.version, from }] = answer.begin;
      return { outcome: "activated", line };
    },
  };
};

/** The register names a pack whose body is not there: the store was altered, or is newer than this program. */
export class PackLost extends Error {
  override name = "PackLost";
}

const inForceOrLater = (all: readonly Active[], day: string): Active[] =>
  all.filter((one) => ["in force", "future"].includes(standOf(one, all, day)));
