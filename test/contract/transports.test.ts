// Each way of reaching a provider keeps the one contract.
import { afterAll, describe } from "vitest";
import { aHome } from "../builders/store.ts";
import { engines } from "../engines.ts";
import { transportContract } from "./transport-contract.ts";
import { pull } from "./ways/pull.ts";
import { fhir, mesh, notify, smtp, webhook } from "./ways/sent.ts";

const WAYS = { webhook, fhir, "e-mail by GOV.UK Notify": notify, "e-mail by SMTP": smtp, mesh, pull };

const [engine] = engines();
if (engine === undefined) throw new Error("no engine");
const home = await aHome(engine);
afterAll(() => home.close());

describe.each(Object.entries(WAYS))("a provider reached by %s", (_name, open) => {
  transportContract(() => open(home));
});
