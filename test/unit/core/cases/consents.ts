// What consents come to, one row for each thing that can be said: whether a body may hear, what is left out, what is open.
import type { Consent, DataClass } from "../../../../schemas/consent.ts";
import type { DisclosureField } from "../../../../schemas/disclosure.ts";
import type { ConsentRule, Programme } from "../../../../schemas/programme.ts";
import type { ReasonCode } from "../../../../schemas/reason.ts";
import type { Content } from "../../../../schemas/referral.ts";
import type { Permission, Recipient } from "../../../../src/core/consent.ts";
import { aProgramme } from "../../../builders/rules.ts";

export const CHARITY: Recipient = { class: "charity", organisation: "sample-coaching" };
const OTHER: Recipient = { class: "charity", organisation: "sample-other" };
const NHS: Recipient = { class: "nhs", organisation: "sample-link-workers" };
const COUNCIL: Recipient = { class: "council", organisation: "sample-hackney" };
const HACKNEY = "E09000012";

/** A yes to charities, of 1 November. */
export const share = (overrides: Partial<Consent> = {}): Consent => ({
  kind: "share",
  decision: "given",
  purpose: "referral",
  recipientClasses: ["charity"],
  at: "2026-11-01T10:00:00Z",
  ...overrides,
});
const no = (overrides: Partial<Consent> = {}): Consent => share({ decision: "refused", ...overrides });
const back = (overrides: Partial<Consent> = {}): Consent => share({ decision: "withdrawn", ...overrides });
const named = (organisation: string): Partial<Consent> => ({
  recipientClasses: undefined,
  recipients: [organisation],
});
const [SEPTEMBER, OCTOBER, LATER] = ["2026-09-01T10:00:00Z", "2026-10-01T10:00:00Z", "2026-11-10T10:00:00Z"];
/** The rows are read at half past nine on 16 November. */
const [A_DAY_ON, MORE_THAN_A_DAY_ON] = ["2026-11-17T09:30:00.000Z", "2026-11-17T09:30:00.001Z"];
const PAST = "2026-11-15";

export type Answer = ReasonCode | "yes";
export const answerIn = (permission: Permission): Answer => (permission.holds ? "yes" : permission.reason.code);

const direct: Partial<Consent> = { purpose: "direct-care", recipientClasses: ["nhs", "charity", "council"] };
const except = (more: Partial<NonNullable<Consent["except"]>[number]>, of: Partial<Consent> = {}): Consent =>
  share({ ...of, except: [{ decision: "refused", ...more }] });

