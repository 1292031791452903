// Which versions of packs are in force, and what may be activated: one row for each clause, and for the edge of each day.
import type { Activation } from "../../../../schemas/activation.ts";
import type { Active } from "../../../../src/core/activation.ts";
import { anActivation, anActive } from "../../../builders/activations.ts";
import { aProgramme } from "../../../builders/rules.ts";
import type { Core } from "../mutants/grow.ts";

type Row = [name: string, came: (core: Core) => unknown, expected: unknown];

const TODAY = "2026-11-16";
const TOMORROW = "2026-11-17";
const YESTERDAY = "2026-11-15";
const equal = (one: string, other: string): boolean => one === other;

const line = (id: string, more: Partial<Activation> = {}): Activation => anActivation({ id, ...more });

const inForce =
  (all: Active[], day = TODAY) =>
  ({ inForceOn }: Core) =>
    inForceOn(all, day).map(({ programme, digest }) => `${programme.programme} ${programme.version} ${digest}`);
const ONE = ["coaching 1 digest-1"];

export const IN_FORCE: Row[] = [
  ["from its day", inForce([anActive(1, { from: TODAY })]), ONE],
  ["before its day", inForce([anActive(1, { from: TOMORROW })]), []],
  ["on the day before its end", inForce([anActive(1, { until: TOMORROW })]), ONE],
  ["on the day of its end", inForce([anActive(1, { until: TODAY })]), []],
  ["from the pack's own day", inForce([anActive(1, { pack: { validFrom: TODAY } })]), ONE],
  ["before the pack's own day", inForce([anActive(1, { pack: { validFrom: TOMORROW } })]), []],
  ["on the pack's last day", inForce([anActive(1, { pack: { validTo: TODAY } })]), ONE],
  ["after the pack's last day", inForce([anActive(1, { pack: { validTo: YESTERDAY } })]), []],
  ["the highest, whatever the order", inForce([anActive(2), anActive(1)]), ["coaching 2 digest-2"]],
  ["the highest, in the other order", inForce([anActive(1), anActive(2)]), ["coaching 2 digest-2"]],
  ["the later of one version", inForce([anActive(1), anActive(1, { digest: "anew" })]), ["coaching 1 anew"]],
  [
    "of each programme one, by their ids",
    inForce([
      anActive(1),
      anActive(1, { pack: { programme: "advice" } }),
      anActive(1, { pack: { programme: "zeal" } }),
    ]),
    ["advice 1 digest-1", "coaching 1 digest-1", "zeal 1 digest-1"],
  ],
];

const stands =
  (one: Active, ...others: Active[]) =>
  ({ standOf }: Core) =>
    standOf(one, [one, ...others], TODAY);

export const STANDS: Row[] = [
  ["in force", stands(anActive(1)), "in force"],
  ["since today", stands(anActive(1, { from: TODAY })), "in force"],
  ["from tomorrow", stands(anActive(1, { from: TOMORROW })), "future"],
  ["by the pack's own days from tomorrow", stands(anActive(1, { pack: { validFrom: TOMORROW } })), "future"],
  ["by the pack's own days since today", stands(anActive(1, { pack: { validFrom: TODAY } })), "in force"],
  ["outdone", stands(anActive(1), anActive(2)), "superseded"],
  ["over since today", stands(anActive(1, { until: TODAY })), "historic"],
  ["over tomorrow", stands(anActive(1, { until: TOMORROW })), "in force"],
  ["on the pack's last day", stands(anActive(1, { pack: { validTo: TODAY } })), "in force"],
  ["after the pack's last day", stands(anActive(1, { pack: { validTo: YESTERDAY } })), "historic"],
];

const pack = (more = {}) => ({ programme: "coaching", version: 1, digest: "one", validFrom: "2026-01-01", ...more });
const starts =
  (lines: Activation[], packs: ReturnType<typeof pack>[], same = equal) =>
  ({ settleFolder }: Core) => {
    const came = settleFolder(lines, packs, TODAY, same);
    return came.outcome === "settled"
      ? [came.begin.map((one) => `${one.programme} ${one.version} ${one.digest} ${one.from}`), came.end]
      : [came.outcome, came.before.map(({ id }) => id)];
  };
const BEGUN = "coaching 1 one 2026-01-01";
const TWO = pack({ digest: "two" });
const ANEW = "coaching 1 two 2026-01-01";

