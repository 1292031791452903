// The key ring: given as text, or made once beside the embedded store. No message of ours ever repeats what is in it.
import { existsSync } from "node:fs";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { KeyRing } from "../../schemas/config.ts";
import type { Ids } from "../../src/ports/system.ts";

export class KeyRingFault extends Error {
  override name = "KeyRingFault";
}

export const makeKeyRing = (ids: Pick<Ids, "bytes">): KeyRing => {
  const key = (): string => ids.bytes(32).toString("base64");
  const current = `k${ids.bytes(4).toString("hex")}`;
  return { current, wrapping: { [current]: key() }, index: key(), webhook: key() };
};

export const parseKeyRing = (text: string): KeyRing => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message would quote the text.
    throw new KeyRingFault("the key ring is not JSON");
  }
  const parsed = KeyRing.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path[0]?.toString() ?? "the whole"}: ${issue.code}`);
  throw new KeyRingFault(`the key ring does not hold: ${[...new Set(faults)].join("; ")}`);
};

/** Reads the ring in the data folder, or makes it. It is on the disk, whole, before anything is sealed with it. */
export const embeddedKeyRing = async (folder: string, ids: Pick<Ids, "bytes">): Promise<KeyRing> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "keys.json");
  const text = await readFile(path, "utf8").catch(missing);
  if (text !== undefined) return parseKeyRing(text);
  if (existsSync(join(folder, "store"))) {
    throw new KeyRingFault(`${path} is missing, but there is a store that only its keys can open: put it back`);
  }
  await create(path, `${JSON.stringify(makeKeyRing(ids), undefined, 2)}\n`, ids.bytes(6).toString("hex"));
  return parseKeyRing(await readFile(path, "utf8"));
};

/** Written aside and linked into place: whoever reads it reads all of it, and of two that make one the first stays. */
const create = async (path: string, text: string, mark: string): Promise<void> => {
  const draft = `${path}.${mark}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(draft);
  const folder = await open(join(path, ".."), "r");
  await folder.sync().finally(() => folder.close());
};

const missing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== "ENOENT") throw error;
  return undefined;
};