/** Leave to share for a referral, with a charity unless said otherwise. */
export const SHARING: [name: string, consents: Consent[], answer: Answer, to?: Recipient][] = [
  ["given for this kind of provider", [share()], "yes"],
  ["given for this provider by name", [share(named("sample-coaching"))], "yes"],
  ["given without a purpose", [share({ purpose: undefined })], "yes"],
  ["never asked", [], "consent-missing"],
  ["given for another kind", [share({ recipientClasses: ["nhs", "council"] })], "consent-missing"],
  ["given for another provider", [share({ recipientClasses: [], recipients: ["other"] })], "consent-missing"],
  ["given for nobody", [share({ recipientClasses: [], recipients: [] })], "consent-missing"],
  ["given for another purpose", [share({ purpose: "follow-up" })], "consent-missing"],
  ["given of health alone, not of who it is", [share({ data: ["health"] })], "consent-missing"],
  ["given of who it is", [share({ data: ["identity", "contact"] })], "yes"],
  ["agreed to take part, not to share", [share({ kind: "take-part" })], "consent-missing"],
  ["refused", [no()], "consent-refused"],
  ["refused to all", [no({ recipientClasses: undefined })], "consent-refused"],
  [
    "refused to all, for whatever purpose",
    [no({ recipientClasses: undefined, purpose: undefined })],
    "consent-refused",
  ],
  ["refused for another purpose", [share(), no({ purpose: "follow-up", at: LATER })], "yes"],
  ["refused to others", [share(), no({ recipientClasses: ["council"] })], "yes"],
  ["run out yesterday", [share({ until: PAST })], "consent-expired"],
  ["running out today", [share({ until: "2026-11-16" })], "yes"],

  ["taken back later", [share(), back({ at: LATER })], "consent-withdrawn"],
  ["taken back later, read in another order", [back({ at: LATER }), share()], "consent-withdrawn"],
  ["given again after it was taken back", [share({ at: LATER }), back()], "yes"],
  ["given and refused in one moment", [share(), no()], "consent-refused"],
  ["refused, then taken back", [no(), back({ at: LATER })], "consent-withdrawn"],
  ["taken back, then refused", [back(), no({ at: LATER })], "consent-refused"],
  [
    "given without a date after an old no",
    [no({ at: "2020-01-01T00:00:00Z" }), share({ at: undefined })],
    "consent-refused",
  ],
  ["both without a date", [share({ at: undefined }), back({ at: undefined })], "consent-withdrawn"],
  ["given with a date within a day from now", [no(), share({ at: A_DAY_ON })], "yes"],
  ["given with a date further ahead", [no(), share({ at: MORE_THAN_A_DAY_ON })], "consent-refused"],

  ["direct care reaches the NHS", [share(direct)], "yes", NHS],
  ["direct care does not reach a charity", [share(direct)], "consent-missing"],
  ["direct care does not reach a council", [share(direct)], "consent-missing", COUNCIL],
  ["a no to direct care is none to a charity", [share(), no({ ...direct, at: LATER })], "yes"],

  [
    "refused to it by name: no later yes to its kind",
    [no(named("sample-coaching")), share({ at: LATER })],
    "consent-refused",
  ],
  [
    "refused to it by name: a later yes by name",
    [no(named("sample-coaching")), share({ ...named("sample-coaching"), at: LATER })],
    "yes",
  ],
  ["refused to another by name", [no(named("sample-coaching")), share({ at: LATER })], "yes", OTHER],
  ["refused to its kind, and later given", [no(), share({ at: LATER })], "yes"],

  ["a no that has run out gives back what was given before", [share({ at: OCTOBER }), no({ until: PAST })], "yes"],
  ["a no that runs out today", [share({ at: OCTOBER }), no({ until: "2026-11-16" })], "consent-refused"],
  ["a no that has run out, and nothing before", [no({ until: PAST })], "consent-missing"],
  ["taken back does not run out", [share({ at: OCTOBER }), back({ until: PAST })], "consent-withdrawn"],
  ["an older yes that still runs beside one that has run out", [share({ at: OCTOBER }), share({ until: PAST })], "yes"],

  ["an exception by name", [except({ recipients: ["sample-coaching"] })], "consent-refused"],
  ["an exception for another", [except({ recipients: ["sample-other"] })], "yes"],
  ["an exception that has run out", [except({ recipients: ["sample-coaching"], until: PAST })], "yes"],
  [
    "an exception within what has run out",
    [share({ at: SEPTEMBER }), except({ recipients: ["sample-coaching"] }, { until: PAST })],
    "yes",
  ],
  [
    "a no within a yes to others",
    [except({ recipients: ["sample-coaching"] }, { recipientClasses: ["nhs"] })],
    "consent-refused",
  ],
  [
    "a yes within a yes to others",
    [except({ decision: "given", recipients: ["sample-coaching"] }, { recipientClasses: ["nhs"] })],
    "consent-missing",
  ],
  ["a yes within a no", [no({ except: [{ decision: "given", recipients: ["sample-coaching"] }] })], "yes"],
  [
    "of two exceptions the no",
    [no({ except: [{ decision: "given" }, { decision: "refused", recipients: ["sample-coaching"] }] })],
    "consent-refused",
  ],
];

type Asking = { consents?: Consent[]; participation?: Content["participation"]; to?: Recipient };
const duty = (overrides: Partial<Consent> = {}): Consent => ({
  kind: "duty-to-refer",
  decision: "given",
  chosenAuthority: HACKNEY,
  at: LATER,
  ...overrides,
});
const takePart = (overrides: Partial<Consent> = {}): Consent => ({
  kind: "take-part",
  decision: "given",
  at: LATER,
  ...overrides,
});
const STATUTORY: ConsentRule = { kind: "duty-to-refer", purpose: "duty-to-refer" };
const FOLLOW_UP: ConsentRule = { kind: "share", purpose: "follow-up" };
const AGREED: ConsentRule = { kind: "take-part", purpose: "referral" };

