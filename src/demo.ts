// The demo: the broker on embedded engines, a sample world around it, and more than forty referrals through the three doors.
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLog } from "../adapters/log.ts";
import { openBroker, type Broker } from "./broker.ts";
import { readTrialConfig } from "./config.ts";
import { outcomeOf, type Outcome } from "../test/world/outcome.ts";
import { scenarios, type Scenario } from "../test/world/scenarios.ts";
import type { Reply } from "../test/world/send.ts";
import { openStage, portBeside, type Stage } from "../test/world/stage.ts";
import { table } from "../test/world/table.ts";

const WITHIN_MS = 45_000;
const SENDING_AT_ONCE = 4;

const say = (text: string): void => console.log(text);

/** A bar that redraws itself on a terminal, and says only its end elsewhere. */
const progress = (what: string, total: number) => {
  let done = 0;
  return (): void => {
    done += 1;
    const filled = Math.round((done / total) * 30);
    const line = `${what} [${"#".repeat(filled)}${".".repeat(30 - filled)}] ${done} of ${total}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}${done === total ? "\n" : ""}`);
    else if (done === total) say(line);
  };
};

/** What was accepted is written down outside the broker, so that a later start can prove that none is missing. */
const acceptedFile = (folder: string): string => join(folder, "demo-accepted.jsonl");

const earlier = async (broker: Broker, folder: string): Promise<string | undefined> => {
  const text = await readFile(acceptedFile(folder), "utf8").catch(() => "");
  const references = text.split("\n").filter((line) => line.startsWith("WM-"));
  if (references.length === 0) return undefined;
  const found = await Promise.all(references.map((reference) => broker.ground.store.desk.dossier(reference)));
  const missing = references.filter((_, at) => found[at] === undefined);
  return missing.length === 0
    ? `All ${references.length} referrals accepted before this start are here.`
    : `LOST: ${missing.length} of ${references.length} accepted referrals: ${missing.join(", ")}`;
};

const sendAll = async (stage: Stage, stories: readonly Scenario[], folder: string): Promise<[Scenario, Reply][]> => {
  const tick = progress("Sending ", stories.length);
  const sent: [Scenario, Reply][] = [];
  const queue = [...stories];
  const sendNext = async (): Promise<void> => {
    for (let story = queue.shift(); story !== undefined; story = queue.shift()) {
      const sender = stage.senders.get(story.from);
      if (sender === undefined) throw new Error(`nobody plays ${story.from}`);
      const reply = await story.send(sender);
      if (reply.reference !== undefined) await appendFile(acceptedFile(folder), `${reply.reference}\n`);
      sent.push([story, reply]);
      tick();
    }
  };
  await Promise.all(Array.from({ length: SENDING_AT_ONCE }, sendNext));
  return sent;
};

/** Providers without an address look into their queue now and then; the one that was down comes back. */
const playProviders = (stage: Stage): (() => void) => {
  const pulling = setInterval(() => {
    for (const provider of stage.providers.values())
      if (provider.pulls)
        void provider.pull().catch((error: unknown) => say(`a provider could not pull: ${String(error)}`));
  }, 700);
  const rising = setTimeout(() => {
    for (const provider of stage.providers.values()) if (provider.manner === "down") provider.rises();
  }, 2_500);
  return () => {
    clearInterval(pulling);
    clearTimeout(rising);
  };
};

const report = (outcomes: readonly Outcome[]): boolean => {
  say(`\n${table(outcomes)}\n`);
  const strange = outcomes.filter((one) => !one.asExpected);
  const news = outcomes.reduce((sum, one) => sum + one.heard, 0);
  const verified = outcomes.reduce((sum, one) => sum + one.verified, 0);
  say(
    `${outcomes.length} referrals sent, ${outcomes.filter((one) => one.reply.reference !== undefined).length} taken. ` +
      `${news} callbacks received, ${verified} with a signature that holds. ` +
      (strange.length === 0 ? "Each ended as its story says." : `${strange.length} did not end as their story says.`),
  );
  return strange.length === 0;
};

const addresses = (broker: Broker, stage: Stage): string => {
  const council = stage.senders.get("hackney")?.identity;
  return [
    `The broker serves on ${broker.origin} (metrics on ${broker.metricsOrigin}/metrics).`,
    `  health     ${broker.origin}/health/ready`,
    `  services   ${broker.origin}/open311/v2/services.json`,
    `Try the council's door as ${council?.name ?? ""}:`,
    `  curl -s ${broker.origin}/open311/v2/requests.json -d api_key=${council?.apiKey ?? ""} -d service_code=debt-advice \\`,
    `    -d first_name=Sam -d last_name=Sample -d 'address_string=Town Hall, E8 1EA' -d 'description=Owes rent.' \\`,
    `    -d 'attribute[birth_date]=1990-01-31' -d 'attribute[safeguarding]=none' -d 'attribute[consent_share][]=charity'`,
    "Stop with Ctrl-C.",
  ].join("\n");
};

const main = async (): Promise<number | undefined> => {
  const settings = readTrialConfig({ LOG_LEVEL: "warn" });
  if (!settings.ok) {
    say(settings.faults.join("\n"));
    return 2;
  }
  const file = join(settings.config.WAYMARK_DATA, "demo-world.json");
  await mkdir(settings.config.WAYMARK_DATA, { recursive: true, mode: 0o700 });
  const beside = async (port: number): Promise<number> => (port === 0 ? portBeside(file) : port);
  const [PORT, METRICS_PORT] = [await beside(settings.config.PORT), await beside(settings.config.METRICS_PORT)];
  const config = { ...settings.config, PORT, METRICS_PORT };
  const broker = await openBroker(config, createLog({ level: config.LOG_LEVEL }));
  const { store, rulebook } = broker.ground;
  say(`Waymark is ready after ${(performance.now() / 1000).toFixed(1)} s on ${broker.origin}.`);
  const before = await earlier(broker, config.WAYMARK_DATA);
  if (before !== undefined) say(before);

  const stage = await openStage({
    origin: broker.origin,
    clients: store.clients,
    directory: rulebook.directory(),
    file,
  });
  say(
    `${stage.referrers.size} sample referrers and ${stage.providers.size} sample providers stand by, each with its own keys.`,
  );

  const stop = playProviders(stage);
  const sent = await sendAll(stage, scenarios(), config.WAYMARK_DATA);
  const tick = progress("Following", sent.length);
  const outcomes = await Promise.all(
    sent.map(async ([story, reply]) => {
      const outcome = await outcomeOf(stage, story, reply, WITHIN_MS);
      tick();
      return outcome;
    }),
  );
  const asExpected = report(outcomes);
  const end = async (): Promise<void> => {
    stop();
    await broker.close();
    await stage.close();
  };
  if (process.argv.includes("--exit")) {
    await end();
    return asExpected && !(before ?? "").startsWith("LOST") ? 0 : 1;
  }
  say(addresses(broker, stage));
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void end().then(() => process.exit(0)));
  return undefined;
};

main()
  .then((status) => status !== undefined && process.exit(status))
  .catch((error: unknown) => {
    say(error instanceof Error ? `${error.name}: ${error.message}` : "The demo broke.");
    process.exit(1);
  });
