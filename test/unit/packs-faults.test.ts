// One fault at a time: each edit of a pack without fault gives this one fault, and says in which line and column.
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
    expect(folder.faults()).toContainEqual(expect.objectContaining(place));
  });

it("a pack that says one of each thing has no fault", () => {
  expect(folder.faults()).toEqual([]);
});

describe("names that are the canary's own", () => {
  const says = "the broker's own canary";
  each("jobs.yaml", [
    ["of a programme", "programme: jobs\n", "programme: waymark-canary\n", "¦programme: waymark-canary", says],
    ["of a commissioner", "id: E09000025", "id: waymark-canary", "{ ¦id: waymark-canary", says],
    ["of a funder", "id: city", "id: waymark-canary", "- { ¦id: waymark-canary", says],
  ]);
});

describe("terms", () => {
  each("jobs.yaml", [
    ["a nation twice", "nations: [england]", "nations: [england, england]", "[england, ¦england]", "twice"],
    [
      "a door that may both refer and recommend",
      "mayRecommend: [gp]",
      "mayRecommend: [gp, council]",
      "[gp, ¦council]",
      "may refer already",
    ],
    [
      "contact before acknowledgement",
      "contactWithin: 10",
      "contactWithin: 1",
      "¦contactWithin",
      "before the acknowledgement",
    ],
    ["a start before contact", "startWithin: 20", "startWithin: 9", "¦startWithin", "before first contact"],
    [
      "a consent twice",
      "- { kind: take-part }",
      "- { kind: share }",
      "- { kind: share }\n  - ¦{ kind: share }",
      "twice",
    ],
    [
      "a consent for a kind that is not there",
      "- { kind: take-part }",
      "- { kind: take-part, of: [nhs] }",
      "of: [¦nhs]",
      "of this kind: nhs",
    ],
    [
      "a programme both ruled out and let in",
      "excludes: [restart] }",
      "excludes: [restart], only: [restart] }",
      "only: [¦restart]",
      "ruled out above",
    ],
  ]);
  each("jobs.yaml", [
    [
      "must attend, where no Jobcentre refers",
      "mayRefer: [jobcentre, council]",
      "mayRefer: [council]",
      "participation: [voluntary, ¦mandatory]",
      "Only a Jobcentre",
    ],
    [
      "taking part asked where nobody may say no",
      "participation: [voluntary, mandatory]",
      "participation: [mandatory]",
      "{ ¦kind: take-part }",
      "nobody may say no",
    ],
    [
      "an end before its start",
      "validTo: 2026-12-31",
      "validTo: 2025-12-31",
      "¦validTo: 2025",
      "ends before it starts",
    ],
  ]);
});

describe("terms of a smaller pack", () => {
  each("childcare.yaml", [
    [
      "news for a door that is shut",
      "allocation: single",
      "tells: { jobcentre: [] }\nallocation: single",
      "tells: { ¦jobcentre",
      "Nobody comes through this door",
    ],
    ["on site, with nobody on a site", "allocation: single", "allocation: on-site", "¦allocation", "at a practice"],
  ]);
  it("the duty to refer outside England", () => {
    folder.edit("childcare.yaml", "[{ kind: share }]", "[{ kind: duty-to-refer }]");
    expect(folder.faults()).toEqual([]);
    folder.edit("childcare.yaml", "nations: [england]", "nations: [england, wales]");
    expect(folder.faults()).toContainEqual(
      expect.objectContaining({
        at: folder.placeOf("childcare.yaml", "¦kind: duty"),
        says: expect.stringContaining("law of England"),
      }),
    );
  });
});

