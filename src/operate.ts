// What operators' verbs work with, over the store of this process.
import { checkPacks } from "../adapters/directory/packs.ts";
import { migrate } from "../adapters/postgres/migrate.ts";
import { createIds } from "../adapters/system.ts";
import type { Config } from "../schemas/config.ts";
import type { Tools } from "./cli/verb.ts";
import { type Ground, isEmbedded, packsFolder } from "./wire.ts";

/** `open` is asked when a verb first needs the store. */
export const toolsOf = (config: Config, open: () => Promise<Ground>): Tools => ({
  store: async () => (await open()).store,
  ids: createIds(),
  embedded: isEmbedded(config),
  // Opening the store migrates it; this says what is still missing then: nothing, unless another program came first.
  migrate: async () => migrate((await open()).engine),
  checkPacks,
  packsFolder: packsFolder(config),
});
