// Following an offer at its provider: when it is looked at, when it is done with, and when a person must see to it.
import { expect, it } from "vitest";
import type { Client } from "../../../schemas/client.ts";
import type { Offer } from "../../../schemas/offer.ts";
import type { AttemptOutcome, Settlement, Work } from "../../../schemas/work.ts";
import type { Agenda } from "../../../src/ports/agenda.ts";
import type { Ledger } from "../../../src/ports/ledger.ts";
import type { Transport } from "../../../src/ports/outward.ts";
import { createFollow } from "../../../src/steps/follow.ts";
import { aJourney, anOffer, OFFER, REFERRAL } from "../../builders/journey.ts";
import { NOW } from "../../builders/rules.ts";

const provider: Client = {
  id: "019a0000-0000-7000-8000-0000000000c9",
  kind: "provider",
  organisation: "sample-coaching",
  name: "A service",
  reach: { by: "fhir", base: "https://fhir.example/r4", clientId: "waymark", answers: "poll" },
  scopes: [],
  test: true,
  webhookSecrets: [],
};
const work: Work = {
  id: "019a0000-0000-7000-8000-0000000000d1",
  kind: "follow",
  subject: OFFER,
  referral: REFERRAL,
  destination: "follow:sample-coaching",
  due: NOW,
  firstDue: NOW,
  madeAt: NOW,
  attempt: 0,
  token: "t",
  leaseUntil: NOW,
};

type Scene = {
  offers?: Offer[];
  client?: Client | undefined;
  /** What the look comes to, and how the offer stands after it. */
  look?: AttemptOutcome;
  after?: Offer;
  way?: Transport | "pull" | undefined;
  open?: boolean;
  firstDue?: Date;
};

const play = async (scene: Scene) => {
  let offers = scene.offers ?? [anOffer()];
  const settled: Settlement[] = [];
  const looked: Offer[] = [];
  const through: string[] = [];
  const transport: Transport = {
    name: "fhir",
    idempotent: true,
    tell: () => Promise.reject(new Error("nothing to tell")),
    send: () => Promise.reject(new Error("nothing is sent")),
    follow: async (offer) => {
      looked.push(offer);
      if (scene.after !== undefined) offers = [scene.after];
      return scene.look ?? { kind: "accepted", status: 200 };
    },
  };
  const follow = createFollow({
    ledger: { open: async () => aJourney({ offers }) } as Partial<Ledger> as Ledger,
    agenda: {
      settle: async (_work, settlement) => {
        settled.push(settlement);
        return true;
      },
    } as Partial<Agenda> as Agenda,
    clients: {
      byOrganisation: async (kind: string, organisation: string, test: boolean) => {
        expect([kind, organisation, test]).toEqual(["provider", "sample-coaching", true]);
        return "client" in scene ? scene.client : provider;
      },
    } as never,
    transports: { to: () => ("way" in scene ? scene.way : transport) },
    breakers: {
      through: async (destination, send) => {
        through.push(destination);
        return scene.open === true ? { kind: "open", until: new Date(NOW.getTime() + 30_000) } : send();
      },
    },
    clock: { now: () => NOW },
    ids: { uuid: () => "id", bytes: (count) => Buffer.alloc(count), chance: () => 0 },
  });
  await follow({ ...work, firstDue: scene.firstDue ?? NOW });
  const [settlement] = settled;
  return { settlement, looked, through };
};

it("looks at an offer that runs, and again later, the schedule of faults begun anew", async () => {
  const { settlement, looked, through } = await play({});
  expect(looked).toHaveLength(1);
  expect(through).toEqual(["provider:sample-coaching"]);
  const due = new Date(NOW.getTime() + 300_000);
  expect(settlement).toEqual({ kind: "again", due, attempted: false, cause: "watching", afresh: true });
});

it("is done when the look found that it had ended", async () => {
  for (const status of ["declined", "ended"] as const) {
    const { settlement, looked } = await play({ after: anOffer({ status }) });
    expect([settlement?.kind, looked.length]).toEqual(["done", 1]);
  }
});

it("looks no more at what was answered elsewhere", async () => {
  for (const offers of [[anOffer({ status: "ended" })], [anOffer({ status: "declined" })], []]) {
    const { settlement, looked } = await play({ offers });
    expect([settlement, looked]).toEqual([{ kind: "done", tried: { outcome: "skipped", cause: "offer-closed" } }, []]);
  }
});

it("tells a provider of a recall once, and keeps at it by the schedule where it cannot", async () => {
  const recalled = [anOffer({ status: "recalled" })];
  expect((await play({ offers: recalled })).settlement?.kind).toBe("done");
  const failing: AttemptOutcome = { kind: "unavailable", cause: "answered-503", status: 503 };
  expect((await play({ offers: recalled, look: failing })).settlement).toMatchObject({
    kind: "again",
    attempted: true,
    due: new Date(NOW.getTime() + 5_000),
  });
  const week = new Date(NOW.getTime() - 8 * 86_400_000);
  expect((await play({ offers: recalled, look: failing, firstDue: week })).settlement).toMatchObject({
    kind: "dead",
    cause: "exhausted: answered-503",
  });
});

it("what was recalled while we looked is told at once", async () => {
  const { settlement } = await play({ after: anOffer({ status: "recalled" }) });
  expect(settlement).toMatchObject({ kind: "again", due: NOW });
});

it("spends no attempt while the breaker is open", async () => {
  const { settlement, looked } = await play({ open: true });
  expect(settlement).toMatchObject({ kind: "again", attempted: false, cause: "breaker-open" });
  expect(looked).toEqual([]);
});

const SILENT = {
  idempotent: true,
  send: () => Promise.reject(new Error()),
  tell: () => Promise.reject(new Error()),
};

it.each<[string, Scene, object]>([
  ["by a webhook", { way: { ...SILENT, name: "webhook" } }, { cause: "provider-comes" }],
  ["by its queue", { way: "pull" }, { cause: "provider-comes" }],
  ["by a way that is not set up", { way: undefined }, { cause: "provider-comes" }],
  ["by nobody", { client: undefined }, { cause: "no-client" }],
  ["by one that is switched off", { client: { ...provider, silencedAt: NOW } }, { cause: "silenced" }],
])("does nothing for a provider that is reached %s", async (_name, scene, tried) => {
  const { settlement, looked } = await play(scene);
  expect(settlement).toMatchObject({ kind: "done", tried });
  expect(looked).toEqual([]);
});
