// The register of packs, with the desk over it: brought into force from a folder and by hand, and heard of by every process.
import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createPackDesk, PackLost } from "../../adapters/directory/desk.ts";
import { readWhole, rulebookOf } from "../../adapters/directory/packs.ts";
import { createLog } from "../../adapters/log.ts";
import { dayOf, daysAfter } from "../../src/core/calendar.ts";
import { followPacks } from "../../src/packs.ts";
import { copyOfPacks, FIXTURE, type PackFolder } from "../builders/packs.ts";
import { aHome, type Home, START } from "../builders/store.ts";
import { engines } from "../engines.ts";

describe.each(engines())("the register of packs on $name", (on) => {
  let home: Home;
  let folder: PackFolder;
  let today: string;
  beforeAll(async () => {
    home = await aHome(on);
    today = dayOf(home.clock.now());
  });
  afterAll(() => home.close());
  beforeEach(() => void (folder = copyOfPacks(FIXTURE)));
  afterEach(async () => {
    folder.remove();
    await home.sql("DELETE FROM waymark.pack_activation");
  });

  /** A process over this store, which read the folder when it started. */
  const aProcess = async (path = folder.path) => {
    const read = readWhole(path);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const { archive, packs: register } = home.store;
    const rulebook = rulebookOf(read.folder);
    await archive.keep(rulebook.bodies());
    const desk = createPackDesk({ folder: read.folder, rulebook, register, archive, clock: home.clock });
    await desk.refresh();
    const versions = (day = today) =>
      rulebook
        .inForce(new Date(`${day}T12:00:00Z`))
        .map(({ programme }) => `${programme.programme}@${programme.version}`);
    return { desk, rulebook, versions };
  };
  const next = (file: string, version: number, name: string): string => {
    folder.write(
      `${name}.next`,
      folder
        .text(file)
        .replace("version: 1", `version: ${version}`)
        .replace("acknowledgeWithin: 2", `acknowledgeWithin: ${version}`),
    );
    return `${folder.path}/${name}.next`;
  };

  it("brings a folder into force at a start, and writes down who and when", async () => {
    const broker = await aProcess();
    expect(await broker.desk.settle()).toEqual([]);
    expect(broker.versions()).toEqual(["childcare@1", "course@1", "jobs@1"]);
    const lines = await broker.desk.list();
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).toMatchObject({ version: 1, stand: "in force", activatedBy: "folder", until: undefined });
      expect(Math.abs(line.activatedAt.getTime() - home.clock.now().getTime())).toBeLessThan(60_000);
    }
    expect(await broker.desk.settle()).toEqual([]);
    expect(await broker.desk.list()).toEqual(lines);
  });

  it("refuses to start on a version that was active with other content, and says what to do", async () => {
    await (await aProcess()).desk.settle();
    folder.edit("childcare.yaml", "acknowledgeWithin: 2", "acknowledgeWithin: 3");
    folder.edit("course.yaml", "acknowledgeWithin: 2", "acknowledgeWithin: 3");
    const broker = await aProcess();
    const lines = ["childcare", "course"].map(
      (name) =>
        `${name}.yaml: ${name} version 1 has been active since 2026-01-01 with other content. Write \`version: 2\` there, or put back what stood there.`,
    );
    expect(await broker.desk.settle()).toEqual(lines);
    expect(await broker.desk.settle("/tmp/trial")).toEqual([
      ...lines,
      "Or, in a trial that may forget all its cases: remove the folder /tmp/trial and start again.",
    ]);
    expect(broker.versions()).toContain("childcare@1");
    folder.edit("childcare.yaml", "version: 1", "version: 2");
    folder.edit("course.yaml", "acknowledgeWithin: 3", "acknowledgeWithin: 2");
    expect(await (await aProcess()).desk.settle()).toEqual([]);
  });

  it("takes the same content for the same where the form of packs has grown", async () => {
    await (await aProcess()).desk.settle();
    // As if it had been kept by a program that knew no `precedence`.
    const [line] = await home.sql<{ digest: string }>(
      "SELECT digest FROM waymark.pack_activation WHERE programme = 'childcare'",
    );
    await home.sql(
      "INSERT INTO waymark.pack_body SELECT encode(sha256(convert_to(b, 'UTF8')), 'hex'), programme, version, b, kept_at FROM (SELECT *, (body::jsonb - 'precedence')::text AS b FROM waymark.pack_body WHERE digest = $1) AS old",
      [line?.digest],
    );
    await home.sql(
      "UPDATE waymark.pack_activation SET digest = (SELECT digest FROM waymark.pack_body WHERE programme = 'childcare' AND NOT body::jsonb ? 'precedence') WHERE digest = $1",
      [line?.digest],
    );
    const broker = await aProcess();
    expect(await broker.desk.settle()).toEqual([]);
    expect(broker.versions()).toContain("childcare@1");
  });

  it("ends what the folder holds no longer", async () => {
    await (await aProcess()).desk.settle();
    folder.edit(
      "jobs.yaml",
      "  - { id: care, need: childcare, when: { childcareNeeded: true }, words: A job waits for childcare. }",
      "  []",
    );
    folder.edit("jobs.yaml", "startWaits:\n  []", "startWaits: []");
    const other = copyOfPacks(folder.path);
    rmSync(`${other.path}/childcare.yaml`);
    other.edit("jobs.yaml", "version: 1", "version: 2");
    const broker = await aProcess(other.path);
    expect(await broker.desk.settle()).toEqual([]);
    expect(broker.versions()).toEqual(["course@1", "jobs@2"]);
    expect(await broker.desk.list()).toContainEqual(
      expect.objectContaining({ programme: "childcare", stand: "historic", until: today, endedBy: "folder" }),
    );
    other.remove();
  });

  it("activates by hand, at once here and in another process at its next look", async () => {
    const [one, other] = [await aProcess(), await aProcess()];
    await one.desk.settle();
    await other.desk.refresh();
    const file = next("childcare.yaml", 2, "second");
    expect(await one.desk.activate(file, { from: today, by: "A. Sample" })).toMatchObject({
      outcome: "activated",
      line: { programme: "childcare", version: 2, from: today },
    });
    expect(one.versions()).toContain("childcare@2");
    expect(other.versions()).toContain("childcare@1");
    expect(await other.desk.refresh()).toBe(true);
    expect(other.versions()).toContain("childcare@2");
    expect(await other.desk.refresh()).toBe(false);
    expect(await one.desk.list()).toContainEqual(
      expect.objectContaining({ version: 2, activatedBy: "A. Sample", stand: "in force" }),
    );
    expect(await one.desk.list()).toContainEqual(
      expect.objectContaining({ programme: "childcare", version: 1, stand: "superseded" }),
    );
    // A later start still decides by it, though no folder holds it.
    const later = await aProcess();
    expect(await later.desk.settle()).toEqual([]);
    expect(later.versions()).toContain("childcare@2");
    expect(
      await home.sql(
        "SELECT actor, verb, subjects FROM waymark.audit WHERE verb = 'packs.activate' ORDER BY at DESC LIMIT 1",
      ),
    ).toEqual([{ actor: "A. Sample", verb: "packs.activate", subjects: ["childcare"] }]);
  });

  it("holds a later version back until its day", async () => {
    const broker = await aProcess();
    await broker.desk.settle();
    const tomorrow = daysAfter(today, 1);
    const file = next("childcare.yaml", 2, "later");
    await broker.desk.activate(file, { from: tomorrow, by: "A. Sample" });
    expect(broker.versions(today)).toContain("childcare@1");
    expect(broker.versions(tomorrow)).toContain("childcare@2");
    expect(await broker.desk.list()).toContainEqual(expect.objectContaining({ version: 2, stand: "future" }));
  });

  it.each([
    ["a day that has gone", -1, "today or later"],
    ["a day after its end", 400, "before that day"],
  ])("refuses %s", async (_name, days, words) => {
    const broker = await aProcess();
    await broker.desk.settle();
    const refused = await broker.desk.activate(next("childcare.yaml", 2, "x"), {
      from: daysAfter(today, days),
      by: "A",
    });
    expect(refused).toMatchObject({ outcome: "refused", words: expect.stringContaining(words) });
    expect(broker.versions()).toContain("childcare@1");
  });

  it("refuses a file with a fault, and a version whose content was another", async () => {
    const broker = await aProcess();
    await broker.desk.settle();
    const broken = next("childcare.yaml", 2, "broken");
    folder.write("broken.next", folder.text("broken.next").replace("expect: eligible", "expect: unknown"));
    expect(await broker.desk.activate(broken, { from: today, by: "A" })).toMatchObject({
      outcome: "faults",
      faults: [{ file: "broken.next", path: "tests.0.gets" }],
    });
    const gap = next("childcare.yaml", 2, "gap");
    folder.write(
      "gap.next",
      folder.text("gap.next").replace("[E09000025, E09000012]", "[E09000025, E09000012, E09000019]"),
    );
    expect(await broker.desk.activate(gap, { from: today, by: "A" })).toMatchObject({ outcome: "faults" });
    const same = next("childcare.yaml", 1, "same");
    expect(await broker.desk.activate(same, { from: today, by: "A" })).toMatchObject({
      outcome: "refused",
      words: expect.stringContaining("give the file a new version"),
    });
  });

  it("lets two who activate at one time not both have it", async () => {
    const [one, other] = [await aProcess(), await aProcess()];
    await one.desk.settle();
    const first = next("childcare.yaml", 2, "first");
    const second = next("childcare.yaml", 2, "second");
    folder.write("second.next", folder.text("second.next").replace("contactWithin: 10", "contactWithin: 9"));
    const outcomes = await Promise.all([
      one.desk.activate(first, { from: today, by: "A" }),
      other.desk.activate(second, { from: today, by: "B" }),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(["activated", "refused"]);
  });

  it("runs the tests of what was in force on a day", async () => {
    const broker = await aProcess();
    await broker.desk.settle();
    const now = await broker.desk.test();
    expect(now.day).toBe(today);
    expect(now.packs.map(({ programme, failures }) => [programme, failures])).toEqual([
      ["childcare", []],
      ["course", []],
      ["jobs", []],
    ]);
    expect((await broker.desk.test("2025-06-01")).packs).toEqual([]);
  });

  it("does not start where the body of an active pack is lost", async () => {
    await (await aProcess()).desk.settle();
    await home.sql(
      "UPDATE waymark.pack_activation SET digest = 'lost', activated_by = 'A' WHERE programme = 'childcare'",
    );
    await expect(aProcess()).rejects.toThrow(PackLost);
  });

  it("keeps its lines: nobody takes one away or writes over who it was", async () => {
    for (const change of [
      "DELETE FROM waymark.pack_activation",
      "UPDATE waymark.pack_activation SET activated_by = 'nobody'",
    ])
      await expect(home.engine.transaction("worker", (query) => query(change))).rejects.toThrow(/permission denied/);
  });
});

it("a broker beside others looks at the register every twenty seconds", async () => {
  vi.useFakeTimers();
  const refresh = vi.fn(async () => false);
  const followed = followPacks({ refresh } as never, { now: () => START }, createLog({ level: "silent" }));
  await vi.advanceTimersByTimeAsync(59_000);
  expect(refresh).toHaveBeenCalledTimes(2);
  expect(followed.unreadSince()).toBeUndefined();
  // The person on call hears of it while it lasts.
  refresh.mockRejectedValueOnce(new Error("away"));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(followed.unreadSince()).toEqual(START);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(followed.unreadSince()).toBeUndefined();
  await followed.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(refresh).toHaveBeenCalledTimes(4);
  vi.useRealTimers();
});
