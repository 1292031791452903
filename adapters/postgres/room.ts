// A floor of free space under the embedded store: PGlite freezes the whole process when the disk is full, so we stop before.
import { statfs } from "node:fs/promises";
import { NoRoom } from "./engine.ts";

export type Room = { check(): Promise<void> };

/** How long one look at the disk is believed. */
const BELIEVED_MS = 1_000;

/** Bytes that are free on the disk under a folder. */
export const onDisk = (folder: string) => async (): Promise<number> => {
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize;
};

export const createRoom = (folder: string, floor: number, freeBytes = onDisk(folder)): Room => {
  let looked = Number.NEGATIVE_INFINITY;
  let free = 0;
  return {
    check: async () => {
      if (performance.now() - looked > BELIEVED_MS) {
        free = await freeBytes();
        looked = performance.now();
      }
      if (free < floor) {
        const mb = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;
        throw new NoRoom(`the disk under the store has ${mb(free)} free, less than the ${mb(floor)} it needs`);
      }
    },
  };
};