export const FOLDERS: Row[] = [
  ["a first start", starts([], [pack()]), [[BEGUN], []]],
  ["the next start", starts([line("a")], [pack()]), [[], []]],
  [
    "another version beside the one that is there",
    starts([line("a")], [pack(), pack({ version: 2, digest: "two" })]),
    [["coaching 2 two 2026-01-01"], []],
  ],
  [
    "another programme of that version",
    starts([line("a")], [pack(), pack({ programme: "advice", digest: "two" })]),
    [["advice 1 two 2026-01-01"], []],
  ],
  ["a pack that is gone", starts([line("a")], []), [[], [{ id: "a", until: TODAY }]]],
  ["a pack that is gone, and ended before", starts([line("a", { until: "2026-05-01" })], []), [[], []]],
  ["what an operator brought", starts([line("a", { activatedBy: "A. Sample" })], []), [[], []]],
  ["gone before it began", starts([line("a", { from: TOMORROW })], []), [[], [{ id: "a", until: TOMORROW }]]],
  ["gone on the day it began", starts([line("a", { from: TODAY })], []), [[], [{ id: "a", until: TODAY }]]],
  [
    "another version in its place",
    starts([line("a")], [pack({ version: 2, digest: "one" })]),
    [["coaching 2 one 2026-01-01"], [{ id: "a", until: TODAY }]],
  ],
  [
    "another programme in its place",
    starts([line("a")], [pack({ programme: "advice" })]),
    [["advice 1 one 2026-01-01"], [{ id: "a", until: TODAY }]],
  ],
  ["other content", starts([line("a")], [TWO]), ["other-content", ["a"]]],
  ["other content since today", starts([line("a", { from: TODAY })], [TWO]), ["other-content", ["a"]]],
  ["other content of one that ended", starts([line("a", { until: "2026-05-01" })], [TWO]), ["other-content", ["a"]]],
  [
    "other content of one that had not begun",
    starts([line("a", { from: TOMORROW })], [TWO]),
    [[ANEW], [{ id: "a", until: TOMORROW }]],
  ],
  [
    "other content of one that ended on the day it began",
    starts([line("a", { from: "2026-05-01", until: "2026-05-01" })], [TWO]),
    [[ANEW], []],
  ],
  ["the same under another digest", starts([line("a")], [TWO], () => true), [[ANEW], [{ id: "a", until: TODAY }]]],
  [
    "the same under another digest, brought by an operator",
    starts([line("a", { activatedBy: "A. Sample" })], [TWO], () => true),
    [[ANEW], [{ id: "a", until: TODAY }]],
  ],
  ["what had ended", starts([line("a", { until: "2026-05-01" })], [pack()]), [[BEGUN], []]],
  [
    "what had ended, with the same content beside it under another digest",
    starts([line("a", { until: "2026-05-01" }), line("b", { digest: "two" })], [pack()], () => true),
    [[BEGUN], [{ id: "b", until: TODAY }]],
  ],
];

type Asked = { lines?: Activation[]; actives?: Active[]; pack?: Parameters<typeof aProgramme>[0]; digest?: string };
const asks =
  (from: string, { lines = [], actives = [], pack: more, digest = "two" }: Asked = {}) =>
  ({ activate }: Core) => {
    const programme = aProgramme({ version: 2, ...more });
    const came = activate(lines, actives, { programme, digest }, from, TODAY, equal);
    if (came.outcome !== "activated") return came;
    return [came.begin.map((one) => `${one.version} ${one.digest} ${one.from}`), came.end];
  };
const second = (id: string, more: Partial<Activation> = {}): Activation => line(id, { version: 2, ...more });
const other = (id: string, more: Partial<Activation> = {}) => {
  const before = second(id, more);
  return [before, { outcome: "other-content", before }] as const;
};
const [DECIDED, DECIDED_BEFORE] = other("a");
const [ENDED, ENDED_BEFORE] = other("a", { until: "2026-03-01" });
const OWN = second("a", { digest: "two", from: TODAY });

export const ACTIVATIONS: Row[] = [
  ["yesterday", asks(YESTERDAY), { outcome: "past" }],
  ["today", asks(TODAY), [[`2 two ${TODAY}`], []]],
  ["later", asks("2027-04-01"), [["2 two 2027-04-01"], []]],
  ["before the pack's own day", asks(TODAY, { pack: { validFrom: TOMORROW } }), [[`2 two ${TOMORROW}`], []]],
  ["after the pack's own day", asks(TOMORROW, { pack: { validFrom: TODAY } }), [[`2 two ${TOMORROW}`], []]],
  ["on the pack's last day", asks(TODAY, { pack: { validTo: TODAY } }), [[`2 two ${TODAY}`], []]],
  [
    "after the pack's last day",
    asks(TOMORROW, { pack: { validTo: TODAY } }),
    { outcome: "after-its-end", validTo: TODAY },
  ],
  ["with other content than decided", asks(TODAY, { lines: [DECIDED] }), DECIDED_BEFORE],
  ["with other content than decided until it ended", asks(TODAY, { lines: [ENDED] }), ENDED_BEFORE],
  ["beside another version", asks(TODAY, { lines: [line("a")] }), [[`2 two ${TODAY}`], []]],
  [
    "beside another programme of that version",
    asks(TODAY, { lines: [second("a", { programme: "advice" })] }),
    [[`2 two ${TODAY}`], []],
  ],
  [
    "in place of other content that was to come",
    asks(TODAY, { lines: [second("a", { from: TOMORROW })] }),
    [[`2 two ${TODAY}`], [{ id: "a", until: TOMORROW }]],
  ],
  [
    "in place of its own later day",
    asks(TODAY, { lines: [second("a", { digest: "two", from: TOMORROW })] }),
    [[`2 two ${TODAY}`], [{ id: "a", until: TOMORROW }]],
  ],
  ["where it is active from that very day", asks(TODAY, { lines: [OWN] }), { outcome: "active-already", line: OWN }],
  ["where it is active before that day", asks(TOMORROW, { lines: [OWN] }), { outcome: "active-already", line: OWN }],
  [
    "where it was active and has ended",
    asks(TODAY, { lines: [second("a", { digest: "two", until: "2026-03-01" })] }),
    [[`2 two ${TODAY}`], []],
  ],
  ["below the one in force", asks(TODAY, { actives: [anActive(3)] }), { outcome: "lower", version: 3 }],
  ["of the version in force", asks(TODAY, { actives: [anActive(2)] }), [[`2 two ${TODAY}`], []]],
  ["above the one in force", asks(TODAY, { actives: [anActive(1)] }), [[`2 two ${TODAY}`], []]],
  [
    "below one of another programme",
    asks(TODAY, { actives: [anActive(3, { pack: { programme: "advice" } })] }),
    [[`2 two ${TODAY}`], []],
  ],
  ["below one that is to come", asks(TODAY, { actives: [anActive(3, { from: TOMORROW })] }), [[`2 two ${TODAY}`], []]],
];