describe("clauses", () => {
  each("jobs.yaml", [
    [
      "two of one id",
      "- id: too-far-on",
      "- id: adult",
      "- ¦id: adult\n    words: The person has worked",
      "Two clauses",
    ],
    [
      "on sex, deep inside, without a justification",
      "test: { age: { atLeast: 18 } }",
      "test: { all: [{ age: { atLeast: 18 } }, { not: { sex: [male] } }] }",
      "{ ¦sex: [male] }",
      "wants a `justification`",
    ],
    [
      "on ethnic group without a justification",
      "test: { age: { atLeast: 18 } }",
      "test: { all: [{ age: { atLeast: 18 } }, { ethnicGroup: [black, mixed] }] }",
      "{ ¦ethnicGroup",
      "wants a `justification`",
    ],
    [
      "on belief without a justification",
      "test: { age: { atLeast: 18 } }",
      "test: { all: [{ age: { atLeast: 18 } }, { belief: [sikh] }] }",
      "{ ¦belief",
      "wants a `justification`",
    ],
    [
      "justified without need",
      "override: true",
      "override: true\n    justification: Because.",
      "¦justification",
      "nothing that wants a justification",
    ],
    ["on disability, not marked as health", "    health: true\n", "", "{ ¦disability: true }", "mark the clause"],
    [
      "on a condition, not marked as health",
      "test: { employment: [out-of-work, off-sick] }",
      "test: { any: [{ employment: [out-of-work, off-sick] }, { longTermCondition: true }] }",
      "{ ¦longTermCondition: true }",
      "mark the clause",
    ],
    [
      "on dependency, not marked as health",
      "test: { employment: [out-of-work, off-sick] }",
      "test: { any: [{ employment: [out-of-work, off-sick] }, { group: [refugee, substance-dependency] }] }",
      "{ ¦group: [refugee",
      "mark the clause",
    ],
    [
      "of exclusion that is to be set aside",
      "    words: The person has worked for 60",
      "    override: true\n    words: The person has worked for 60",
      "¦override: true\n    words: The person has worked",
      "Only a clause of eligibility",
    ],
    [
      "on sex where places are held back",
      "for: { outOfWorkMonths: { atLeast: 12 } }",
      "for: { sex: [female] }",
      "for: { ¦sex: [female] }",
      "can only be a clause",
    ],
    [
      "on belief where something is proposed",
      "when: { basicSkills: [literacy] }",
      "when: { belief: [none] }",
      "when: { ¦belief: [none] }",
      "can only be a clause",
    ],
  ]);
});

describe("codes", () => {
  each("jobs.yaml", [
    [
      "a programme that nobody runs, never to have been started",
      "neverStarted: [restart]",
      "neverStarted: [restart, restrat]",
      "[restart, ¦restrat]",
      'called "restrat"',
    ],
    ["a programme that nobody runs, ruled out", "excludes: [restart]", "excludes: [restrat]", "[¦restrat]", "restrat"],
    [
      "a programme that nobody runs, alone let in",
      "excludes: [restart] }",
      "excludes: [restart], only: [ips] }",
      "only: [¦ips]",
      'called "ips"',
    ],
    [
      "an authority that the directory does not know",
      "  - { partnership: [two-boroughs] }",
      "  - { partnership: [two-boroughs] }\n  - { authority: [E09000091] }",
      "authority: [¦E09000091]",
      "knows no area E09000091",
    ],
    [
      "a ward where an authority belongs",
      "  - { partnership: [two-boroughs] }",
      "  - { partnership: [two-boroughs] }\n  - { authority: [E05013904] }",
      "authority: [¦E05013904]",
      "no code of a local authority",
    ],
    [
      "an authority where a small area belongs",
      "  - { partnership: [two-boroughs] }",
      "  - { partnership: [two-boroughs] }\n  - { lsoa: [E09000025] }",
      "lsoa: [¦E09000025]",
      "no code of a local small area",
    ],
    [
      "a region, by which nobody's home is known",
      "test: { age: { atLeast: 18 } }",
      "test: { all: [{ age: { atLeast: 18 } }, { livesIn: [E09000025, E12000007] }] }",
      "[E09000025, ¦E12000007]",
      "nobody's home",
    ],
    [
      "a code twice in one list",
      "employment: [out-of-work, off-sick]",
      "employment: [out-of-work, off-sick, out-of-work]",
      "off-sick, ¦out-of-work]",
      "twice",
    ],
    [
      "a partnership that is not there",
      "test: { age: { atLeast: 18 } }",
      "test: { all: [{ age: { atLeast: 18 } }, { partnership: [two-boroughs, boroughs] }] }",
      "[two-boroughs, ¦boroughs]",
      'no partnership "boroughs"',
    ],
    [
      "a practice that the directory does not know",
      "registeredWith: [F84999]",
      "registeredWith: [F84999, F84111]",
      "[F84999, ¦F84111]",
      "knows no practice F84111",
    ],
    [
      "a case in an unknown authority",
      "livesIn: E09000025\n    facts:\n      {\n        employment: out-of-work,\n        groups",
      "livesIn: E09000092\n    facts:\n      {\n        employment: out-of-work,\n        groups",
      "¦livesIn: E09000092",
      "knows no area",
    ],
  ]);
  it("a decile where no index is named", () => {
    folder.edit(
      "directory.yaml",
      'nation: england, index: Index of Multiple Deprivation, release: "2019"',
      'nation: wales, index: WIMD, release: "2019"',
    );
    folder.edit(
      "jobs.yaml",
      "test: { age: { atLeast: 18 } }",
      "test: { any: [{ age: { atLeast: 18 } }, { deprivation: { atMost: 2 } }] }",
    );
    expect(folder.faults()).toContainEqual({
      file: "jobs.yaml",
      at: folder.placeOf("jobs.yaml", "{ ¦deprivation"),
      path: "eligibility.0.test.any.1.deprivation",
      says: "The directory names no index of deprivation for england.",
    });
  });
  it("an authority in a nation where it does not run", () => {
    folder.edit("directory.yaml", "areas:", "areas:\n  - { code: W06000015, name: Cardiff }");
    folder.edit("childcare.yaml", "[E09000025, E09000012]", "[E09000025, E09000012, W06000015]");
    expect(folder.faults()).toContainEqual(
      expect.objectContaining({
        at: folder.placeOf("childcare.yaml", "¦W06000015"),
        says: "W06000015 lies in wales, where this does not run.",
      }),
    );
  });
});

