// The referrals of the sample world: each named story first, then everyday ones, through all three doors.
import { randomUUID } from "node:crypto";
import type { GpOptions } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "./cast.ts";
import {
  sendHandOff,
  sendMessage,
  sendRequest,
  sendServiceRequest,
  sendTransaction,
  type Reply,
  type Sender,
} from "./send.ts";

export type Scenario = {
  story: string;
  from: ReferrerKey;
  need: string;
  /** Sends it; for one sent twice, the reply to the second. */
  send(from: Sender): Promise<Reply>;
  /** Where it must stand in the end, or the code with which the door must refuse it. */
  ends: readonly string[];
  /** The service that must have it then. */
  at?: string;
  /** How often it was offered, when that is the point. */
  offers?: number;
};

const WORKING_AGE = "1984-04-09";
/** Homes are public buildings, where nobody lives. */
const ISLINGTON = { postcode: "N1 2UD", authority: "E09000019" };
const CAMDEN = { postcode: "WC1H 9JE", authority: "E09000007" };
const HACKNEY = { postcode: "E8 1EA", authority: "E09000012" };
const NEWHAM = { postcode: "E6 2RP", authority: "E09000025" };
const CROYDON = { postcode: "CR0 1EA", authority: "E09000008" };
const BRENT = { postcode: "HA9 0FJ", authority: "E09000005" };

const gp = (home: { postcode: string }, need: GpOptions["need"], more: Partial<GpOptions> = {}): GpOptions => ({
  seed: randomUUID(),
  need,
  ...more,
  person: { birthDate: WORKING_AGE, ...home, ...more.person },
});

const from = (home: typeof ISLINGTON, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  "person.postcode": home.postcode,
  "person.lauaCode": home.authority,
  "programme.earlier": [],
  ...changes,
});

const resident = (home: typeof ISLINGTON, attributes: Record<string, string | readonly string[] | undefined> = {}) => ({
  parameters: { address_string: `2 Sample Street, ${home.postcode}` },
  attributes: { authority: home.authority, birth_date: WORKING_AGE, ...attributes },
});

/** Yes to a homelessness referral to one authority, and leave to pass on how the person is reached. */
const toRefer = (chosenAuthority: string) =>
  ["duty-to-refer", "contact-details"].map((kind) => ({
    kind,
    decision: "given",
    purpose: "duty-to-refer",
    ...(kind === "duty-to-refer" ? { chosenAuthority } : {}),
    at: "2026-10-30T09:10:00+00:00",
    how: "spoken",
  }));

const OUT_OF_WORK = { employment: "out-of-work", longTermCondition: true, housing: "settled" };

/** Counts through the sample people of a door, so that no two referrals speak of the same one. */
let person = 100;
const seed = (): number => (person += 1);

