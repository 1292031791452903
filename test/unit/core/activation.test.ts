// Which versions of packs are in force, and what may be activated: days, versions and contents.
import { describe, expect, it } from "vitest";
import { type Activation, FOLDER } from "../../../schemas/activation.ts";
import { activate, type Active, inForceOn, settleFolder, standOf } from "../../../src/core/activation.ts";
import { anActivation, anActive } from "../../builders/activations.ts";
import { aProgramme } from "../../builders/rules.ts";

const TODAY = "2026-11-16";
const equal = (one: string, other: string): boolean => one === other;

describe("in force on a day", () => {
  const versions = (all: Active[], day: string) => inForceOn(all, day).map(({ programme }) => programme.version);

  it("is what was activated by then, and the highest version of it", () => {
    const all = [anActive(2, { from: "2026-07-01" }), anActive(1), anActive(3, { from: "2027-01-01" })];
    expect(versions(all, "2026-06-30")).toEqual([1]);
    expect(versions(all, "2026-07-01")).toEqual([2]);
    expect(versions(all, "2026-12-31")).toEqual([2]);
    expect(versions(all, "2027-01-01")).toEqual([3]);
  });
  it("is nothing outside the days of the pack itself", () => {
    const one = anActive(1, { programme: aProgramme({ validFrom: "2026-02-01", validTo: "2026-03-31" }) });
    expect(["2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01"].map((day) => versions([one], day).length)).toEqual([
      0, 1, 1, 0,
    ]);
  });
  it("is nothing that has ended, from the day of its end on", () => {
    const one = anActive(1, { until: "2026-11-16" });
    expect(versions([one], "2026-11-15")).toEqual([1]);
    expect(versions([one], "2026-11-16")).toEqual([]);
  });
  it("is one version of each programme, in the order of their ids", () => {
    const other = { ...anActive(1), programme: aProgramme({ programme: "advice" }) };
    expect(inForceOn([anActive(1), other], TODAY).map((one) => one.programme.programme)).toEqual([
      "advice",
      "coaching",
    ]);
  });

  it("stands beside what is to come, what a higher version outdoes, and what has ended", () => {
    const [first, second, third] = [anActive(1), anActive(2), anActive(3, { from: "2027-01-01" })];
    const ended = anActive(4, { until: TODAY });
    const expired = anActive(5, { programme: aProgramme({ version: 5, validTo: "2026-11-15" }) });
    const early = anActive(6, { programme: aProgramme({ version: 6, validFrom: "2026-11-17" }) });
    const all = [first, second, third, ended, expired, early];
    expect(all.map((one) => standOf(one, all, TODAY))).toEqual([
      "superseded",
      "in force",
      "future",
      "historic",
      "historic",
      "future",
    ]);
  });
});