describe("disclosures", () => {
  each("jobs.yaml", [
    [
      "without controllers",
      "    fields: [name, phones]\n    controllers: { from: E09000025, to: provider }\n    basis: 6(1)(e)\n    condition: 9(2)(h)",
      "    fields: [name, phones]\n    basis: 6(1)(e)\n    condition: 9(2)(h)",
      "- ¦to: [company, charity]",
      "names no `controllers`",
    ],
    ["without a lawful basis", "    basis: 6(1)(e)\n", "", "- ¦to: [company, charity]", "no lawful `basis`"],
    ["without a condition", "    condition: 9(2)(h)\n", "", "- ¦to: [company, charity]", "no `condition`"],
    [
      "to an employer without a condition, where being referred tells of health",
      "    condition: 9(2)(b)\n",
      "",
      "- ¦to: [employer]",
      "no `condition`",
    ],
    ["without a gateway", "    gateway: Localism Act 2011, section 1\n", "", "- ¦to: [company", "no `gateway`"],
    ["without an agreement", "    agreement: ISA-2\n", "", "- ¦to: [company", "no `agreement`"],
    [
      "to a kind of body for the second time",
      "to: [employer]",
      "to: [employer, charity]",
      "[employer, ¦charity]",
      "stands above",
    ],
    [
      "that leaves a partner uncovered",
      "to: [company, charity]",
      "to: [company]",
      "[¦sample-partner]",
      "kind charity, receives",
    ],
    ["that leaves the prime uncovered", "to: [company, charity]", "to: [charity]", "¦prime:", "kind company, receives"],
    [
      "of more than an employer may hear",
      "  - to: [employer]\n    fields: [name, phones]",
      "  - to: [employer]\n    fields: [name, detail]",
      "[name, ¦detail]",
      'never told "detail"',
    ],
    [
      "that leaves employers uncovered",
      "to: [employer]",
      "to: [council]",
      "- ¦id: sample-store",
      "what an employer receives",
    ],
  ]);

  it("to an employer needs no condition where nothing tells of health", () => {
    folder.edit("jobs.yaml", "    condition: 9(2)(b)\n", "");
    folder.edit(
      "jobs.yaml",
      "    health: true\n    test: { any: [{ disability: true }, { group: [carer] }] }",
      "    test: { group: [carer] }",
    );
    expect(folder.faults()).toEqual([]);
    folder.edit(
      "jobs.yaml",
      "  - to: [employer]\n    fields: [name, phones]",
      "  - to: [employer]\n    fields: [name, work]",
    );
    expect(folder.faults()).toEqual([]);
  });
});

