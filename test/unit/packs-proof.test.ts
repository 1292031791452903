// What is proven of a pack: clauses that nobody can meet or that drop nobody, and places that nobody or two serve.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyOfPacks, FIXTURE, type PackFolder } from "../builders/packs.ts";

let folder: PackFolder;
beforeEach(() => void (folder = copyOfPacks(FIXTURE)));
afterEach(() => folder.remove());

/** `at` is a text of the edited file, with `¦` where the fault must be pinned. */
type Row = [name: string, from: string, to: string, at: string, says: string];

const each = (file: string, rows: Row[]): void =>
  it.each(rows)("%s", (_name, from, to, at, says) => {
    folder.edit(file, from, to);
    const place = { file, at: folder.placeOf(file, at), says: expect.stringContaining(says) };
    expect(folder.proven()).toContainEqual(expect.objectContaining(place));
  });

/** Edits that change what a pack means, and leave nothing to say. */
const fine = (file: string, rows: [name: string, from: string, to: string][]): void =>
  it.each(rows)("%s", (_name, from, to) => {
    folder.edit(file, from, to);
    expect(folder.proven().filter(({ path }) => !path.startsWith("tests"))).toEqual([]);
  });

const ADULT = "test: { age: { atLeast: 18 } }";
const BARRIER = "test: { any: [{ disability: true }, { group: [carer] }] }";
const AFTER_ADULT = "  - id: no-job";
const clause = (test: string): string =>
  `  - id: new\n    words: x\n    health: true\n    test: ${test}\n${AFTER_ADULT}`;

it("a pack in which everything does something has no fault", () => {
  expect(folder.proven()).toEqual([]);
  expect(folder.unproven()).toEqual([]);
});

describe("a clause that nobody can meet", () => {
  each("jobs.yaml", [
    ["by its ages", ADULT, "test: { age: { atLeast: 18, atMost: 17 } }", "- ¦id: adult", "Nobody can meet this"],
    [
      "by its days",
      ADULT,
      "test: { all: [{ daysSince: { fact: releasedOn, atLeast: 100 } }, { daysSince: { fact: releasedOn, atMost: 99 } }] }",
      "- ¦id: adult",
      "Nobody can meet this",
    ],
    [
      "by counting further than it lists",
      BARRIER,
      "test: { atLeast: { of: 3, tests: [{ disability: true }, { group: [carer] }] } }",
      "- ¦id: barrier",
      "Nobody can meet this",
    ],
    [
      "by asking for a regime that it rules out",
      ADULT,
      "test: { all: [{ allOfLast: { last: 6, regimes: [light-touch] } }, { noneOfLast: { last: 3, regimes: [light-touch, working-enough] } }] }",
      "- ¦id: adult",
      "Nobody can meet this",
    ],
    [
      "after an earlier one",
      AFTER_ADULT,
      clause("{ age: { atMost: 17 } }"),
      "- ¦id: new",
      'who comes past "adult" can meet this',
    ],
    [
      "after the two before it together",
      "exclusions:",
      "  - id: new\n    words: x\n    health: true\n    test: { all: [{ disability: false }, { not: { group: [carer] } }] }\nexclusions:",
      "- ¦id: new",
      'who comes past "barrier" can meet this',
    ],
    [
      "for the areas of the programme",
      AFTER_ADULT,
      clause("{ all: [{ livesIn: [E09000019] }, { not: { registeredAt: [F84999] } }] }"),
      "- ¦id: new",
      "who comes past",
    ],
    [
      "for want of a programme",
      AFTER_ADULT,
      clause("{ not: { notOn: [restart] } }"),
      "- ¦id: new",
      'who comes past "compatibility" can meet this',
    ],
    [
      "since an exclusion keeps out all that come so far",
      "test: { daysSince: { fact: inWorkSince, atLeast: 60 } }",
      "test: { employment: [out-of-work, off-sick, at-risk] }",
      "- ¦id: too-far-on",
      'Nobody comes in: this keeps out everybody who comes past "no-job"',
    ],
  ]);
  fine("jobs.yaml", [
    [
      "not by days that are just possible",
      ADULT,
      "test: { all: [{ daysSince: { fact: releasedOn, atLeast: 99 } }, { daysSince: { fact: releasedOn, atMost: 99 } }] }",
    ],
    ["not by terms that some come on", ADULT, "test: { participation: [mandatory] }"],
    ["not by a surgery where some are seen", ADULT, "test: { seenAt: [F84999] }"],
    ["not by one age", ADULT, "test: { age: { atLeast: 18, atMost: 18 } }"],
    [
      "not by a regime that it had before",
      ADULT,
      "test: { all: [{ not: { noneOfLast: { last: 6, regimes: [light-touch] } } }, { noneOfLast: { last: 3, regimes: [light-touch] } }] }",
    ],
  ]);
});

