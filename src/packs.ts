// The rules that this process decides by: read from the folder, brought into force through the register, and followed while it runs.
import { join } from "node:path";
import { createPackDesk, type OpenDesk } from "../adapters/directory/desk.ts";
import {
  loadHolidays,
  loadRates,
  type PackFault,
  readWhole,
  rulebookOf,
  type WholeFolder,
} from "../adapters/directory/packs.ts";
import type { Log } from "../adapters/log.ts";
import { packageRoot } from "../adapters/postgres/migrate.ts";
import type { Config } from "../schemas/config.ts";
import type { WageRates } from "../schemas/rates.ts";
import type { Holidays } from "../schemas/holidays.ts";
import type { Archive, PackRegister, Rulebook } from "./ports/rulebook.ts";
import type { Clock } from "./ports/system.ts";

/** The sample packs lie beside the program, whether it runs from its sources or from `dist/`. */
export const packsFolder = (config: Config): string => config.WAYMARK_PACKS ?? join(packageRoot(), "packs", "london");

/** Rules that do not hold stop the start: a broker with half its rules would decide wrongly. */
export class PacksBroken extends Error {
  override name = "PacksBroken";
  constructor(folder: string, lines: readonly string[]) {
    super(`the packs in ${folder} do not hold:\n${lines.join("\n")}`);
  }
}

const linesOf = (faults: readonly PackFault[]): string[] =>
  faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.path} ${fault.reason}`);

export const wholeFolder = (path: string): WholeFolder => {
  const read = readWhole(path);
  if (read.ok) return read.folder;
  throw new PacksBroken(path, linesOf(read.faults));
};

/** Of all nations, whichever packs are in force: they lie beside the program. */
export const bankHolidays = (): Holidays => {
  const file = join(packageRoot(), "packs", "bank-holidays.yaml");
  const read = loadHolidays(file);
  if (read.ok) return read.holidays;
  throw new PacksBroken(file, linesOf(read.faults));
};

type Store = { archive: Archive; packs: PackRegister };

/** As the register has them; before a broker has ever started on this store, as the folder would. */
export const openPacks = async (
  folder: WholeFolder,
  { archive, packs: register }: Store,
  clock: Clock,
  log: Log,
): Promise<{ rulebook: Rulebook; packs: OpenDesk }> => {
  const rulebook = rulebookOf(folder);
  const kept = await archive.keep(rulebook.bodies());
  if (kept > 0) log.info({ kept }, "packs and directory kept for receipts");
  const packs = createPackDesk({ folder, rulebook, register, archive, clock });
  await packs.refresh();
  return { rulebook, packs };
};

/** Only who serves brings a folder into force: a verb may be run beside another one. */
export const settlePacks = async (config: Config, packs: OpenDesk): Promise<void> => {
  const against = await packs.settle(config.DATABASE_URL === undefined ? config.WAYMARK_DATA : undefined);
  if (against.length > 0) throw new PacksBroken(packsFolder(config), against);
};

/** What the law and the Living Wage Foundation call a wage, by day. */
export const wageRates = (): WageRates => {
  const file = join(packageRoot(), "packs", "wage-rates.yaml");
  const read = loadRates(file);
  if (read.ok) return read.rates;
  throw new PacksBroken(file, linesOf(read.faults));
};

/** Well under the minute within which every process decides by what was activated. */
const LOOK_MS = 20_000;

/** `unreadSince`: since when they could not be read again. */
export type PackFollower = { unreadSince(): Date | undefined; stop(): Promise<void> };

/** Another program may bring a pack into force in the same store. */
export const followPacks = (packs: OpenDesk, clock: Clock, log: Log): PackFollower => {
  let unreadSince: Date | undefined;
  const look = (): void =>
    void packs.refresh().then(
      (changed) => {
        unreadSince = undefined;
        if (changed) log.info("packs in force were read again");
      },
      (error: unknown) => {
        unreadSince ??= clock.now();
        log.warn({ err: error }, "the register of packs cannot be read");
      },
    );
  const timer = setInterval(look, LOOK_MS).unref();
  return { unreadSince: () => unreadSince, stop: async () => clearInterval(timer) };
};