describe("contracts", () => {
  each("jobs.yaml", [
    [
      "with a prime that is not there",
      "prime: sample-prime",
      "prime: nobody",
      "¦prime: nobody",
      'no organisation "nobody"',
    ],
    [
      "with a partner that is not there",
      "partners: [sample-partner]",
      "partners: [sample-partner, nobody]",
      "[sample-partner, ¦nobody]",
      'no organisation "nobody"',
    ],
    [
      "with a share that counts nowhere",
      "allocation: fair-share",
      "allocation: capacity",
      "¦share: 2",
      "counts only under",
    ],
    [
      "with a service twice",
      "- { service: jobs-east }",
      "- { service: jobs-east }\n      - { service: jobs-east }",
      "jobs-east }\n      - { ¦service: jobs-east",
      "twice",
    ],
  ]);
  each("jobs.yaml", [
    [
      "that ends before it starts",
      "    to: 2026-12-31\n    services",
      "    to: 2025-12-31\n    services",
      "¦to: 2025-12-31",
      "ends before it starts",
    ],
    [
      "that never runs",
      "    from: 2026-01-01\n    to: 2026-12-31\n    services",
      "    from: 2027-01-01\n    services",
      "¦from: 2027",
      "on no day",
    ],
    [
      "that brings an unknown service",
      "service: jobs-east",
      "service: jobs-north",
      "¦service: jobs-north",
      'no service "jobs-north"',
    ],
    [
      "that brings other help",
      "{ service: jobs-east }",
      "{ service: childcare }",
      "¦service: childcare",
      "offers none of: employment",
    ],
    [
      "that brings a stranger's service",
      "    partners: [sample-partner]\n",
      "",
      "{ ¦service: jobs-east }",
      "neither by the prime nor by a partner",
    ],
    [
      "nearest, with a service that stands nowhere",
      "allocation: fair-share",
      "allocation: nearest",
      "{ ¦service: jobs-east }",
      "no position",
    ],
    [
      "that leave a need unserved",
      "needs: [employment]",
      "needs: [employment, legal-advice]",
      "[employment, ¦legal-advice]",
      "offers legal-advice",
    ],
  ]);
  it("two of one id", () => {
    const contract =
      "  - { contract: hubs, prime: sample-council, from: 2026-01-01, services: [{ service: childcare }] }\n";
    folder.edit("childcare.yaml", contract, contract + contract.replace("from:", "to: 2026-01-31, from:"));
    const at = folder.placeOf("childcare.yaml", "{ ¦contract: hubs, prime: sample-council, to:");
    expect(folder.faults()).toContainEqual(expect.objectContaining({ at, says: "Two contracts have this id." }));
  });
});

