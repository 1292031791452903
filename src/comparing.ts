// How each destination of a restored store is asked: by FHIR and by MESH, through the guarded way out and its breakers.
import { taskForm } from "../adapters/gp/task-form.ts";
import { createLog } from "../adapters/log.ts";
import { createBreakers } from "../adapters/outbound/breakers.ts";
import { createFhir } from "../adapters/outbound/fhir.ts";
import { createTokens } from "../adapters/outbound/tokens.ts";
import { createFhirTransport } from "../adapters/providers/fhir.ts";
import { createSubscriptions } from "../adapters/providers/fhir-subscription.ts";
import type { Client } from "../schemas/client.ts";
import type { Config } from "../schemas/config.ts";
import { createTerms } from "./core/terms.ts";
import { openMailbox } from "./mailbox.ts";
import type { Letters, Transport } from "./ports/outward.ts";
import { createAnswer } from "./steps/answer.ts";
import { createCompare, type Way } from "./steps/compare.ts";
import { createReportOutcome } from "./steps/report-outcome.ts";
import { composeAnswer } from "./taking-back.ts";
import { type Ground, openOutbound } from "./wire.ts";

/** The broker that serves finds the work at its next look. */
const bell = { nudge: () => undefined };

export const openComparing = (config: Config, ground: Ground, letters: Letters) => {
  const { store, rulebook, holidays, rates, clock, ids, loginKey } = ground;
  const { ledger, clients, agenda, mailBook: book } = store;
  const outbound = openOutbound(config, clock);
  const shared = { ledger, agenda, clients, rulebook, holidays, clock, ids, bell };
  const answer = composeAnswer(shared, createAnswer({ ...shared, terms: createTerms(rulebook, holidays) }));
  const report = createReportOutcome({ ...shared, rates });
  const fhir = createFhir({ outbound, tokens: createTokens({ outbound, key: loginKey, clock, ids }) });
  // Nothing that holds a link of ours leaves by these.
  const publicUrl = config.PUBLIC_URL ?? "";
  const subscriptions = createSubscriptions({ fhir, form: taskForm, clock, publicUrl });
  const task = createFhirTransport({ fhir, form: taskForm, subscriptions, answer, report, clock, publicUrl });
  const mailbox = openMailbox(config, {
    ...shared,
    book,
    log: createLog({ level: "silent" }),
    publicUrl,
    outbound: (special) => openOutbound(config, clock, special),
  });
  const breakers = createBreakers({ rows: store.breakerRows, clock, ids });
  const wayTo = wayIn({ fhir: task, mesh: mailbox?.transport }, letters);
  const compare = createCompare({ clients, ledger, breakers, wayTo, answer, clock });
  return {
    ...compare,
    close: async (): Promise<void> => {
      await mailbox?.close();
      await outbound.close();
    },
  };
};

const wayIn =
  (by: { fhir: Transport; mesh: Transport | undefined }, letters: Letters) =>
  (client: Client | undefined): Way => {
    if (client === undefined) return { instead: "nobody" };
    const way = client.reach?.by ?? (client.callbackUrl === undefined ? "pull" : "webhook");
    if (way === "fhir" || way === "mesh") {
      const stands = by[way]?.stands;
      if (stands === undefined) return { way, instead: "nobody" };
      return { way, stands, tells: way === "fhir" ? "standing" : "arrival" };
    }
    if (way === "pull") return { way, instead: "pulled" };
    return { way, instead: way === "email" && !letters.idempotent("email") ? "letter" : "same-id" };
  };