/** By the rule of a programme. */
export const ASKED: [name: string, rule: ConsentRule, asking: Asking, answer: Answer][] = [
  ["leave to share", { kind: "share", purpose: "referral" }, { consents: [share()] }, "yes"],
  ["leave to share for another purpose", FOLLOW_UP, { consents: [share()] }, "consent-missing"],
  [
    "a yes for no purpose is one for the referral",
    FOLLOW_UP,
    { consents: [share({ purpose: undefined })] },
    "consent-missing",
  ],
  ["a no for no purpose is one for all", FOLLOW_UP, { consents: [no({ purpose: undefined })] }, "consent-refused"],
  ["asked of councils alone", { kind: "share", purpose: "referral", of: ["council"] }, {}, "yes"],
  [
    "asked of charities, and this is one",
    { kind: "share", purpose: "referral", of: ["charity"] },
    {},
    "consent-missing",
  ],

  ["agreement to take part", AGREED, { consents: [takePart()] }, "yes"],
  ["agreement that nobody asked for", AGREED, { consents: [share()] }, "take-part-missing"],
  ["agreement refused", AGREED, { consents: [takePart({ decision: "refused" })] }, "consent-refused"],
  [
    "agreement refused for a time that is over",
    AGREED,
    { consents: [takePart({ decision: "refused", until: PAST })] },
    "take-part-missing",
  ],
  [
    "agreement taken back",
    AGREED,
    { consents: [takePart(), takePart({ decision: "withdrawn", at: A_DAY_ON })] },
    "consent-withdrawn",
  ],
  ["agreement that has run out", AGREED, { consents: [takePart({ until: PAST })] }, "consent-expired"],
  ["agreement where all must attend", AGREED, { participation: "mandatory" }, "yes"],
  ["agreement where the first visit is a duty", AGREED, { participation: "mandatory-appointment" }, "yes"],

  ["the statutory consent", STATUTORY, { consents: [duty()] }, "yes"],
  ["the statutory consent, where only leave to share was given", STATUTORY, { consents: [share()] }, "consent-missing"],
  ["the statutory consent, naming the authority", STATUTORY, { consents: [duty({ recipients: [HACKNEY] })] }, "yes"],
  [
    "the statutory consent, naming the team",
    STATUTORY,
    { consents: [duty({ recipients: ["sample-coaching"] })] },
    "yes",
  ],
  [
    "the statutory consent, naming another",
    STATUTORY,
    { consents: [duty({ recipients: ["other"] })] },
    "consent-missing",
  ],
  [
    "the statutory consent, naming an authority that nobody chose",
    STATUTORY,
    { consents: [duty({ chosenAuthority: undefined, recipients: [HACKNEY] })] },
    "consent-missing",
  ],
  [
    "the statutory consent, for another kind of body",
    STATUTORY,
    { consents: [duty({ chosenAuthority: undefined, recipientClasses: ["council"] })] },
    "consent-missing",
  ],
  ["the statutory consent refused", STATUTORY, { consents: [duty({ decision: "refused" })] }, "consent-refused"],
];

const ALL: DataClass[] = ["identity", "contact", "health", "benefit", "work", "groups"];