describe("a clause that drops nobody", () => {
  each("jobs.yaml", [
    [
      "after a stricter one",
      AFTER_ADULT,
      clause("{ age: { atLeast: 16 } }"),
      "- ¦id: new",
      'whoever comes past "adult" meets it',
    ],
    [
      "on age by another name",
      AFTER_ADULT,
      clause("{ workingAge: true }"),
      "- ¦id: new",
      'whoever comes past "adult" meets it',
    ],
    [
      "after the two before it together",
      "exclusions:",
      "  - id: new\n    words: x\n    test: { atLeast: { of: 1, tests: [{ age: { atMost: 17 } }, { neverStarted: [restart] }] } }\nexclusions:",
      "- ¦id: new",
      'whoever comes past "first-time" meets it',
    ],
    [
      "whoever comes",
      AFTER_ADULT,
      clause("{ any: [{ rightToWork: true }, { rightToWork: false }] }"),
      "- ¦id: new",
      "This always holds",
    ],
    [
      "on terms that are the only ones",
      AFTER_ADULT,
      clause("{ participation: [voluntary, mandatory] }"),
      "- ¦id: new",
      "This always holds",
    ],
    [
      "for want of anybody that it could keep out",
      "test: { daysSince: { fact: inWorkSince, atLeast: 60 } }",
      "test: { age: { atMost: 17 } }",
      "- ¦id: too-far-on",
      'This keeps nobody out: nobody who comes past "adult" is meant by it',
    ],
    [
      "for it can never hold",
      "test: { daysSince: { fact: inWorkSince, atLeast: 60 } }",
      "test: { age: { atLeast: 60, atMost: 50 } }",
      "- ¦id: too-far-on",
      "This never holds",
    ],
  ]);
  fine("jobs.yaml", [
    // An adviser may set `no-job` aside: then the later clause is the one that counts.
    [
      "not after one that an adviser may set aside",
      "exclusions:",
      "  - id: new\n    words: x\n    test: { employment: [out-of-work, off-sick, at-risk] }\nexclusions:",
    ],
  ]);
});

describe("a part that does nothing", () => {
  each("jobs.yaml", [
    [
      "of any, within another",
      BARRIER,
      "test: { any: [{ disability: true }, { group: [carer] }, { group: [carer, refugee] }] }",
      "{ disability: true }, ¦{ group: [carer] }",
      "without it the same people come in",
    ],
    [
      "of any, met by nobody who comes so far",
      BARRIER,
      "test: { any: [{ disability: true }, { group: [carer] }, { age: { atMost: 17 } }] }",
      "¦{ age: { atMost: 17 } }",
      "met by nobody",
    ],
    [
      "of all, deep inside",
      BARRIER,
      "test: { any: [{ disability: true }, { all: [{ group: [carer] }, { age: { atLeast: 16 } }] }] }",
      "¦{ age: { atLeast: 16 } }",
      "without it the same people come in",
    ],
    [
      "of a list, out of reach",
      AFTER_ADULT,
      "  - { id: old, words: x, test: { benefit: [uc, jsa] } }\n".concat(clause("{ benefit: [uc, esa] }")),
      "[uc, ¦esa] }",
      "met by nobody",
    ],
    [
      "of a count, for nobody meets it",
      BARRIER,
      "test: { atLeast: { of: 2, tests: [{ disability: true }, { group: [carer] }, { age: { atMost: 17 } }] } }",
      "¦{ age: { atMost: 17 } }",
      "met by nobody",
    ],
    [
      "of a count, for everybody meets it",
      BARRIER,
      "test: { atLeast: { of: 2, tests: [{ disability: true }, { group: [carer] }, { age: { atLeast: 18 } }] } }",
      "{ group: [carer] }, ¦{ age: { atLeast: 18 } }",
      "met by everybody",
    ],
    [
      "of the areas",
      "  - { partnership: [two-boroughs] }",
      "  - { partnership: [two-boroughs] }\n  - { authority: [E09000025] }",
      "- ¦{ authority: [E09000025] }",
      "without it the same people come in",
    ],
    [
      "of the areas, a ward of an authority that is there",
      "  - { partnership: [two-boroughs] }",
      "  - { partnership: [two-boroughs] }\n  - { ward: [E05013904] }",
      "- ¦{ ward: [E05013904] }",
      "without it the same people come in",
    ],
  ]);
  fine("jobs.yaml", [
    [
      "not a count of which each may tell",
      BARRIER,
      "test: { atLeast: { of: 2, tests: [{ disability: true }, { group: [carer] }, { childcareNeeded: true }] } }",
    ],
    ["not a second group", BARRIER, "test: { any: [{ disability: true }, { group: [carer, refugee] }] }"],
  ]);
});

