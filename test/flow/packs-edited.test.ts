// A pack that was edited without a new version stops the next start, and the words say exactly what to do: doing it helps.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createLog } from "../../adapters/log.ts";
import { openBroker } from "../../src/broker.ts";
import { readConfig } from "../../src/config.ts";
import { PacksBroken } from "../../src/packs.ts";

const root = mkdtempSync(join(tmpdir(), "waymark-edited-"));
const [data, packs] = [join(root, "data"), join(root, "packs")];
const file = join(packs, "law-centre.yaml");
afterAll(() => rmSync(root, { recursive: true }));

const edit = (from: string, to: string): void => writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
/** Starts and stops; what stopped it, if anything did. */
const starts = async (): Promise<unknown> => {
  const read = readConfig({ PORT: "0", METRICS_PORT: "0", WAYMARK_DATA: data, WAYMARK_PACKS: packs });
  if (!read.ok) throw new Error(read.faults.join("; "));
  try {
    await (await openBroker(read.config, createLog({ level: "silent" }))).close();
    return undefined;
  } catch (error) {
    return error;
  }
};

/** Each start of an embedded store takes seconds where others work beside it. */
const PATIENCE_MS = 90_000;

it(
  "a start says which file to change, and how; or which folder to remove in a trial",
  { timeout: PATIENCE_MS },
  async () => {
    cpSync(join(import.meta.dirname, "../../packs/london"), packs, { recursive: true });
    expect(await starts()).toBeUndefined();
    edit("contactWithin: 10", "contactWithin: 9");
    const stopped = await starts();
    expect(stopped).toBeInstanceOf(PacksBroken);
    expect((stopped as Error).message.split("\n").slice(1)).toEqual([
      "law-centre.yaml: law-centre version 1 has been active since 2026-01-01 with other content. Write `version: 2` there, or put back what stood there.",
      `Or, in a trial that may forget all its cases: remove the folder ${data} and start again.`,
    ]);
    edit("version: 1", "version: 2");
    expect(await starts()).toBeUndefined();
    edit("contactWithin: 9", "contactWithin: 8");
    expect((await starts()) as Error).toMatchObject({ message: expect.stringContaining("Write `version: 3` there") });
    rmSync(data, { recursive: true });
    expect(await starts()).toBeUndefined();
  },
);