/** Kinds of data that the person leaves out towards a charity, unless said otherwise. */
export const LEFT_OUT: [name: string, consents: Consent[], kinds: DataClass[], to?: Recipient][] = [
  ["nothing, where a yes names none", [share()], []],
  ["nothing, where nobody was asked", [], []],
  ["what was refused, where nobody was asked for the rest", [no({ data: ["health"] })], ["health"]],
  ["everything, where all was refused", [no()], ALL],
  ["everything, where all was taken back", [share(), back({ at: LATER })], ALL],
  ["nothing, where a yes has run out", [share({ until: PAST })], []],
  ["what a yes does not name", [share({ data: ["identity", "contact"] })], ["health", "benefit", "work", "groups"]],
  ["an exception", [except({ data: ["health"] })], ["health"]],
  ["what was taken back later", [share(), back({ data: ["benefit"], at: LATER })], ["benefit"]],
  ["nothing by another's exception", [except({ recipients: ["sample-other"], data: ["health"] })], []],
  ["an exception by name", [except({ recipients: ["sample-other"], data: ["health"] })], ["health"], OTHER],
  [
    "nothing by an exception to a rule for others",
    [except({ data: ["health"] }), share({ recipientClasses: ["council"] })],
    [],
    COUNCIL,
  ],
];

type Open = { programme?: Partial<Programme>; need?: Content["need"]; consents?: Consent[]; to?: Recipient };
const gives = (...changes: Partial<Programme["disclosures"][number]>[]): Programme["disclosures"] =>
  changes.map((change) => ({ ...aProgramme().disclosures[0]!, fields: ["name", "phones", "health"], ...change }));
const CONTACT: Consent = { kind: "contact-details", decision: "given", at: LATER };

/** Fields that are open to a charity, unless said otherwise. */
export const OPEN: [name: string, open: Open, fields: DisclosureField[]][] = [
  ["all that it gives", { consents: [share()] }, ["name", "phones", "health"]],
  ["without what the person left out", { consents: [except({ data: ["health"] })] }, ["name", "phones"]],
  ["nothing to a kind of body that it names nowhere", { programme: { disclosures: gives({ to: ["nhs"] }) } }, []],
  [
    "nothing for a purpose that nobody asks for",
    { programme: { disclosures: gives({ purpose: "duty-to-refer" }) } },
    [],
  ],
  [
    "what goes under the duty, where it asks for that consent",
    { programme: { disclosures: gives({ purpose: "duty-to-refer" }), consents: [STATUTORY] } },
    ["name", "phones", "health"],
  ],
  [
    "nothing under the duty, where it asks for another statutory consent",
    {
      programme: {
        disclosures: gives({ purpose: "duty-to-refer" }),
        consents: [{ kind: "contact-details", purpose: "duty-to-refer" }],
      },
    },
    [],
  ],
  [
    "by the purpose for which it asks leave",
    {
      programme: { consents: [AGREED, { kind: "share", purpose: "follow-up" }] },
      consents: [share({ purpose: "follow-up", data: ["identity"] })],
    },
    ["name"],
  ],
  [
    "by the purpose for which it asks leave of this kind of body",
    {
      programme: {
        consents: [
          { kind: "share", purpose: "direct-care", of: ["nhs"] },
          { kind: "share", purpose: "follow-up", of: ["charity"] },
        ],
      },
      consents: [share({ purpose: "follow-up", data: ["identity"] })],
    },
    ["name"],
  ],
  [
    "not how to reach who agreed to be referred alone",
    { need: "homelessness", consents: [duty()] },
    ["name", "health"],
  ],
  [
    "how to reach who agreed to that too",
    { need: "homelessness", consents: [duty(), CONTACT] },
    ["name", "phones", "health"],
  ],
  [
    "not how to reach who took that back",
    { need: "homelessness", consents: [duty(), CONTACT, { ...CONTACT, decision: "withdrawn", at: A_DAY_ON }] },
    ["name", "health"],
  ],
  ["how to reach people of another need", { need: "employment", consents: [duty()] }, ["name", "phones", "health"]],
  ["how to reach who agreed to nothing of the duty", { need: "homelessness" }, ["name", "phones", "health"]],
];

export const openingOf = ({ programme, need = "employment", consents = [], to = CHARITY }: Open) => ({
  programme: aProgramme({ disclosures: gives({}), ...programme }),
  content: { need, consents },
  to,
});

/** Kinds of data that fields are of. */
export const KINDS: [fields: DisclosureField[], kinds: DataClass[]][] = [
  [[], ["identity"]],
  [["name"], ["identity"]],
  [
    ["phones", "detail"],
    ["identity", "contact", "health"],
  ],
  [["programmes"], ["identity", "work"]],
];
