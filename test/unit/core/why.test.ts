// What `waymark why` says, word for word, of every status and of everything that can hold up what there is to do.
import { countsFor } from "../../../src/core/clock.ts";
import { NO_HOLIDAYS } from "../../builders/terms.ts";
import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../schemas/event.ts";
import type { Facts } from "../../../schemas/facts.ts";
import type { Pause } from "../../../schemas/pause.ts";
import { Status } from "../../../schemas/referral.ts";
import { WorkKind } from "../../../schemas/work.ts";
import { textOf } from "../../../src/cli/why.ts";
import { whyOf } from "../../../src/core/why.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const time = (clock: string): Date => new Date(`2026-11-20T${clock}Z`);
const ID = "01980000-0000-7000-8000-0000000000aa";
const OFFER = "01980000-0000-7000-8000-0000000000bb";
const TO = "provider:north-advice";

const offered: EventBody = {
  type: "offered",
  offer: OFFER,
  receipt: ID,
  programme: "camden-debt",
  service: "debt-advice",
  provider: "north-advice",
};
const facts = (status: Facts["status"], bodies: EventBody[], more: Partial<Facts> = {}): Facts => ({
  reference: "WM-7K3P-9QXR",
  status,
  erased: false,
  timeline: [{ type: "received" } as EventBody, ...bodies].map((body, hour) => ({
    at: time(`0${hour + 1}:00:00`),
    body,
  })),
  offers: bodies.includes(offered)
    ? [{ id: OFFER, programme: "camden-debt", service: "debt-advice", provider: "north-advice", status: "sent" }]
    : [],
  work: [],
  attempts: [],
  breakers: [],
  ...more,
});
type Row = Facts["work"][number];
const row = (more: Partial<Row> = {}): Row => ({
  kind: "deliver",
  subject: OFFER,
  destination: TO,
  madeAt: time("02:00:00"),
  due: time("11:00:00"),
  attempt: 0,
  leased: false,
  ...more,
});
const pause = (scope: string): Pause => ({
  scope: scope as Pause["scope"],
  by: "Ada",
  reason: "the rules are wrong",
  since: time("10:00:00"),
});
const COUNTS = countsFor("england", NO_HOLIDAYS);
/** Without what is owed next: see below. */
const says = (given: Facts, pauses: Pause[] = []): string[] =>
  textOf(whyOf(given, pauses, NOW, COUNTS))
    .split("\n")
    .filter((line) => !line.startsWith("  Next:"));

const held = (why: "consent" | "information" | "review"): EventBody => ({
  type: "held",
  receipt: ID,
  why,
  asks: [{ code: "fact-unknown", path: "employment", severity: "error" }],
});
const FACT = "  Because: A rule needs this fact. Send it. (fact-unknown, employment)";