describe("what hangs on those who come in", () => {
  each("jobs.yaml", [
    [
      "places that nobody may take",
      "for: { outOfWorkMonths: { atLeast: 12 } }",
      "for: { employment: [in-work] }",
      "¦for:",
      "Nobody who comes in may take",
    ],
    [
      "places that everybody may take",
      "for: { outOfWorkMonths: { atLeast: 12 } }",
      "for: { age: { atLeast: 18 } }",
      "¦for:",
      "Everybody who comes in may take",
    ],
    [
      "a wait of nobody",
      "when: { childcareNeeded: true }",
      "when: { age: { atMost: 17 } }",
      "¦when: { age",
      "Nobody who comes in would wait",
    ],
    [
      "a wait of everybody",
      "when: { childcareNeeded: true }",
      "when: { age: { atLeast: 18 } }",
      "¦when: { age",
      "Everybody waits",
    ],
    [
      "a proposal to nobody",
      "when: { basicSkills: [literacy] }",
      "when: { age: { atMost: 17 } }",
      "¦when: { age",
      "Nobody who comes in is proposed",
    ],
  ]);
});

describe("a contract", () => {
  it("for places from which nobody comes in", () => {
    folder.edit(
      "childcare.yaml",
      "from: 2026-01-01, services",
      "from: 2026-01-01, areas: [{ authority: [E09000019] }], services",
    );
    expect(folder.proven()).toContainEqual(
      expect.objectContaining({
        at: folder.placeOf("childcare.yaml", "¦areas: [{ authority: [E09000019]"),
        says: "Nobody who comes in comes from here.",
      }),
    );
  });
});

describe("a gap", () => {
  const noService = (days: string, where = "Newham (E09000025)") =>
    expect.stringContaining(`No open service for employment in ${where}, ${days}.`);
  const gaps = () => folder.proven().filter(({ says }) => says.startsWith("No open service"));

  it("in an authority that no service covers", () => {
    folder.edit(
      "directory.yaml",
      "authorities: [E09000025],\n      places: 100",
      "authorities: [E09000019],\n      places: 100",
    );
    expect(gaps()).toMatchObject([
      {
        file: "jobs.yaml",
        at: folder.placeOf("jobs.yaml", "¦areas:"),
        says: noService("from 2026-01-01 to 2026-12-31"),
      },
    ]);
  });
  it("where the only service is shut", () => {
    folder.edit("directory.yaml", "places: 100", "places: 100,\n      status: paused");
    expect(gaps()).toMatchObject([{ file: "jobs.yaml", says: noService("from 2026-01-01 to 2026-12-31") }]);
  });
  it("where the only service offers other help", () => {
    folder.edit("jobs.yaml", "needs: [employment]", "needs: [employment, training]");
    expect(gaps()[0]?.says).toContain("for training in");
  });
  it("before a contract starts and after it ends", () => {
    folder.edit(
      "jobs.yaml",
      "    from: 2026-01-01\n    to: 2026-12-31\n    services",
      "    from: 2026-02-01\n    to: 2026-11-30\n    services",
    );
    expect(gaps()[0]?.says).toContain("from 2026-01-01 to 2026-01-31, from 2026-12-01 to 2026-12-31.");
  });
  it("of a member, on the days of its membership alone", () => {
    folder.edit(
      "directory.yaml",
      "- { authority: E09000012, from: 2026-01-01, to: 2026-12-31 }",
      "- { authority: E09000012, from: 2026-01-01, to: 2026-12-31 }\n      - { authority: E09000019, from: 2026-03-01, to: 2026-05-31 }",
    );
    expect(gaps().filter(({ file }) => file === "jobs.yaml")).toMatchObject([
      { says: noService("from 2026-03-01 to 2026-05-31", "Islington (E09000019)") },
    ]);
  });
  it("of people who are registered there and live elsewhere", () => {
    folder.edit("directory.yaml", "sites: [F84999]", "sites: []");
    expect(gaps()).toMatchObject([
      { says: noService("from 2026-01-01 to 2026-12-31", "the rest of England, registered with F84999") },
    ]);
  });
  it("in a contract's own areas", () => {
    folder.edit(
      "childcare.yaml",
      "from: 2026-01-01, services",
      "from: 2026-01-01, areas: [{ authority: [E09000025] }], services",
    );
    expect(gaps()).toMatchObject([
      {
        file: "childcare.yaml",
        says: expect.stringContaining("for childcare in Hackney (E09000012), from 2026-01-01 to 2026-12-31."),
      },
    ]);
  });
  it("in a ward", () => {
    folder.edit(
      "childcare.yaml",
      "from: 2026-01-01, services",
      "from: 2026-01-01, areas: [{ ward: [E05013904] }, { authority: [E09000012] }], services",
    );
    expect(gaps()).toMatchObject([
      { says: "No open service for childcare in Newham (E09000025), from 2026-01-01 to 2026-12-31." },
    ]);
  });
  it("in all of a nation, where nothing says from where people come", () => {
    folder.edit("childcare.yaml", "areas:\n  - { authority: [E09000025, E09000012] }\n", "");
    expect(gaps()).toMatchObject([
      { at: folder.placeOf("childcare.yaml", "¦nations"), says: expect.stringContaining("the rest of England") },
    ]);
  });
  it("is none where only a clause says from where people come", () => {
    folder.edit("childcare.yaml", "areas:\n  - { authority: [E09000025, E09000012] }\n", "");
    folder.edit(
      "childcare.yaml",
      "eligibility: []",
      "eligibility: [{ id: here, words: x, test: { livesIn: [E09000025, E09000012] } }]",
    );
    expect(gaps()).toEqual([]);
  });
  it("by a shut service is none for a programme that has ended", () => {
    folder.edit("directory.yaml", "places: 100", "places: 100,\n      status: closed");
    expect(gaps()).toHaveLength(1);
    for (const file of ["jobs.yaml", "course.yaml", "childcare.yaml"])
      folder.write(file, folder.text(file).replaceAll("2026-12-31", "2026-11-15"));
    expect(gaps()).toEqual([]);
  });
});