const NAMED: readonly Scenario[] = [
  {
    story: "Islington patient with a long-term condition and no job",
    from: "islington-surgery",
    need: "employment",
    send: (by) => sendMessage(by, gp(ISLINGTON, "employment", { facts: OUT_OF_WORK })),
    ends: ["started"],
    at: "sample-coaching-at-the-surgery",
  },
  {
    story: "Newham resident long out of work",
    from: "jobcentre",
    need: "employment",
    send: (by) => sendHandOff(by, { seed: seed(), changes: from(NEWHAM, { "claim.unemployedSince": "2024-03-01" }) }),
    ends: ["accepted"],
    at: "sample-newham-workplace",
  },
  {
    story: "Homeless person without an address",
    from: "hackney",
    need: "employment",
    send: (by) =>
      sendRequest(by, {
        seed: seed(),
        service: "employment",
        parameters: { address_string: undefined },
        attributes: {
          no_fixed_abode: "yes",
          authority: HACKNEY.authority,
          birth_date: WORKING_AGE,
          housing: "homeless",
          employment: "out-of-work",
          consent_share: ["council", "charity"],
        },
      }),
    ends: ["started"],
  },
  {
    story: "Homeless in Newham, and chose Hackney's council",
    from: "jobcentre",
    need: "homelessness",
    send: (by) =>
      sendHandOff(by, {
        seed: seed(),
        need: "homelessness",
        changes: from(NEWHAM, { "circumstances.housing": "threatened", consent: toRefer(HACKNEY.authority) }),
      }),
    ends: ["accepted"],
    at: "sample-housing-options-hackney",
  },
  {
    story: "No permission to share beyond the NHS",
    from: "islington-surgery",
    need: "employment",
    send: (by) =>
      sendMessage(by, gp(ISLINGTON, "employment", { facts: OUT_OF_WORK, consents: [{ directCare: true }] })),
    ends: ["held"],
  },
  {
    story: "Not eligible anywhere",
    from: "jobcentre",
    need: "debt-advice",
    send: (by) => sendHandOff(by, { seed: seed(), need: "debt-advice", changes: from(CROYDON) }),
    ends: ["unmet"],
  },
  {
    story: "First provider full, second takes it",
    from: "camden",
    need: "debt-advice",
    send: (by) => sendRequest(by, { seed: seed(), service: "debt-advice", ...resident(CAMDEN) }),
    ends: ["started"],
    at: "sample-camden-money-clinic",
    offers: 2,
  },
  {
    story: "Message sent twice",
    from: "hackney-surgery",
    need: "debt-advice",
    send: async (by) => {
      const requestId = randomUUID();
      const options = gp(HACKNEY, "debt-advice");
      const first = await sendMessage(by, options, requestId);
      const second = await sendMessage(by, options, requestId);
      return { ...second, reference: first.reference };
    },
    ends: ["started"],
  },
  {
    story: "Hand-off sent twice in the same instant",
    from: "jobcentre",
    need: "debt-advice",
    send: async (by) => {
      const id = randomUUID();
      const options = { seed: seed(), need: "debt-advice", changes: from(HACKNEY) };
      const [one, other] = await Promise.all([sendHandOff(by, options, id, id), sendHandOff(by, options, id, id)]);
      if (one.reference !== other.reference) return { status: 500, code: "two-references" };
      return one;
    },
    ends: ["accepted"],
  },
  {
    story: "Sent while the provider is down",
    from: "tower-hamlets",
    need: "childcare",
    send: (by) =>
      sendRequest(by, {
        seed: seed(),
        service: "childcare",
        ...resident({ postcode: "E1 1BJ", authority: "E09000030" }),
      }),
    ends: ["started"],
    at: "sample-family-hub-tower-hamlets",
  },
  {
    story: "Safeguarding emergency",
    from: "newham-surgery",
    need: "social-support",
    send: (by) =>
      sendMessage(
        by,
        gp(NEWHAM, "social-support", { priority: "stat", flags: [{ category: "SG", code: "sample-concern" }] }),
      ),
    ends: ["business-rule"],
  },
  {
    story: "NHS link worker on the practice's own consent",
    from: "camden-surgery",
    need: "social-support",
    send: (by) =>
      sendMessage(by, gp(CAMDEN, "social-support", { consents: [{ directCare: true }, { kind: "take-part" }] })),
    ends: ["started"],
    at: "sample-link-workers-north",
  },
  {
    story: "Postcode of a new home, no council named",
    from: "hackney-surgery",
    need: "debt-advice",
    send: (by) => sendMessage(by, gp({ postcode: "E20 9ZZ" }, "debt-advice")),
    ends: ["held"],
  },
  {
    story: "Provider that fetches its queue",
    from: "hackney",
    need: "legal-advice",
    send: (by) => sendRequest(by, { seed: seed(), service: "legal-advice", ...resident(HACKNEY) }),
    ends: ["started"],
    at: "sample-law-centre-hackney",
  },
  {
    story: "Domestic abuse: voice and letters are not safe",
    from: "camden-surgery",
    need: "housing-advice",
    send: (by) =>
      sendMessage(
        by,
        gp(CAMDEN, "housing-advice", {
          facts: { housing: "threatened" },
          flags: [{ category: "SG", code: "sample-domestic-abuse" }],
          person: { safeContact: { phone: false, letter: false, text: true, notes: "Text between ten and two only" } },
        }),
      ),
    ends: ["acknowledged"],
  },
  {
    story: "Needs a Bengali interpreter",
    from: "newham-surgery",
    need: "benefits-advice",
    send: (by) =>
      sendMessage(
        by,
        gp(NEWHAM, "benefits-advice", {
          person: { language: { code: "bn", display: "Bengali" }, interpreter: true },
        }),
      ),
    ends: ["ended"],
  },
  {
    story: "Need in a code that we do not know",
    from: "hackney-surgery",
    need: "?",
    send: (by) => sendMessage(by, gp(HACKNEY, { system: "http://snomed.info/sct", code: "999999991000000100" })),
    ends: ["held"],
  },
  {
    story: "Malformed postcode and a birth date that never was",
    from: "jobcentre",
    need: "employment",
    send: (by) =>
      sendHandOff(by, { seed: seed(), changes: { "person.postcode": "NOT A CODE", "person.dob": "1984-02-31" } }),
    ends: ["date-impossible", "postcode-malformed"],
  },
];

