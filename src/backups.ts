// `waymark backup` and `waymark restore`, for whichever home the store has. What went wrong is a sentence for the operator.
import { backUpServer, BackupFault, keepFile, restoreEmbedded, restoreServer } from "../adapters/postgres/backup.ts";
import { FolderHeld } from "../adapters/postgres/lock.ts";
import type { Config } from "../schemas/config.ts";
import type { Tools } from "./cli/verb.ts";
import type { Ground } from "./wire.ts";

const faultOf = (done: Promise<void>): Promise<string | undefined> =>
  done.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof BackupFault || error instanceof FolderHeld) return error.message;
      throw error;
    },
  );

export const composeBackups = (config: Config, open: () => Promise<Ground>): Pick<Tools, "backUp" | "restore"> => ({
  backUp: (out) =>
    faultOf(
      config.DATABASE_URL === undefined
        ? open().then(async ({ engine }) => keepFile(out, (await engine.pack?.()) ?? new Uint8Array()))
        : backUpServer(config.DATABASE_URL, out),
    ),
  restore: (asked) =>
    faultOf(
      config.DATABASE_URL === undefined
        ? restoreEmbedded(config.WAYMARK_DATA, asked)
        : restoreServer(config.DATABASE_URL, asked),
    ),
});
