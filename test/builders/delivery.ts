// Offers and news ready to go out of a store, and the steps that send them as the program composes them.
import { createMessenger } from "../../adapters/callbacks/messenger.ts";
import { createSigner } from "../../adapters/callbacks/sign.ts";
import { createBreakers } from "../../adapters/outbound/breakers.ts";
import { createOutbound } from "../../adapters/outbound/client.ts";
import { createTransports } from "../../adapters/providers/registry.ts";
import { createWebhook } from "../../adapters/providers/webhook.ts";
import type { Callback } from "../../schemas/callback.ts";
import type { Client, NewClient } from "../../schemas/client.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { NewWork, Work } from "../../schemas/work.ts";
import type { Agenda } from "../../src/ports/agenda.ts";
import type { Journey, Ledger } from "../../src/ports/ledger.ts";
import type { RenderCallback, Transport } from "../../src/ports/outward.ts";
import type { Rulebook } from "../../src/ports/rulebook.ts";
import type { Worked } from "../../src/ports/steps.ts";
import { createDeliver } from "../../src/steps/deliver.ts";
import { createNotify } from "../../src/steps/notify.ts";
import { aContract, aDirectory, anOrganisation, aProgramme, aService } from "./rules.ts";
import { aChange, type Home, ids, nextEvent, offerFor, offering, opened, START, taken, uuid } from "./store.ts";

/** No day off but the weekend. */
export const HOLIDAYS = { source: "none", "england-and-wales": [], scotland: [], "northern-ireland": [] };

/** Everything may be offered to `organisation`. */
export const aRulebook = (organisation = "sample-coaching"): Rulebook => {
  const directory = aDirectory({
    organisations: [anOrganisation({ id: organisation })],
    services: [aService({ organisation })],
  });
  const packs = [{ programme: aProgramme({ contracts: [aContract({ prime: organisation })] }), digest: "digest" }];
  return {
    inForce: () => packs,
    directory: () => directory,
    directoryDigest: () => "digest",
    bodies: () => ({ packs, directory: { directory, digest: "digest" } }),
  };
};

export const register = async (home: Home, draft: Partial<NewClient> = {}): Promise<Client> => {
  const all = { kind: "provider" as const, organisation: `org-${uuid()}`, name: "Sample", test: true, ...draft };
  return (await home.store.clients.add(all)).client;
};

/** A referral whose offer to this provider waits to be sent. */
export const anOfferTo = async (
  home: Home,
  provider: string,
): Promise<{ journey: Journey; offer: Offer; work: NewWork }> => {
  const journey = await taken(home);
  await home.sql("DELETE FROM waymark.work WHERE referral = $1", [journey.id]);
  const offer = offerFor(journey, { provider });
  const work: NewWork = {
    id: uuid(),
    kind: "deliver",
    subject: offer.id,
    referral: journey.id,
    destination: `provider:${provider}`,
    due: home.clock.now(),
  };
  await home.store.ledger.commit(offering(journey, offer, { work: [work] }));
  return { journey: await opened(home, journey.id), offer, work };
};

/** A referral with one piece of news that waits to be told. */
export const newsFor = async (
  home: Home,
  client: string,
  given?: Journey,
): Promise<{ callback: Callback; work: NewWork }> => {
  const journey = given ?? (await taken(home));
  if (given === undefined) await home.sql("DELETE FROM waymark.work WHERE referral = $1", [journey.id]);
  const event = nextEvent(journey, { type: "held", receipt: uuid(), why: "review", asks: [] });
  const callback: Callback = {
    id: uuid(),
    type: "referral.held",
    client,
    referral: journey.id,
    reference: journey.reference,
    sequence: event.sequence,
    at: START.toISOString(),
    status: "held",
    reasons: [],
  };
  const work: NewWork = {
    id: uuid(),
    kind: "notify",
    subject: callback.id,
    referral: journey.id,
    destination: `client:${client}`,
    due: home.clock.now(),
  };
  await home.store.ledger.commit(aChange(journey, { events: [event], callbacks: [callback], work: [work] }));
  return { callback, work };
};

const MANY = `
WITH news AS (
  SELECT gen_random_uuid() AS id, gen_random_uuid() AS referral FROM generate_series(1, $2::integer)
), told AS (
  INSERT INTO waymark.callback (id, referral, client, sequence, body, state, made_at, changed_at)
  SELECT id, referral, $1::uuid, 2, jsonb_build_object('id', id, 'type', 'referral.held', 'client', $1::text,
    'referral', referral, 'reference', 'WM-XWNT-JTCC', 'sequence', 2, 'at', '2026-11-20T09:00:00Z', 'status', 'held',
    'reasons', '[]'::jsonb), 'waiting', $3::timestamptz, $3::timestamptz FROM news
)
INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
SELECT gen_random_uuid(), 'notify', id, referral, 'client:' || $1, $3::timestamptz, $3::timestamptz FROM news`;

/** News of so many referrals, each of its own, in one statement. */
export const muchNewsFor = (home: Home, client: string, count: number) =>
  home.sql(MANY, [client, count, home.clock.now()]);

const render: RenderCallback = (callback) => ({
  contentType: "application/json",
  headers: {},
  body: JSON.stringify(callback),
});

type Composed = {
  agenda?: Agenda;
  ledger?: Ledger;
  transports?: readonly Transport[];
  rulebook?: Rulebook;
  render?: RenderCallback;
  timeoutMs?: number;
};

/** The steps over the store of this home and the guarded client. Loopback may be reached. */
export const senders = (home: Home, options: Composed = {}) => {
  const { store, clock } = home;
  const { agenda = store.agenda, ledger = store.ledger, rulebook = aRulebook(), timeoutMs = 5_000 } = options;
  const outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs });
  const signer = createSigner(Buffer.alloc(32, 1).toString("base64"));
  const breakers = createBreakers({ rows: store.breakerRows, clock, ids });
  const form = options.render ?? render;
  const renderers = { gp: form, jobcentre: form, council: form };
  const messenger = createMessenger({ outbound, renderers, signer, clock });
  const webhook = createWebhook({ outbound, signer, clock, publicUrl: "https://broker.example" });
  const transports = createTransports(options.transports ?? [webhook]);
  const shared = { ledger, agenda, clients: store.clients, breakers, clock, ids };
  return {
    deliver: createDeliver({ ...shared, rulebook, holidays: HOLIDAYS, transports, bell: { nudge: () => undefined } }),
    notify: createNotify({ ...shared, messenger }),
    close: () => outbound.close(),
  };
};

/** Leases and claims the one row that is due for this destination. */
export const claimed = async (home: Home, destination: string): Promise<Work> => {
  const { rings } = await home.store.agenda.lease({ limit: 500, places: 50, perSecond: 10_000, seconds: 20 });
  const all = await Promise.all(rings.map((ring) => home.store.agenda.claim(ring)));
  const work = all.find((one) => one?.destination === destination);
  if (work === undefined) throw new Error(`nothing is due for ${destination}`);
  return work;
};

export const attemptsOf = (home: Home, work: string) =>
  home.sql<{ number: number; result: string; outcome: string | null; cause: string | null; status: number | null }>(
    "SELECT number, result, outcome, cause, status FROM waymark.attempt WHERE work = $1 ORDER BY at, number",
    [work],
  );

export const rowOf = async (home: Home, work: string) =>
  (await home.sql<Record<string, unknown>>("SELECT * FROM waymark.work WHERE id = $1", [work]))[0];

export const endOf = (worked: Worked) => (typeof worked === "string" ? { ended: worked } : worked);