/** What happened, and then what is said below the first line. */
const STATUSES: [name: string, status: Status, bodies: EventBody[], lines: string[]][] = [
  [
    "received",
    "received",
    [],
    [
      "  It came in and is not decided yet.",
      "  Waits for: The decision. Since 2026-11-20 01:00:00 UTC.",
      "  Nobody must act: it goes on by itself.",
    ],
  ],
  [
    "held for consent",
    "held",
    [held("consent")],
    [
      "  It is held.",
      "  Waits for: The referrer to ask the person, and to tell us what they said. Since 2026-11-20 02:00:00 UTC.",
      FACT,
      "  The referrer must act.",
    ],
  ],
  [
    "held for a fact, and reminded",
    "held",
    [held("information"), { type: "reminded", asks: [] }],
    [
      "  It is held.",
      "  Waits for: The referrer to send what is missing. Since 2026-11-20 02:00:00 UTC.",
      FACT,
      "  The referrer must act.",
    ],
  ],
  [
    "held for review",
    "held",
    [held("review")],
    [
      "  It is held.",
      "  Waits for: A person of ours to look at it. Since 2026-11-20 02:00:00 UTC.",
      FACT,
      "  An operator must act.",
    ],
  ],
  [
    "unmet",
    "unmet",
    [{ type: "unmet", receipt: ID, reasons: [{ code: "no-place", severity: "error" }] }],
    [
      "  No service can take it.",
      "  Waits for: Nothing by itself. It is decided again when the referrer tells us more. Since 2026-11-20 02:00:00 UTC.",
      "  Because: Each service that fits is full. (no-place)",
      "  Nobody must act.",
    ],
  ],
  [
    "offered, and there",
    "offered",
    [offered, { type: "delivered", offer: OFFER }],
    [
      "  It was offered to north-advice (debt-advice, camden-debt).",
      "  Waits for: The service's answer. Since 2026-11-20 03:00:00 UTC.",
      "  The service must act.",
    ],
  ],
  [
    "acknowledged",
    "acknowledged",
    [offered, { type: "acknowledged", offer: OFFER }],
    [
      "  The service has seen it: north-advice (debt-advice, camden-debt).",
      "  Waits for: The service's answer. Since 2026-11-20 03:00:00 UTC.",
      "  The service must act.",
    ],
  ],
  [
    "accepted",
    "accepted",
    [offered, { type: "accepted", offer: OFFER }],
    [
      "  A service has taken it: north-advice (debt-advice, camden-debt).",
      "  Waits for: The service to begin. Since 2026-11-20 03:00:00 UTC.",
      "  The service must act.",
    ],
  ],
  [
    "declined",
    "seeking",
    [offered, { type: "declined", offer: OFFER, reason: "full" }],
    [
      "  A service said no, or its offer was taken back.",
      "  Waits for: The next decision. Since 2026-11-20 03:00:00 UTC.",
      "  Because: The service is full. (full)",
      "  Nobody must act: it goes on by itself.",
    ],
  ],
  [
    "started",
    "started",
    [offered, { type: "accepted", offer: OFFER }, { type: "started", offer: OFFER, on: "2026-11-20" }],
    [
      "  A service helps: north-advice (debt-advice, camden-debt).",
      "  Waits for: The end of the help. Since 2026-11-20 04:00:00 UTC.",
      "  The service must act.",
    ],
  ],
  [
    "ended",
    "ended",
    [offered, { type: "ended", offer: OFFER, reason: "completed", on: "2026-11-20" }],
    [
      "  It is over.",
      "  Waits for: Nothing. Since 2026-11-20 03:00:00 UTC.",
      "  Because: The help was given. (completed)",
      "  Nobody must act.",
    ],
  ],
  [
    "withdrawn",
    "withdrawn",
    [{ type: "withdrawn", reasons: [{ code: "consent-withdrawn", severity: "error" }] }],
    [
      "  It was withdrawn.",
      "  Waits for: Nothing. Since 2026-11-20 02:00:00 UTC.",
      "  Because: The person took back their consent. (consent-withdrawn)",
      "  Nobody must act.",
    ],
  ],
  [
    "expired",
    "expired",
    [held("information"), { type: "expired", reasons: [{ code: "hold-expired", severity: "error" }] }],
    [
      "  What was missing did not come in time.",
      "  Waits for: Nothing by itself. The referrer may send it again. Since 2026-11-20 03:00:00 UTC.",
      "  Because: We waited for an answer, and the time is over. Send it again. (hold-expired)",
      "  Nobody must act.",
    ],
  ],
];

describe("every status", () => {
  it("is told", () => {
    expect(new Set(STATUSES.map(([, status]) => status))).toEqual(new Set(Status.options));
  });

  it.each(STATUSES)("%s", (_name, status, bodies, lines) => {
    expect(says(facts(status, bodies))).toEqual([`WM-7K3P-9QXR: ${status}`, ...lines]);
  });

  it("says that the person was erased", () => {
    expect(says(facts("received", [], { erased: true }))[1]).toBe(
      "  It came in and is not decided yet. The person was erased.",
    );
  });
});