describe("places", () => {
  each("jobs.yaml", [
    [
      "more held back than there are",
      "places: 60",
      "places: 101",
      "¦places: 101",
      "101 places are held back of a service that has 100",
    ],
    [
      "held back of a service of another",
      "service: jobs-west\n    places: 60",
      "service: course\n    places: 60",
      "¦service: course",
      "brings a service",
    ],
    ["held back until after the end", "until: 2026-09-30", "until: 2027-01-01", "¦until", "outside the days"],
    ["held back until before the start", "until: 2026-09-30", "until: 2025-12-31", "¦until", "outside the days"],
    [
      "a course that closes before it opens",
      "closes: 2026-06-15",
      "closes: 2026-04-30",
      "¦closes: 2026-04-30",
      "closes before it opens",
    ],
    [
      "a course that starts before it closes",
      "starts: 2026-06-22",
      "starts: 2026-06-14",
      "¦starts: 2026-06-14",
      "starts before it closes",
    ],
    [
      "a course after the contract",
      "starts: 2026-06-22",
      "starts: 2027-01-04",
      "¦starts: 2027",
      "on the day on which the course starts",
    ],
    [
      "a job that starts before it is filled",
      "starts: 2026-07-06",
      "starts: 2026-06-29",
      "¦starts: 2026-06-29",
      "before its vacancy closes",
    ],
    ["more vacancies than were pledged", "pledged: 30", "pledged: 19", "¦pledged", "more places than were pledged"],
  ]);
  it("held back twice of one service", () => {
    folder.edit(
      "jobs.yaml",
      "cohorts:",
      "  - { id: lone, words: x, service: jobs-west, places: 41, until: 2026-09-30, for: { group: [lone-parent] } }\ncohorts:",
    );
    expect(folder.faults()).toContainEqual(
      expect.objectContaining({
        at: folder.placeOf("jobs.yaml", "¦places: 41"),
        says: expect.stringContaining("101 places"),
      }),
    );
  });
  it.each([
    [
      "ring-fences",
      "cohorts:",
      "  - { id: long-out, words: x, service: jobs-west, places: 1, until: 2026-09-30, for: { group: [lone-parent] } }\ncohorts:",
      "- { ¦id: long-out",
      "Two ring-fences",
    ],
    [
      "courses",
      "employers:",
      "  - { id: june, service: jobs-west, opens: 2026-05-01, closes: 2026-06-15, starts: 2026-06-22, places: 2 }\nemployers:",
      "places: 20 }\n  - { ¦id: june",
      "Two courses",
    ],
    [
      "vacancies",
      "startWaits:",
      "      - { id: sales, title: S, places: 1, closes: 2026-06-30, starts: 2026-07-06 }\nstartWaits:",
      "07-06 }\n      - { ¦id: sales",
      "Two vacancies",
    ],
    [
      "employers",
      "startWaits:",
      "  - { id: sample-store, name: S, pledged: 1 }\nstartWaits:",
      "- { ¦id: sample-store",
      "This employer",
    ],
  ])("two %s of one id", (_name, from, to, at, says) => {
    folder.edit("jobs.yaml", from, to);
    expect(folder.faults()).toContainEqual(
      expect.objectContaining({ at: folder.placeOf("jobs.yaml", at), says: expect.stringContaining(says) }),
    );
  });
  it("a course that nobody can join", () => {
    folder.edit("jobs.yaml", "opens: 2026-05-01, closes: 2026-06-15", "opens: 2025-05-01, closes: 2025-06-15");
    expect(folder.faults()).toContainEqual(
      expect.objectContaining({
        at: folder.placeOf("jobs.yaml", "¦opens"),
        says: expect.stringContaining("Nobody can join"),
      }),
    );
  });
});

describe("pathways", () => {
  each("jobs.yaml", [
    [
      "to help that nobody gives",
      "on: started, need: training",
      "on: started, need: legal-advice",
      "¦need: legal-advice",
      "helps with legal-advice",
    ],
    [
      "proposing help that nobody gives",
      "need: training, words: Training.",
      "need: debt-advice, words: Training.",
      "¦need: debt-advice",
      "helps with debt-advice",
    ],
    [
      "waiting for help that nobody gives",
      "need: childcare",
      "need: housing-advice",
      "¦need: housing-advice",
      "helps with housing-advice",
    ],
    ["a start that waits for itself", "need: childcare", "need: employment", "¦need: employment, when", "its own help"],
    [
      "proposing what they came for",
      "need: training, words: Training.",
      "need: employment, words: Training.",
      "¦need: employment, words: Training",
      "came for",
    ],
    [
      "two waits of one id",
      "leadsTo:",
      "  - { id: care, need: training, words: x }\nleadsTo:",
      "- { ¦id: care, need: training",
      "Two waits",
    ],
    [
      "two steps of one id",
      "triggers:",
      "  - { id: on, on: completed, need: training, words: x }\ntriggers:",
      "- { ¦id: on, on: completed",
      "Two steps",
    ],
    [
      "two triggers of one id",
      "allocation: fair-share",
      "  - { id: skills, when: { basicSkills: [esol] }, need: training, words: x }\nallocation: fair-share",
      "- { ¦id: skills, when: { basicSkills: [esol]",
      "Two triggers",
    ],
    [
      "one programme wanted twice",
      "consents:",
      "  - { programme: course, is: started, words: x }\nconsents:",
      "- { ¦programme: course, is: started",
      "twice",
    ],
  ]);
  each("jobs.yaml", [
    [
      "an unknown programme first",
      "{ programme: course, is: completed",
      "{ programme: corse, is: completed",
      "{ ¦programme: corse",
      'called "corse"',
    ],
    [
      "itself first",
      "{ programme: course, is: completed",
      "{ programme: jobs, is: completed",
      "{ ¦programme: jobs, is",
      "waits for itself",
    ],
  ]);
  it("in a ring", () => {
    folder.edit("course.yaml", "consents:", "requires: [{ programme: childcare, is: started, words: x }]\nconsents:");
    folder.edit("childcare.yaml", "consents:", "requires: [{ programme: jobs, is: started, words: x }]\nconsents:");
    const ring = folder.faults().filter(({ says }) => says.includes("in turn"));
    expect(ring.map(({ file }) => file)).toEqual(["childcare.yaml", "course.yaml", "jobs.yaml"]);
    expect(ring[2]).toMatchObject({
      at: folder.placeOf("jobs.yaml", "{ ¦programme: course"),
      says: '"course" waits for this programme in turn: nobody could be the first.',
    });
  });
});