const everydayGp: readonly [ReferrerKey, typeof ISLINGTON, NonNullable<GpOptions["need"]>][] = [
  ["islington-surgery", ISLINGTON, "social-support"],
  ["islington-surgery", ISLINGTON, "benefits-advice"],
  ["islington-surgery", ISLINGTON, "childcare"],
  ["camden-surgery", CAMDEN, "debt-advice"],
  ["camden-surgery", CAMDEN, "housing-advice"],
  ["newham-surgery", NEWHAM, "childcare"],
  ["newham-surgery", NEWHAM, "training"],
  ["hackney-surgery", HACKNEY, "legal-advice"],
  ["hackney-surgery", HACKNEY, "housing-advice"],
];

const everydayHandOffs: readonly [typeof ISLINGTON, string][] = [
  [ISLINGTON, "employment"],
  [CAMDEN, "employment"],
  [BRENT, "employment"],
  [CROYDON, "employment"],
  [HACKNEY, "training"],
  [NEWHAM, "training"],
  [HACKNEY, "basic-skills"],
  [NEWHAM, "childcare"],
  [HACKNEY, "debt-advice"],
];

const everydayRequests: readonly [ReferrerKey, typeof ISLINGTON, string][] = [
  ["hackney", HACKNEY, "debt-advice"],
  ["hackney", HACKNEY, "housing-advice"],
  ["hackney", HACKNEY, "benefits-advice"],
  ["camden", CAMDEN, "housing-advice"],
  ["camden", CAMDEN, "debt-advice"],
  ["camden", CAMDEN, "legal-advice"],
  ["tower-hamlets", { postcode: "E1 1BJ", authority: "E09000030" }, "legal-advice"],
  ["tower-hamlets", { postcode: "E1 1BJ", authority: "E09000030" }, "benefits-advice"],
];

const circumstances = (need: string) => (need === "employment" ? { "circumstances.longTermCondition": true } : {});

/** Somewhere in the end: not one of them may be left as received. */
const DECIDED = ["started", "ended", "acknowledged", "held", "unmet"];

const everyday = (): Scenario[] => [
  ...everydayGp.map(([by, home, need], at): Scenario => {
    const send = [sendMessage, sendServiceRequest, sendTransaction][at % 3] ?? sendMessage;
    const options = gp(home, need, { facts: OUT_OF_WORK });
    return {
      story: "Patient of the practice",
      from: by,
      need: String(need),
      send: (x) => send(x, options),
      ends: DECIDED,
    };
  }),
  ...everydayHandOffs.map(([home, need]): Scenario => ({
    story: "Universal Credit claimant",
    from: "jobcentre",
    need,
    send: (by) => sendHandOff(by, { seed: seed(), need, changes: from(home, circumstances(need)) }),
    // That it started is attendance: a Jobcentre does not hear of it.
    ends: ["accepted", "held", "unmet"],
  })),
  ...everydayRequests.map(([by, home, need], at): Scenario => ({
    story: "Resident at the one-stop shop",
    from: by,
    need,
    send: (x) =>
      sendRequest(
        x,
        { seed: seed(), service: need, ...resident(home, { housing: "threatened" }) },
        at % 2 === 0 ? "xml" : "json",
      ),
    ends: DECIDED,
  })),
];

export const scenarios = (): Scenario[] => [...NAMED, ...everyday()];