describe("an offer on its way", () => {
  const OFFERED = "  It was offered to north-advice (debt-advice, camden-debt).";
  const asked = (work: Row, more: Partial<Facts> = {}, pauses: Pause[] = []): string[] =>
    says(facts("offered", [offered], { work: [work], ...more }), pauses).slice(1);
  const GOES_ON = [
    OFFERED,
    "  Waits for: The offer to reach the service. Since 2026-11-20 02:00:00 UTC.",
    "  Nobody must act: it goes on by itself.",
  ];
  const failed = { attempts: [{ kind: "deliver" as const, subject: OFFER, at: time("11:30:00"), cause: "timed-out" }] };
  const LAST = "    Last tried 2026-11-20 11:30:00: The receiver did not answer in time. (timed-out)";
  const head = `  - Sending the offer (${TO}): `;

  it("is due", () => {
    expect(asked(row())).toEqual([...GOES_ON, `${head}due since 2026-11-20 11:00:00, not tried yet.`]);
  });

  it("is under way", () => {
    expect(asked(row({ leased: true, attempt: 1 }))).toEqual([...GOES_ON, `${head}being done now, tried once.`]);
  });

  it("is tried again later, with what came of the last attempt", () => {
    const work = row({ attempt: 2, due: time("13:00:00"), cause: "timed-out" });
    expect(asked(work, failed)).toEqual([...GOES_ON, `${head}tried 2 times, again at 2026-11-20 13:00:00.`, LAST]);
  });

  it("is left alone while the breaker is open, and no longer", () => {
    const breakers = [{ destination: TO, since: time("11:45:00"), until: time("12:05:00") }];
    const work = row({ attempt: 3 });
    expect(asked(work, { ...failed, breakers })).toEqual([
      ...GOES_ON,
      `${head}left alone since 2026-11-20 11:45:00, for too much failed there; tried 3 times, again at 2026-11-20 12:05:00.`,
      LAST,
    ]);
    const over = [{ destination: TO, since: time("11:00:00"), until: time("11:59:00") }];
    expect(asked(work, { breakers: over }).at(-1)).toBe(`${head}due since 2026-11-20 11:00:00, tried 3 times.`);
    const other = [{ destination: "provider:south-advice", since: time("11:45:00"), until: time("12:05:00") }];
    expect(asked(work, { breakers: other }).at(-1)).toBe(`${head}due since 2026-11-20 11:00:00, tried 3 times.`);
  });

  it.each([`destination:${TO}`, "programme:camden-debt", "all"])(
    "is paused by %s, and an operator must act",
    (scope) => {
      expect(asked(row({ due: time("13:00:00"), cause: "paused" }), {}, [pause(scope)])).toEqual([
        OFFERED,
        "  Waits for: The end of a pause. Since 2026-11-20 10:00:00 UTC.",
        "  An operator must act.",
        `${head}paused (${scope}) since 2026-11-20 10:00:00 by Ada: the rules are wrong`,
      ]);
    },
  );

  it.each(["destination:provider:south-advice", "programme:other", "door:gp"])("is not held up by %s", (scope) => {
    expect(asked(row(), {}, [pause(scope)])).toEqual([
      ...GOES_ON,
      `${head}due since 2026-11-20 11:00:00, not tried yet.`,
    ]);
  });

  it.each([
    ["exhausted: timed-out", "All attempts were used up. The receiver did not answer in time."],
    [
      "unknown: interrupted",
      "It may have arrived, and must not be sent twice: ask the receiver. A send was cut off, and nobody knows whether it arrived.",
    ],
    ["mesh-14", "Nobody collected the message from the mailbox in five days, so MESH gave it back."],
    ["answered-404", "The receiver answered with status 404."],
  ])("was given up with %s, and an operator must act", (cause, words) => {
    expect(asked(row({ attempt: 4, deadAt: time("09:00:00"), cause }), failed)).toEqual([
      OFFERED,
      "  Waits for: A person must look at what was tried, and send it again or see to it by hand. Since 2026-11-20 09:00:00 UTC.",
      "  An operator must act.",
      `${head}given up at 2026-11-20 09:00:00, tried 4 times. An operator must see to it.`,
      `    Last tried 2026-11-20 09:00:00: ${words} (${cause})`,
    ]);
  });
});

describe("what there is to do", () => {
  it("has words for each kind", () => {
    const texts = WorkKind.options.map((kind) => says(facts("received", [], { work: [row({ kind })] })).at(-1) ?? "");
    expect(texts.map((text) => text.split(" (")[0])).toEqual([
      "  - Deciding where it goes",
      "  - Sending the offer",
      "  - Telling the referrer",
      "  - Looking into the service's own system",
      "  - Asking the service to delete what it has of the person",
      "  - Telling the service what has changed",
      "  - Asking the service whether a job lasts",
      "  - Reminding the referrer of what is missing",
      "  - Ending the wait for what is missing",
      "  - Emptying our MESH mailbox",
      "  - Seeing whether the link in the letter was opened",
      "  - Writing to the person for their answer",
      "  - Watching the time that the service has",
      "  - Telling people that time is running out or has run out",
    ]);
  });

  it("a decision that waits for a programme names the pause", () => {
    const work = [
      row({ kind: "assess", subject: ID, destination: "assess", due: time("13:00:00"), cause: "programme-paused" }),
    ];
    expect(says(facts("received", [], { work }), [pause("programme:camden-debt")]).slice(2)).toEqual([
      "  Waits for: The end of a pause. Since 2026-11-20 10:00:00 UTC.",
      "  An operator must act.",
      "  - Deciding where it goes (assess): paused (programme:camden-debt) since 2026-11-20 10:00:00 by Ada: the rules are wrong",
    ]);
  });

  it("news that could not be told holds up nothing, and is an operator's all the same", () => {
    const news = row({
      kind: "notify",
      subject: ID,
      destination: "client:x1",
      deadAt: time("11:00:00"),
      attempt: 12,
      cause: "exhausted: connect-refused",
    });
    const why = whyOf(
      facts("accepted", [offered, { type: "accepted", offer: OFFER }], { work: [news] }),
      [],
      NOW,
      COUNTS,
    );
    expect(why).toMatchObject({ who: "provider", waitsFor: "The service to begin." });
    expect(why.tasks).toMatchObject([{ kind: "notify", state: "dead", who: "operator" }]);
  });

  it("what is planned is planned, not late", () => {
    const work = [row({ kind: "expire", subject: ID, destination: "holds", due: new Date("2026-12-19T00:00:00Z") })];
    expect(says(facts("held", [held("consent")], { work })).at(-1)).toBe(
      "  - Ending the wait for what is missing (holds): planned for 2026-12-19 00:00:00.",
    );
  });
});