describe("an overlap", () => {
  const overlaps = () => folder.proven().filter(({ says }) => says.includes("as well"));
  const second = (more: string) =>
    `allocation: single`.replace(
      "allocation",
      `  - { contract: second, prime: sample-council, ${more}, services: [{ service: childcare }] }\nallocation`,
    );

  it("of two contracts where there is to be a single one", () => {
    folder.edit(
      "childcare.yaml",
      "allocation: single",
      second("from: 2026-06-01, to: 2026-06-30, areas: [{ authority: [E09000012] }]"),
    );
    expect(overlaps()).toEqual([]);
    folder.edit(
      "childcare.yaml",
      "from: 2026-01-01, services",
      "from: 2026-01-01, areas: [{ authority: [E09000012, E09000025] }], services",
    );
    expect(overlaps()).toMatchObject([
      {
        at: folder.placeOf("childcare.yaml", "{ ¦contract: second"),
        says: 'Contract "hubs" covers childcare as well in Hackney (E09000012), from 2026-06-01 to 2026-06-30.',
      },
    ]);
  });
  it("of two that cover everywhere", () => {
    folder.edit("childcare.yaml", "allocation: single", second("from: 2026-01-01"));
    expect(overlaps()).toMatchObject([{ says: expect.stringContaining("Newham (E09000025); Hackney (E09000012)") }]);
  });
  it("of two partnerships is settled by their precedence", () => {
    folder.edit(
      "directory.yaml",
      "deprivation:",
      "  - { id: one-borough, name: One, members: [{ authority: E09000012, from: 2026-01-01 }] }\ndeprivation:",
    );
    folder.edit(
      "childcare.yaml",
      "from: 2026-01-01, services",
      "from: 2026-01-01, areas: [{ partnership: [two-boroughs] }], services",
    );
    folder.edit(
      "childcare.yaml",
      "allocation: single",
      second("from: 2026-01-01, areas: [{ partnership: [one-borough] }]"),
    );
    expect(overlaps()).toMatchObject([{ says: expect.stringContaining("Hackney") }]);
    folder.edit("directory.yaml", "name: One,", "name: One, precedence: 50,");
    expect(overlaps()).toEqual([]);
  });
  it("is none where places are shared", () => {
    folder.edit(
      "childcare.yaml",
      "allocation: single",
      second("from: 2026-01-01").replace("allocation: single", "allocation: fair-share"),
    );
    expect(overlaps()).toEqual([]);
  });
});

describe("a pack too large to be proven", () => {
  it("says so, and is not refused", () => {
    const bounds = (fact: string) =>
      `{ any: [${Array.from({ length: 12 }, (_, n) => `{ all: [{ daysSince: { fact: ${fact}, atLeast: ${n * 40 + 1} } }, { daysSince: { fact: ${fact}, atMost: ${n * 40 + 20} } }] }`).join(", ")}] }`;
    const many = ["claimStart", "regimeSince", "releasedOn"].map(bounds).join(", ");
    const never = "{ daysSince: { fact: inWorkSince, atLeast: 9 } }, { daysSince: { fact: inWorkSince, atMost: 8 } }";
    folder.edit("jobs.yaml", AFTER_ADULT, clause(`{ not: { all: [${many}, ${never}] } }`));
    expect(folder.unproven()).toContainEqual(
      expect.objectContaining({
        at: folder.placeOf("jobs.yaml", "- ¦id: new"),
        says: expect.stringContaining("too many cases"),
      }),
    );
    expect(folder.proven().map(({ path }) => path)).not.toContain("eligibility.1");
  });
});
