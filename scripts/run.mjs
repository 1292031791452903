// Runs a program of ours from its sources: our own files are bundled once for each state of them, packages stay as they are.
// A loader hook would ask a second thread about every module, which costs a start more than all of our own work.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , entry, ...rest] = process.argv;

const SOURCES = ["schemas", "src", "adapters", "queues", "test"];
const files = SOURCES.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(root, folder, name)),
);
const seen = files.map((file) => [file, statSync(file).mtimeMs, statSync(file).size]);
const shape = createHash("sha256")
  .update(JSON.stringify([entry, seen]))
  .digest("hex");
const file = join(root, "node_modules", ".cache", "waymark", `${shape.slice(0, 16)}.mjs`);

if (!existsSync(file)) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: "program.mjs",
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    write: false,
    logLevel: "error",
  });
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, outputFiles[0].contents);
  renameSync(draft, file);
}
process.argv.splice(1, process.argv.length, file, ...rest);
await import(pathToFileURL(file).href);
