// The canary: a made-up referral each minute through door, store, decision, offer, answer and news. Its steps are those of every
// other referral, with rules and ends of its own; only the world outside is played.
import type { RequestListener } from "node:http";
import { createCanaryClients } from "../adapters/canary/clients.ts";
import { createCanaryEnds } from "../adapters/canary/ends.ts";
import { createCanaryRulebook } from "../adapters/canary/rules.ts";
import { createCanarySender } from "../adapters/canary/sender.ts";
import { newSecret } from "../adapters/callbacks/sign.ts";
import { createInward } from "../adapters/http/inward.ts";
import type { Log } from "../adapters/log.ts";
import { CANARY_PROVIDER, CANARY_REFERRER, isCanary } from "../schemas/canary.ts";
import type { Config } from "../schemas/config.ts";
import { WorkKind } from "../schemas/work.ts";
import { every } from "./every.ts";
import type { Links } from "./links.ts";
import type { Bell } from "./ports/agenda.ts";
import type { Clients } from "./ports/clients.ts";
import type { Ledger } from "./ports/ledger.ts";
import type { Steps } from "./ports/steps.ts";
import { createAccept } from "./steps/accept.ts";
import { composeSteps, type Ground } from "./wire.ts";

type Parts = { config: Config; ground: Ground; bell: Bell; links: Links; publicUrl: string; log: Log };

/** What went through is kept this long, for whoever asks how it went. */
const KEPT_MS = 6 * 60 * 60 * 1_000;

export const composeCanary = ({ config, ground, bell, links, publicUrl, log }: Parts, app: RequestListener) => {
  const { store, vault, clock, ids } = ground;
  const { canaries, intake, pauses } = store;
  const secret = newSecret(ids.bytes(32));
  const tokenKey = vault.tokenKey();
  const inward = createInward(app);
  const clients = createCanaryClients(store.clients, secret);
  const outbound = createCanaryEnds({ inward, tokenKey, clock, secret, canaries });
  const its: Ground = {
    ...ground,
    rulebook: createCanaryRulebook(),
    store: { ...store, clients, ledger: unfindable(store.ledger) },
  };
  const steps: Steps = {
    ...composeSteps(its, bell, { outbound, publicUrl, links }),
    accept: createAccept({
      intake,
      lost: store.restoring,
      pauses,
      clock,
      ids,
      digest: vault.digest,
      bell,
      referralId: ({ key }) => key,
    }),
  };
  const send = createCanarySender({ inward, tokenKey, clock });

  const fly = async (): Promise<void> => {
    const id = `ffffffff${ids.uuid().slice(8)}`;
    if (!(await canaries.begin(id, config.CANARY_SECONDS * 1_000))) return;
    const cause = await send(id);
    if (cause === undefined) log.info({ canary: id }, "canary sent");
    else log.warn({ canary: id, cause }, "the door did not take the canary");
  };
  const clear = () => canaries.clear(new Date(clock.now().getTime() - KEPT_MS));
  /** Neither keeps the other from being done. */
  const round = async (): Promise<void> => {
    await fly().catch((error: unknown) => log.warn({ err: error }, "the canary could not be sent"));
    await clear().catch((error: unknown) => log.warn({ err: error }, "old canaries could not be cleared"));
  };

  return {
    /** The steps of every referral, and of the canary its own. */
    beside: (real: Steps): Steps => beside(real, steps),
    /** Who may come in: both ends of the canary, from inside alone, for nobody else can sign a token of theirs. */
    callers: { byApiKey: store.clients.byApiKey, byId: clients.byId } satisfies Pick<Clients, "byId" | "byApiKey">,
    /** Where there is a door to come in by. */
    start: (): { stop(): Promise<void> } =>
      config.CANARY_SECONDS === 0 || config.WAYMARK_ROLE === "worker"
        ? { stop: async () => undefined }
        : every(config.CANARY_SECONDS * 1_000, round),
  };
};

/** Nobody is found by the canary, and it is found by nobody. */
const unfindable = (ledger: Ledger): Ledger => ({
  ...ledger,
  decide: (draws, judge) =>
    ledger.decide(draws, (capacity) => {
      const change = judge(capacity);
      return change && { ...change, people: [] };
    }),
});

const beside = (real: Steps, canary: Steps): Steps => ({
  ...real,
  ...(Object.fromEntries(
    WorkKind.options.map((kind): [WorkKind, Steps[WorkKind]] => [
      kind,
      (work) => (isCanary(work.referral) ? canary : real)[kind](work),
    ]),
  ) as Pick<Steps, WorkKind>),
  accept: (arrival) => (arrival.client.id === CANARY_REFERRER ? canary : real).accept(arrival),
  answer: (client, offer, answer) => (client.id === CANARY_PROVIDER ? canary : real).answer(client, offer, answer),
});
