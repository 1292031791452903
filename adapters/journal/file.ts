// The journal as one file that is only ever added to, on a disk that is not this host's. A line is on the disk before we go on.
import { type FileHandle, open } from "node:fs/promises";
import type { Journal } from "../../src/ports/journal.ts";

const NEWLINE = 0x0a;
const PIECE = 64 * 1024;
const OWNER_ALONE = 0o600;

export const createFileJournal = (path: string): Journal => ({
  read: async function* ({ place }) {
    const file = await open(path, "r").catch(missing);
    if (file === undefined) return;
    try {
      yield* linesIn(file, place);
    } finally {
      await file.close();
    }
  },
  append: async (lines) => {
    if (lines.length === 0) return [];
    // "a" is O_APPEND: what two processes write at one time stands one after the other.
    const file = await open(path, "a+", OWNER_ALONE);
    try {
      const { size } = await file.stat();
      // A line that was cut off stays alone: what comes after it begins on a line of its own.
      const torn = size > 0 && (await lastByte(file, size)) !== NEWLINE;
      let at = size + (torn ? 1 : 0);
      const places = lines.map(({ text }) => {
        const here = at;
        at += Buffer.byteLength(text) + 1;
        return here;
      });
      await file.appendFile((torn ? "\n" : "") + lines.map(({ text }) => `${text}\n`).join(""));
      await file.datasync();
      return places;
    } finally {
      await file.close();
    }
  },
});

const lastByte = async (file: FileHandle, size: number): Promise<number | undefined> =>
  (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0];

async function* linesIn(file: FileHandle, from: number): AsyncIterable<{ text: string; place: number }> {
  let [place, rest] = [from, Buffer.alloc(0)];
  for (let at = from; ; at += PIECE) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE), 0, PIECE, at);
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      if (end > 0) yield { text: rest.toString("utf8", 0, end), place };
      place += end + 1;
      rest = rest.subarray(end + 1);
    }
    if (bytesRead < PIECE) break;
  }
  if (rest.length > 0) yield { text: rest.toString("utf8"), place };
}

const missing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== "ENOENT") throw error;
  return undefined;
};
