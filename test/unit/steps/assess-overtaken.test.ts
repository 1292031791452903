// A decision that another commit overtook is made again at once: what overtook it may have left the question open.
import { expect, it } from "vitest";
import type { Settlement, Work } from "../../../schemas/work.ts";
import type { Agenda } from "../../../src/ports/agenda.ts";
import type { Clients } from "../../../src/ports/clients.ts";
import type { Ledger } from "../../../src/ports/ledger.ts";
import type { Rulebook } from "../../../src/ports/rulebook.ts";
import { createAssess } from "../../../src/steps/assess.ts";
import { aContent } from "../../builders/content.ts";
import { aJourney } from "../../builders/journey.ts";
import { only } from "../../builders/ports.ts";
import { aDirectory, aProgramme, NOW } from "../../builders/rules.ts";
import { ids } from "../../builders/store.ts";

const work: Work = {
  id: "w",
  kind: "assess",
  subject: "r",
  referral: "r",
  destination: "assess",
  due: NOW,
  attempt: 0,
  token: "t",
  leaseUntil: NOW,
  firstDue: NOW,
  madeAt: NOW,
};

const overtaken = async (held: boolean) => {
  const settled: Settlement[] = [];
  const assess = createAssess({
    ledger: only<Ledger>({
      open: async () => aJourney({ status: "seeking", content: aContent() }),
      decide: async () => "stale",
    }),
    agenda: only<Agenda>({ settle: async (_, settlement) => settled.push(settlement) > 0 && held }),
    clients: only<Clients>({ organisations: async () => ["sample-coaching"] }),
    rulebook: {
      inForce: () => [{ programme: aProgramme(), digest: "" }],
      directory: () => aDirectory(),
      directoryDigest: () => "",
    } as unknown as Rulebook,
    pauses: { inForce: async () => [] },
    terms: () => {
      throw new Error("nothing is offered here");
    },
    clock: { now: () => NOW },
    digest: () => "",
    bell: { nudge: () => undefined },
    ids,
  });
  return { worked: await assess(work), settled };
};

it("is due again in the same moment, and spends no attempt", async () => {
  const { worked, settled } = await overtaken(true);
  expect(settled).toEqual([{ kind: "again", due: NOW, attempted: false, cause: "overtaken" }]);
  expect(worked).toEqual({ ended: "again", cause: "overtaken" });
});

it("is left to whoever holds the work now, where the lease was lost", async () => {
  expect((await overtaken(false)).worked).toEqual({ ended: "nothing", cause: "overtaken" });
});