describe("a start on a folder", () => {
  const pack = (more = {}) => ({ programme: "coaching", version: 1, digest: "one", validFrom: "2026-01-01", ...more });

  it("brings what lies there into force for its own days", () => {
    expect(settleFolder([], [pack()], TODAY, equal)).toEqual({
      outcome: "settled",
      begin: [{ programme: "coaching", version: 1, digest: "one", from: "2026-01-01" }],
      end: [],
    });
  });
  it("changes nothing at the next start", () => {
    expect(settleFolder([anActivation()], [pack()], TODAY, equal)).toEqual({ outcome: "settled", begin: [], end: [] });
  });
  it("ends what the folder brought and holds no longer, and nothing that an operator brought", () => {
    const [line, byHand] = [anActivation(), anActivation({ programme: "advice", activatedBy: "A. Sample" })];
    expect(settleFolder([line, byHand], [], TODAY, equal)).toEqual({
      outcome: "settled",
      begin: [],
      end: [{ id: line.id, until: TODAY }],
    });
  });
  it("ends what had not begun before it begins", () => {
    const line = anActivation({ from: "2027-01-01" });
    expect(settleFolder([line], [], TODAY, equal)).toMatchObject({ end: [{ id: line.id, until: "2027-01-01" }] });
  });
  it("is refused where a version that was active comes with other content", () => {
    const line = anActivation();
    expect(settleFolder([line], [pack({ digest: "two" })], TODAY, equal)).toEqual({
      outcome: "other-content",
      before: [line],
    });
    const ended = anActivation({ until: "2026-05-01", endedBy: FOLDER });
    expect(settleFolder([ended], [pack({ digest: "two" })], TODAY, equal).outcome).toBe("other-content");
  });
  it("takes other content where the version had not begun", () => {
    const line = anActivation({ from: "2027-01-01" });
    expect(settleFolder([line], [pack({ digest: "two" })], TODAY, equal)).toMatchObject({
      begin: [{ digest: "two" }],
      end: [{ id: line.id, until: "2027-01-01" }],
    });
  });
  it("writes the same content anew where only its digest has changed", () => {
    const line = anActivation();
    expect(settleFolder([line], [pack({ digest: "two" })], TODAY, () => true)).toEqual({
      outcome: "settled",
      begin: [{ programme: "coaching", version: 1, digest: "two", from: "2026-01-01" }],
      end: [{ id: line.id, until: TODAY }],
    });
  });
  it("brings back what had ended", () => {
    const ended = anActivation({ until: "2026-05-01" });
    expect(settleFolder([ended], [pack()], TODAY, equal)).toMatchObject({ begin: [{ version: 1 }], end: [] });
  });
});

describe("activation by hand", () => {
  const asked = (
    from: string,
    lines: Activation[] = [],
    active: Active[] = [],
    programme = aProgramme({ version: 2 }),
    digest = "two",
  ) => activate(lines, active, { programme, digest }, from, TODAY, equal);

  it("takes today and any later day, and no day that has gone", () => {
    expect(asked("2026-11-15")).toEqual({ outcome: "past" });
    for (const from of [TODAY, "2027-04-01"])
      expect(asked(from)).toEqual({
        outcome: "activated",
        begin: [{ programme: "coaching", version: 2, digest: "two", from }],
        end: [],
      });
  });
  it("begins no sooner than the pack itself, and never after its end", () => {
    const later = aProgramme({ version: 2, validFrom: "2026-12-01", validTo: "2026-12-31" });
    expect(asked(TODAY, [], [], later)).toMatchObject({ begin: [{ from: "2026-12-01" }] });
    expect(asked("2026-12-31", [], [], later).outcome).toBe("activated");
    expect(asked("2027-01-01", [], [], later)).toEqual({ outcome: "after-its-end", validTo: "2026-12-31" });
  });
  it("refuses a version that was active with other content, in force or ended", () => {
    const line = anActivation({ version: 2 });
    expect(asked(TODAY, [line])).toEqual({ outcome: "other-content", before: line });
    const ended = anActivation({ version: 2, until: "2026-03-01" });
    expect(asked(TODAY, [ended])).toEqual({ outcome: "other-content", before: ended });
  });
  it("takes the place of a version that was to come, and of its own later day", () => {
    const line = anActivation({ version: 2, from: "2027-01-01" });
    expect(asked(TODAY, [line])).toMatchObject({ outcome: "activated", end: [{ id: line.id, until: "2027-01-01" }] });
    const own = anActivation({ version: 2, digest: "two", from: "2027-01-01" });
    expect(asked(TODAY, [own])).toMatchObject({ begin: [{ from: TODAY }], end: [{ id: own.id }] });
  });
  it("says where it is active already", () => {
    const line = anActivation({ version: 2, digest: "two", from: TODAY });
    expect(asked(TODAY, [line])).toEqual({ outcome: "active-already", line });
  });
  it("refuses a version below the one in force then", () => {
    expect(asked(TODAY, [], [anActive(3)])).toEqual({ outcome: "lower", version: 3 });
    expect(asked(TODAY, [], [anActive(3, { from: "2027-01-01" })]).outcome).toBe("activated");
    expect(asked("2027-01-01", [], [anActive(3, { from: "2027-01-01" })]).outcome).toBe("lower");
    expect(asked(TODAY, [], [anActive(1)]).outcome).toBe("activated");
  });
});
