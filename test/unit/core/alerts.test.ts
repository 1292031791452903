// Which alerts stand, given what is seen; each of them falls when what it is about is mended.
import { describe, expect, it } from "vitest";
import { AlertCode, type Stand } from "../../../schemas/alert.ts";
import type { Inside, Sight } from "../../../schemas/sight.ts";
import { type Limits, standing } from "../../../src/core/alerts.ts";
import { awayAfter, HERE } from "../../../src/core/away.ts";

const NOW = new Date("2026-11-22T03:00:00.000Z");
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);
const HOUR = 3_600;

const LIMITS: Limits = {
  afterMs: 120_000,
  overdueMs: 600_000,
  silentMs: 30_000,
  canaryMs: 300_000,
  storeBytes: 1_000,
  freeBytes: 500,
  clockApartMs: 30_000,
  pauseMs: 24 * HOUR * 1_000,
};
const QUIET: Sight = { breakers: [], failing: [], due: [], dead: [], pauses: [], canary: { lastEnded: ago(60) } };
const WELL: Inside = { upSince: ago(HOUR), rangAt: ago(1), clockApartMs: 20, freeBytes: 5_000 };

const stands = (sight: Partial<Sight>, inside: Partial<Inside> = {}, limits: Partial<Limits> = {}): Stand[] =>
  standing({ ...QUIET, ...sight }, { ...WELL, ...inside }, { ...LIMITS, ...limits }, NOW);
const pause = (scope: string, since = ago(60)): Sight["pauses"][number] =>
  ({ scope, by: "Ada", reason: "a trial", since }) as Sight["pauses"][number];
const open = (destination: string, seconds: number) => ({ destination, since: ago(seconds), until: ago(-30) });

it("all is well", () => expect(stands({})).toEqual([]));

describe("a destination", () => {
  it.each([
    ["provider:a", { code: "provider-failing", of: "provider:a" }],
    ["follow:a", { code: "provider-failing", of: "provider:a" }],
    ["recall:a", { code: "provider-failing", of: "provider:a" }],
    ["client:c", { code: "referrer-failing", of: "client:c" }],
    ["mesh:inbox", { code: "work-overdue", of: "mesh:inbox" }],
  ])("%s fails when its breaker stays open", (destination, alert) => {
    expect(stands({ breakers: [open(destination, 121)] })).toEqual([{ ...alert, since: ago(121) }]);
    expect(stands({ breakers: [open(destination, 119)] })).toEqual([]);
  });

  it("fails once, whatever lines lead to it, since the first of them", () => {
    expect(stands({ breakers: [open("provider:a", 130), open("follow:a", 500), open("recall:a", 200)] })).toEqual([
      { code: "provider-failing", of: "provider:a", since: ago(500) },
    ]);
  });

  it("fails when something was tried three times, and nothing arrived since", () => {
    const failing = { destination: "client:c", since: ago(2 * HOUR), lastAt: ago(90), cause: "connect-refused" };
    const alert = { code: "referrer-failing", of: "client:c", since: failing.since, cause: "connect-refused" };
    expect(stands({ failing: [failing] })).toEqual([alert]);
    expect(stands({ failing: [{ ...failing, reachedAt: ago(100) }] })).toEqual([alert]);
    expect(stands({ failing: [{ ...failing, reachedAt: ago(80) }] })).toEqual([]);
    expect(stands({ failing: [failing], breakers: [open("client:c", 200)] })).toEqual([alert]);
  });

  it.each(["all", "destination:provider:a"])("that an operator paused (%s) fails for nobody", (scope) => {
    const failing = [{ destination: "follow:a", since: ago(HOUR), lastAt: ago(90) }];
    const due = [{ destination: "provider:a", oldest: ago(HOUR) }];
    expect(stands({ breakers: [open("provider:a", 900)], failing, due, pauses: [pause(scope)] })).toEqual([]);
    expect(stands({ failing, pauses: [pause("destination:provider:b")] })).toHaveLength(1);
  });
});

describe("work", () => {
  const due = [
    { destination: "client:c", oldest: ago(700) },
    { destination: "assess", oldest: ago(900) },
    { destination: "provider:a", oldest: ago(500) },
  ];
  it("that is due for too long is one alert for all of it", () => {
    expect(stands({ due })).toEqual([{ code: "work-overdue", count: 2, since: ago(900) }]);
    expect(stands({ due: due.slice(2) })).toEqual([]);
  });
  it("behind an open breaker is not ours to be late with", () => {
    expect(stands({ due: due.slice(0, 1), breakers: [open("client:c", 10)] })).toEqual([]);
  });
  it("that was given up is told for each destination", () => {
    const dead = [{ destination: "client:c", count: 3, oldest: ago(HOUR), cause: "gone" }];
    expect(stands({ dead })).toEqual([
      { code: "dead-letters", of: "client:c", count: 3, since: ago(HOUR), cause: "gone" },
    ]);
  });
});

