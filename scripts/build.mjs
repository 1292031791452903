// Makes dist/: what a container runs. Views, SQL and packs stay where they are; the program finds them from the package root.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const main = fileURLToPath(new URL("../dist/src/main.js", import.meta.url));

// A file that is gone from the sources must be gone from what runs.
rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });

const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
if (status !== 0 || !existsSync(main)) process.exit(status === 0 || status === null ? 1 : status);

// The package's bin: tsc keeps the first line, `#!/usr/bin/env node`, and npm links to it.
chmodSync(main, 0o755);
