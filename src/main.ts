#!/usr/bin/env node
// The program. Without arguments it serves; with a verb it works for an operator.
// Most of the program is loaded when it is needed: who is refused, or asks the running broker, has its answer before that.
import { askHolder, held, isHeld } from "../adapters/postgres/lock.ts";
import type { Config } from "../schemas/config.ts";
import type { Printed } from "./cli/run.ts";
import { isEmbedded, readConfig } from "./config.ts";
import type { Ground } from "./wire.ts";

const complain = (lines: readonly string[]): void => void process.stderr.write(`${lines.join("\n")}\n`);

/** Longer than everything that close() waits for: past it something hangs, and the leases see to the rest. */
const PATIENCE_MS = 9_500;

const serve = async (config: Config): Promise<void> => {
  if (isEmbedded(config) && (await isHeld(config.WAYMARK_DATA))) throw held(config.WAYMARK_DATA);
  const [{ createLog }, { openBroker }] = await Promise.all([import("../adapters/log.ts"), import("./broker.ts")]);
  const log = createLog({ level: config.LOG_LEVEL });
  const opening = openBroker(config, log);
  let stopping = false;
  // A second signal finds us at it already, and must not end us in the middle of it.
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    const stopped = (): void => {
      log.info({ signal }, "stopped");
      process.exit(0);
    };
    // A start that is under way ends first. One that fails has closed what it opened, and says so itself.
    void opening.then((broker) => broker.close()).then(stopped, () => undefined);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  const { origin, metricsOrigin } = await opening;
  log.info({ origin, metrics: metricsOrigin, role: config.WAYMARK_ROLE }, "ready");
};

/** Verbs that need no store, or take its place: they run here, whoever holds it. */
const LOCAL = new Set(["keys", "token", "restore"]);

/** The running broker does it where it holds the store; otherwise the store is opened here. */
const operate = async (config: Config, argv: string[]): Promise<Printed> => {
  if (isEmbedded(config) && !LOCAL.has(argv[0] ?? "")) {
    const answer = await askHolder(config.WAYMARK_DATA, { argv, cwd: process.cwd() });
    if (answer !== undefined) return answer as Printed;
  }
  const [{ createLog }, { runVerb }, { toolsOf }, { openGround }] = await Promise.all([
    import("../adapters/log.ts"),
    import("./cli/run.ts"),
    import("./operate.ts"),
    import("./wire.ts"),
  ]);
  const log = createLog({ level: "warn" });
  let ground: Promise<Ground> | undefined;
  const tools = toolsOf(config, () => (ground ??= openGround(config, log)));
  try {
    return await runVerb(argv, tools, { cwd: process.cwd() });
  } finally {
    await (await ground)?.close();
  }
};

const main = async (): Promise<void> => {
  const argv = process.argv.slice(2);
  // Making keys comes before there are settings to be right.
  const settings = argv[0] === "keys" ? readConfig({}) : readConfig();
  if (!settings.ok) {
    complain(["These settings are wrong:", ...settings.faults.map((fault) => `  ${fault}`)]);
    process.exitCode = 2;
    return;
  }
  if (argv.length === 0) return serve(settings.config);
  const { status, out, err } = await operate(settings.config, argv);
  process.stdout.write(out);
  process.stderr.write(err);
  process.exitCode = status;
};

main().catch((error: unknown) => {
  complain([error instanceof Error ? `${error.name}: ${error.message}` : "It did not start."]);
  process.exitCode = 1;
});
