// Runs a program of ours from its sources: our own files are bundled in a tenth of a second, packages stay as they are.
// A loader hook would ask a second thread about every module, which costs a start more than all of our own work.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , entry, ...rest] = process.argv;

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
const code = outputFiles[0].contents;
const folder = join(root, "node_modules", ".cache", "waymark");
const file = join(folder, `${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
if (!existsSync(file)) {
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, code);
  renameSync(draft, file);
}
process.argv.splice(1, process.argv.length, file, ...rest);
await import(pathToFileURL(file).href);