describe("outcomes", () => {
  each("jobs.yaml", [
    ["without a number that its kind needs", "weeks: 26, rate: nlw", "weeks: 26", "- ¦{ id: in-work", "needs rate"],
    [
      "with a window that is too short",
      "windowWeeks: 16",
      "windowWeeks: 12",
      "¦windowWeeks: 12",
      "shorter than the weeks",
    ],
    ["two of one id", "- { id: weeks,", "- { id: in-work,", "- { ¦id: in-work, words: Thirteen", "Two outcomes"],
    ["evidence of none", "outcome: in-work", "outcome: wage", "¦outcome: wage", 'no outcome "wage"'],
    ["evidence for nobody", "funder: city", "funder: state", "¦funder: state", 'no funder "state"'],
    ["evidence gone too early", "keptUntil: 2034-12-31", "keptUntil: 2026-12-30", "¦keptUntil", "gone before"],
    [
      "evidence twice",
      "evidence:",
      "evidence:\n  - { outcome: in-work, funder: city, kinds: [payslip], keptYears: 6 }",
      "[payslip], keptYears: 6 }\n  - ¦{",
      "twice",
    ],
    [
      "two funders of one id",
      "funders:",
      "funders:\n  - { id: city, name: Other }",
      "Other }\n  - { ¦id: city",
      "Two funders",
    ],
  ]);
});

describe("cases", () => {
  each("jobs.yaml", [
    ["that come out otherwise", "age: 17", "age: 18", "- ¦name: Too young", "found eligible"],
    [
      "on a day without the programme",
      "- name: Too young\n    on: 2026-06-01",
      "- name: Too young\n    on: 2027-06-01",
      "¦on: 2027",
      "not in force on this day",
    ],
    [
      "of one name",
      "- name: Too young",
      "- name: A carer",
      "¦name: A carer\n    on: 2026-06-01\n    door: council\n    need: employment\n    age: 17",
      "Two cases",
    ],
    [
      "that get another service",
      "gets: jobs-west",
      "gets: jobs-east",
      "- ¦name: A carer",
      "expected jobs-east, found jobs-west",
    ],
    ["that get what nobody brings", "gets: jobs-west", "gets: course", "¦gets: course", "brings a service"],
    ["refused by no clause", "because: adult", "because: audlt", "¦because: audlt", 'no clause "audlt"'],
    [
      "eligible because of one clause",
      "gets: jobs-west",
      "because: adult",
      "¦because: adult\n  - name: Too young",
      "because of every clause",
    ],
    [
      "refused and served",
      "because: adult",
      "because: adult\n    gets: jobs-west",
      "because: adult\n    ¦gets",
      "Only who is eligible",
    ],
  ]);
  it("are told what a consent leaves out", () => {
    folder.edit(
      "jobs.yaml",
      "    gets: jobs-west",
      "    consents: [{ kind: take-part, decision: given }]\n    gets: jobs-west",
    );
    expect(folder.faults()).toContainEqual(
      expect.objectContaining({ says: 'Test "A carer": expected jobs-west, found a hold (consent-missing).' }),
    );
  });
  it("do not depend on what is shut or full today", () => {
    folder.edit("directory.yaml", "places: 100", "places: 100, status: paused");
    expect(folder.faults().filter(({ path }) => path.startsWith("tests"))).toEqual([]);
  });
});

