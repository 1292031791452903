// The rule pack: one YAML file, one programme. Commissioners write it, `waymark packs check` reads it back to them.
import { z } from "zod";
import { AreaRule } from "./area.ts";
import { CallbackType } from "./callback.ts";
import { ConsentKind, Purpose, RecipientClass } from "./consent.ts";
import { Cohort, Contract, Employer, RingFence } from "./contract.ts";
import { Disclosure } from "./disclosure.ts";
import { EmailAddress } from "./letter.ts";
import { OrganisationId } from "./ids.ts";
import { NeedCode } from "./need.ts";
import { Evidence, Funder, OutcomeRule } from "./outcome.ts";
import { PackTest } from "./packtest.ts";
import { Following, Prerequisite, StartWait, Trigger } from "./pathway.ts";
import { Nation } from "./place.ts";
import { Door, Participation } from "./referral.ts";
import { Clause } from "./rule.ts";
import { PlainDate, text } from "./text.ts";

/** A consent that must stand before a service of this programme hears of the person. */
export const ConsentRule = z.strictObject({
  kind: ConsentKind,
  purpose: Purpose.default("referral"),
  /** Asked only where the recipient is one of these; left out is every recipient. */
  of: z.array(RecipientClass).min(1).optional(),
});
export type ConsentRule = z.infer<typeof ConsentRule>;

const workingDays = z.number().int().min(1).max(520);
const codes = z.array(text(64)).default([]);

export const Programme = z.strictObject({
  programme: z.string().regex(/^[a-z0-9][a-z0-9-]{1,79}$/),
  name: text(160),
  version: z.number().int().min(1),
  validFrom: PlainDate,
  validTo: PlainDate.optional(),
  /** `contact`: who hears of clocks that have run out, where a contract names nobody. */
  commissioner: z.strictObject({ id: OrganisationId, name: text(160), contact: EmailAddress.optional() }),
  funders: z.array(Funder).default([]),
  nations: z.array(Nation).min(1),
  /** Where people come from: one of these. Empty: anywhere in its nations. */
  areas: z.array(AreaRule).default([]),
  /** Doors whose referrers may refer; and those who may only recommend, for another to decide. */
  mayRefer: z.array(Door).min(1),
  mayRecommend: z.array(Door).default([]),
  participation: z.array(Participation).min(1).default(["voluntary"]),
  needs: z.array(NeedCode).min(1),
  /** Lower goes first when several programmes fit. */
  precedence: z.number().int().min(1).max(1000).default(100),
  eligibility: z.array(Clause),
  /** Who comes under one of these does not come in, whatever the rest says. */
  exclusions: z.array(Clause).default([]),
  /** Other programmes: on `excludes` now is out; with `only`, any programme that is not listed is out too. */
  compatibility: z.strictObject({ excludes: codes, only: z.array(text(64)).optional() }).default({ excludes: [] }),
  requires: z.array(Prerequisite).default([]),
  consents: z.array(ConsentRule),
  disclosures: z.array(Disclosure).min(1),
  contracts: z.array(Contract).min(1),
  ringFences: z.array(RingFence).default([]),
  cohorts: z.array(Cohort).default([]),
  employers: z.array(Employer).default([]),
  startWaits: z.array(StartWait).default([]),
  leadsTo: z.array(Following).default([]),
  triggers: z.array(Trigger).default([]),
  /**
   * `single`: one contract for each area. `on-site`: the service at the surgery first. `nearest`: the shortest way.
   * `capacity`: most free places. `persons-choice`: what the person chose, and else they are asked.
   */
  allocation: z.enum(["single", "on-site", "nearest", "capacity", "fair-share", "persons-choice"]),
  /** Working days of the nation until each step, from the offer on (`docs/clocks.md`); days until a hold runs out. */
  clocks: z.strictObject({
    deliverWithin: workingDays.optional(),
    acknowledgeWithin: workingDays,
    contactWithin: workingDays,
    startWithin: workingDays.optional(),
    reviewWithin: workingDays.optional(),
    /** After which share of its time a provider is reminded. */
    remindAt: z.number().gt(0).lt(1).optional(),
    /** `re-offer`: help that was accepted and never began to reach for the person goes to the next service. */
    noContact: z.enum(["escalate", "re-offer"]).optional(),
    holdDays: z.number().int().min(1).max(366).optional(),
  }),
  outcomes: z.array(OutcomeRule).default([]),
  evidence: z.array(Evidence).default([]),
  /** What each class of referrer may be told; left out is what its class may be told anywhere. It only narrows. */
  tells: z.partialRecord(Door, z.array(CallbackType)).default({}),
  tests: z.array(PackTest).min(1),
});
export type Programme = z.infer<typeof Programme>;
