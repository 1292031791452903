// A prime gives an offer to a partner of its contract, and to another one only until the first was shown who the person is.
import { describe, expect, it } from "vitest";
import type { Client } from "../../../schemas/client.ts";
import type { Offer } from "../../../schemas/offer.ts";
import type { Clients } from "../../../src/ports/clients.ts";
import type { Change, Journey, Ledger } from "../../../src/ports/ledger.ts";
import type { Rulebook } from "../../../src/ports/rulebook.ts";
import { createAssign } from "../../../src/steps/assign.ts";
import { aContent } from "../../builders/content.ts";
import { aJourney, anOffer, OFFER } from "../../builders/journey.ts";
import { aContract, aDirectory, aProgramme, NOW } from "../../builders/rules.ts";
import { ids } from "../../builders/store.ts";
import { someTerms } from "../../builders/terms.ts";

const [first, second] = ["partner-one", "partner-two"] as const;
const known = aDirectory();
const directory = {
  ...known,
  organisations: [
    ...known.organisations,
    ...[first, second].map((id) => ({ id, name: id, class: "charity" as const })),
  ],
};
const prime = { id: "p", kind: "provider", organisation: "sample-coaching", test: true } as Client;

const given = async (to: string, offer: Partial<Offer>) => {
  const written: Change[] = [];
  const contract = aContract({ partners: [first, second] });
  const standing = anOffer({ ...offer, contract: contract.contract });
  const journey: Journey = aJourney({ status: "offered", offers: [standing], content: aContent() });
  const assign = createAssign({
    ledger: {
      openByOffer: () => Promise.resolve(journey),
      commit: (change: Change) => Promise.resolve(written.push(change) > 0 ? "committed" : "stale"),
    } as unknown as Ledger,
    clients: { byOrganisation: () => Promise.resolve(prime) } as unknown as Clients,
    rulebook: {
      inForce: () => [{ programme: aProgramme({ contracts: [contract], consents: [] }), digest: "" }],
      directory: () => directory,
    } as unknown as Rulebook,
    terms: someTerms,
    clock: { now: () => NOW },
    ids,
    bell: { nudge: () => {} },
  });
  const result = await assign(prime, OFFER, { to });
  return { result, to: written.flatMap((change) => change.offers?.map(({ assignedTo }) => assignedTo) ?? []) };
};

describe("an offer", () => {
  it.each(["sent", "acknowledged", "accepted", "started"] as const)(
    "that is %s goes from its prime to a partner",
    async (status) => {
      expect(await given(first, { status })).toMatchObject({ result: { outcome: "changed" }, to: [first] });
    },
  );

  it.each(["sent", "acknowledged"] as const)("that is %s goes from one partner to another", async (status) => {
    expect(await given(second, { status, assignedTo: first })).toMatchObject({ to: [second] });
  });

  it.each(["accepted", "started"] as const)(
    "that is %s stays with the partner that holds what it was shown",
    async (status) => {
      const { result, to } = await given(second, { status, assignedTo: first });
      expect(result).toMatchObject({ outcome: "refused", reasons: [{ code: "not-your-turn" }] });
      expect(to).toEqual([]);
      expect((await given(first, { status, assignedTo: first })).result.outcome).toBe("repeated");
    },
  );
});