describe("the canary", () => {
  const late = { canary: { lastEnded: ago(301) } };
  it("is late after five minutes, also when none ever came through", () => {
    expect(stands(late)).toEqual([{ code: "canary-late", since: ago(301) }]);
    expect(stands({ canary: { firstBegun: ago(400) } })).toEqual([{ code: "canary-late", since: ago(400) }]);
    expect(stands({ canary: { firstBegun: ago(200) } })).toEqual([]);
  });
  it("and late work are not missed by a process that has just begun", () => {
    const due = [{ destination: "assess", oldest: ago(HOUR) }];
    expect(stands({ ...late, due }, { upSince: ago(299) })).toEqual([]);
    expect(stands({ ...late, due }, { upSince: ago(601) })).toHaveLength(2);
  });
  it("is not missed where none is sent, or its door is paused", () => {
    expect(stands(late, {}, { canaryMs: undefined })).toEqual([]);
    expect(stands({ canary: {} })).toEqual([]);
    for (const scope of ["all", "door:jobcentre"]) expect(stands({ ...late, pauses: [pause(scope)] })).toEqual([]);
    expect(stands({ ...late, pauses: [pause("door:gp")] })).toHaveLength(1);
  });
});

describe("this process", () => {
  it.each<[Partial<Inside>, string[]]>([
    [{ rangAt: ago(31) }, ["ringer-silent"]],
    [{ rangAt: ago(29) }, []],
    [{ queueDownSince: ago(31) }, ["queue-down"]],
    [{ queueDownSince: ago(29) }, []],
    // Without its queue a ringer cannot ring: one cause, one alert.
    [{ queueDownSince: ago(31), rangAt: ago(31) }, ["queue-down"]],
    [{ queueDownSince: ago(29), rangAt: ago(31) }, []],
    [{ packsUnreadSince: ago(31) }, ["packs-unread"]],
    [{ clockApartMs: -30_001 }, ["clock-wrong"]],
    [{ clockApartMs: 30_001 }, ["clock-wrong"]],
    [{ clockApartMs: 29_999 }, []],
    [{ freeBytes: 499 }, ["store-nearly-full"]],
  ])("%o", (inside, codes) => expect(stands({}, inside).map(({ code }) => code)).toEqual(codes));

  it("says when the store is large only where someone said how large it may be", () => {
    expect(stands({ storeBytes: 1_001 }).map(({ code }) => code)).toEqual(["store-nearly-full"]);
    expect(stands({ storeBytes: 1_000 })).toEqual([]);
    expect(stands({ storeBytes: 1_001 }, {}, { storeBytes: undefined })).toEqual([]);
  });
});

it("a pause is told of after a day", () => {
  const since = ago(24 * HOUR + 1);
  expect(stands({ pauses: [pause("programme:p", since), pause("door:gp")] })).toEqual([
    { code: "pause-forgotten", of: "programme:p", since },
  ]);
});

it("what is to be told to the journal may wait for a moment; a quarantine may not, and says both", () => {
  const behind = { journal: { waiting: 2, oldest: ago(121) } };
  expect(stands({ journal: { waiting: 2, oldest: ago(119) } })).toEqual([]);
  expect(stands({ journal: { waiting: 0 } })).toEqual([]);
  expect(stands(behind)).toEqual([{ code: "journal-behind", since: ago(121) }]);
  const quarantine = { since: ago(1), why: "journal-ahead" as const };
  expect(stands({ ...behind, quarantine })).toEqual([{ code: "quarantine", since: ago(1), cause: "journal-ahead" }]);
});

it("a process that cannot read its journal says after a while that nothing leaves it", () => {
  expect(stands({}, { journalUnreadSince: ago(119) })).toEqual([]);
  expect(stands({}, { journalUnreadSince: ago(121) })).toEqual([
    { code: "quarantine", since: ago(121), cause: "journal-unread" },
  ]);
});

it("every code comes about here, but the one that has no store to be seen in", () => {
  const [client, provider] = [open("client:c", 900), open("provider:a", 900)];
  const all = [
    ...stands(
      {
        breakers: [client, provider],
        due: [{ destination: "assess", oldest: ago(HOUR) }],
        dead: [{ destination: "client:c", count: 1, oldest: ago(1) }],
        storeBytes: 2_000,
        canary: { lastEnded: ago(HOUR) },
      },
      { rangAt: ago(60), packsUnreadSince: ago(60), clockApartMs: 60_000 },
    ),
    ...stands({ pauses: [pause("door:gp", ago(25 * HOUR))] }, { queueDownSince: ago(60) }),
    ...stands({ quarantine: { since: ago(1), why: "restored" } }),
    ...stands({ journal: { waiting: 1, oldest: ago(121) } }),
  ];
  expect(new Set(all.map(({ code }) => code))).toEqual(
    new Set(AlertCode.options.filter((code) => code !== "store-away")),
  );
});

describe("a store that is away", () => {
  const limits = { afterMs: 30_000, repeatMs: 3_600_000 };
  const after = (before: Parameters<typeof awayAfter>[0], reached: boolean, seconds: number) =>
    awayAfter(before, reached, limits, new Date(NOW.getTime() + seconds * 1_000));

  it("is told once after a while, again after the repeat, and once when it is back", () => {
    const first = after(HERE, false, 0);
    const early = after(first.away, false, 29);
    const told = after(early.away, false, 30);
    const soon = after(told.away, false, 3_600);
    const again = after(soon.away, false, 3_631);
    const back = after(again.away, true, 3_640);
    const later = after(back.away, true, 3_650);
    expect([first, early, told, soon, again, back, later].map(({ what }) => what)).toEqual([
      undefined,
      undefined,
      "begins",
      undefined,
      "stands",
      "ends",
      undefined,
    ]);
  });

  it("that comes back in time is never told of", () => {
    expect(after(after(HERE, false, 0).away, true, 20)).toEqual({ away: HERE });
  });
});
