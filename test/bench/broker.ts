// A whole broker, workers included, with one practice and one provider, for the time from accept to delivered.
import { createLog } from "../../adapters/log.ts";
import { openBroker } from "../../src/broker.ts";
import { readConfig } from "../../src/config.ts";
import { register, tokens } from "../world/system.ts";
import type { Ready } from "./subject.ts";

const settings = readConfig();
if (!settings.ok) throw new Error(settings.faults.join("\n"));
const broker = await openBroker(settings.config, createLog({ level: "silent" }));
const { clients } = broker.ground.store;
const add = clients.add.bind(clients);
const practice = await register(add, {
  name: "Bench practice",
  kind: "gp",
  organisation: "F83999",
  port: 0,
  pulls: true,
});
const [, , organisations = "", port = "0"] = process.argv;
for (const organisation of organisations.split(",")) {
  await register(add, { name: organisation, kind: "provider", organisation, port: Number(port) });
}
const ready: Ready = {
  url: `${broker.origin}/fhir/R4/$process-message`,
  headers: { authorization: `Bearer ${await tokens(practice, broker.origin)()}` },
};
process.stdout.write(`${JSON.stringify(ready)}\n`);
process.once("SIGTERM", () => void broker.close().then(() => process.exit(0)));