describe("a directory", () => {
  each("directory.yaml", [
    [
      "with a service of nobody",
      "organisation: sample-partner",
      "organisation: nobody",
      "¦organisation: nobody",
      "no organisation",
    ],
    [
      "with a place that is neither",
      "- { practice: F84999, authority: E09000012 }",
      "- { practice: F84999, authority: E09000012 }\n  - { authority: E09000012 }",
      "E09000012 }\n  - ¦{ authority: E09000012 }",
      "needs a postcode or a practice",
    ],
    [
      "with a postcode twice",
      "- { practice: F84999",
      "- { postcode: E6 2RP, authority: E09000025 }\n  - { practice: F84999",
      "- { ¦postcode: E6 2RP, authority: E09000025 }",
      "twice",
    ],
    [
      "with a practice twice",
      "partnerships:",
      "  - { practice: F84999, authority: E09000012 }\npartnerships:",
      "E09000012 }\n  - { ¦practice: F84999",
      "twice",
    ],
    [
      "with a place in an unknown authority",
      "postcode: E6 2RP, authority: E09000025",
      "postcode: E6 2RP, authority: E09000095",
      "¦authority: E09000095",
      "knows no area",
    ],
    [
      "with a member that is no place",
      "{ authority: E09000012, from: 2026-01-01, to: 2026-12-31 }",
      "{ authority: E09000012, from: 2026-01-01, to: 2026-12-31 }\n      - { authority: E12000007, from: 2026-01-01 }",
      "¦authority: E12000007",
      "nobody's home",
    ],
    [
      "with a member twice at one time",
      "{ authority: E09000012, from: 2026-01-01, to: 2026-12-31 }",
      "{ authority: E09000012, from: 2026-01-01, to: 2026-12-31 }\n      - { authority: E09000012, from: 2026-12-31 }",
      "{ ¦authority: E09000012, from: 2026-12-31",
      "a member already",
    ],
    [
      "with an area twice",
      "- { code: E09000019",
      "- { code: E09000012, name: H }\n  - { code: E09000019",
      "- { ¦code: E09000012, name: H }",
      "twice",
    ],
    [
      "with a nation's index twice",
      "areas:",
      '  - { nation: england, index: I, release: "2025" }\nareas:',
      "- { ¦nation: england, index: I,",
      "has an index already",
    ],
    [
      "with an organisation twice",
      "services:",
      "  - { id: sample-prime, name: x, class: company }\nservices:",
      "- { ¦id: sample-prime, name: x",
      "twice",
    ],
    [
      "with a partnership twice",
      "deprivation:",
      "  - { id: two-boroughs, name: x, members: [{ authority: E09000012, from: 2026-01-01 }] }\ndeprivation:",
      "- { ¦id: two-boroughs, name",
      "twice",
    ],
    [
      "with a service at an unknown practice",
      "sites: [F84999]",
      "sites: [F84999, F84111]",
      "[F84999, ¦F84111]",
      "knows no practice",
    ],
    [
      "with a service for an unknown area",
      "authorities: [E09000012],",
      "authorities: [E09000012, E09000099],",
      "¦E09000099",
      "knows no area",
    ],
  ]);
  it("with a member that leaves before it comes", () => {
    folder.edit("directory.yaml", "to: 2026-12-31", "to: 2025-12-31");
    expect(folder.faults()).toContainEqual(
      expect.objectContaining({
        at: folder.placeOf("directory.yaml", "¦to: 2025"),
        says: "This membership ends before it starts.",
      }),
    );
  });
});

describe("programmes of others", () => {
  each("programmes.yaml", [
    [
      "twice",
      "programmes:",
      "programmes:\n  - { code: restart, name: R, by: D, nations: [england], source: x }",
      "- { ¦code: restart, name: Restart",
      "twice",
    ],
    [
      "that end before they start",
      "from: 2021-07-12",
      "from: 2021-07-12, to: 2020-07-12",
      "¦to: 2020",
      "ends before it starts",
    ],
  ]);
  it("are not called unknown where a file cannot be read", () => {
    folder.edit("programmes.yaml", "programmes:", "programs:");
    expect(new Set(folder.faults().map(({ file }) => file))).toEqual(new Set(["programmes.yaml"]));
    folder.edit("programmes.yaml", "programs:", "programmes:");
    folder.edit("course.yaml", "name: Course", "nom: Course");
    expect(new Set(folder.faults().map(({ file }) => file))).toEqual(new Set(["course.yaml"]));
  });
});
