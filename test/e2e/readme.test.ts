// What the documents tell a reader to type is typed here, in order, against a fresh broker; what they show must come back.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTrialBroker, type TrialBroker } from "../fixtures/trial-broker.ts";
import { blocksIn, ROOT, type Block } from "../unit/docs/markdown.ts";
import { freePort } from "../world/system.ts";
import { openShell, type Ran, type Shell } from "./shell.ts";

const DOCUMENTS = ["README.md", "docs/gp.md", "docs/jobcentre.md", "docs/council.md", "docs/provider.md"];
const PATIENCE_MS = 45_000;

/** The addresses in the documents, and where they lead in this run. */
const BROKER = "http://127.0.0.1:8080";
const RECEIVER = "9001";

let broker: TrialBroker;
let receiver: number;
beforeAll(async () => {
  broker = await openTrialBroker();
  receiver = await freePort();
});
afterAll(() => broker.close());

/** Ids, references, times and secrets differ in each run: what is left is the shape. */
const shapeOf = (text: string): string =>
  text
    .replaceAll(broker.origin, BROKER)
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/WM-[2-9A-Z]{4}-[2-9A-Z]{4}/g, "<reference>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, "<time>")
    .replaceAll(/whsec_[A-Za-z0-9+/=]+/g, "<secret>")
    .replaceAll(/#[0-9a-f]{12,64}/g, "#<digest>")
    .replaceAll(/(?<="(apiKey|inputHash)": ?")[A-Za-z0-9_-]{20,}/g, "<opaque>");

const readable = (language: string, text: string): unknown => {
  if (language !== "json") return shapeOf(text.trim());
  try {
    return JSON.parse(shapeOf(text)) as unknown;
  } catch {
    return text;
  }
};

/** A block that only asks may be asked again: what it shows comes a moment later. */
const onlyAsks = (block: string): boolean => !/ -d |--data|-X POST|clients add|keys client|&$|^\w+=/m.test(block);

type Step = { block: Block; shows?: Block | undefined };

/** A block of `json` or `text` that follows a block of `sh` is what it prints. */
const stepsOf = (document: string): Step[] => {
  const blocks = blocksIn(document);
  return blocks.flatMap((block, at) => {
    if (block.language !== "sh") return [];
    const next = blocks[at + 1];
    return [{ block, shows: next?.language === "json" || next?.language === "text" ? next : undefined }];
  });
};

const inThisRun = (text: string): string =>
  text.replaceAll(BROKER, broker.origin).replaceAll(RECEIVER, String(receiver));

/** `WRITE_DOCS=true` puts what came back into the document instead of comparing it; then format it, and read it. */
const WRITE = process.env["WRITE_DOCS"] === "true";

const writeDown = (document: string, shown: Block, out: string): void => {
  const plain = out.replaceAll(broker.origin, BROKER).trim();
  const text = shown.language === "json" ? JSON.stringify(JSON.parse(plain), undefined, 2) : plain;
  const file = join(ROOT, document);
  const [before, after] = [`\`\`\`${shown.language}\n${shown.text}\`\`\``, `\`\`\`${shown.language}\n${text}\n\`\`\``];
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(before, () => after),
  );
};

type Played = { line: number; status: number; shown: unknown; err: string };

/** What came of a step, beside what the document promises of it. */
const play = async (document: string, shell: Shell, step: Step): Promise<[found: Played, promised: Played]> => {
  const { block, shows } = step;
  const command = inThisRun(block.text);
  const until = Date.now() + PATIENCE_MS;
  const promised = shows === undefined ? undefined : readable(shows.language, shows.text);
  const shownBy = (ran: Ran): unknown => (shows === undefined ? undefined : readable(shows.language, ran.out));
  const holds = (ran: Ran): boolean => ran.status === 0 && isDeepStrictEqual(shownBy(ran), promised);
  let ran = await shell.run(command);
  while (!holds(ran) && onlyAsks(block.text) && Date.now() < until) ran = await shell.run(command);
  if (WRITE && shows !== undefined) writeDown(document, shows, ran.out);
  const { line } = block;
  const err = ran.err.slice(-2_000);
  return [
    { line, status: ran.status, shown: WRITE ? promised : shownBy(ran), err },
    { line, status: 0, shown: promised, err },
  ];
};

describe.each(DOCUMENTS)("%s", (document) => {
  test("what it tells a reader to type works, and what it shows comes back", { timeout: 240_000 }, async () => {
    const shell = await openShell({ WAYMARK_DATA: broker.folder });
    try {
      // A program shown in full opens with the name of its file.
      for (const { language, text } of blocksIn(document)) {
        const name = /^\/\/ (\S+\.mjs)\n/.exec(text)?.[1];
        if (language === "js" && name !== undefined) writeFileSync(join(shell.folder, name), inThisRun(text));
      }
      for (const step of stepsOf(document)) {
        const [found, promised] = await play(document, shell, step);
        expect(found).toEqual(promised);
      }
    } finally {
      await shell.close();
    }
  });
});

test("the commands that the README names are those of package.json", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const named = blocksIn("README.md").flatMap(({ text }) => [...text.matchAll(/npm (?:run (?:-s )?)?([a-z]+)/g)]);
  const words = new Set(named.map((match) => match[1] ?? "").filter((word) => word !== "ci"));
  expect([...words].filter((word) => !(word in scripts))).toEqual([]);
  expect([...words]).toEqual(expect.arrayContaining(["demo", "test", "start", "waymark"]));
});
