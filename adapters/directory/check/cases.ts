// The cases that a commissioner wrote into the pack: each must come out as expected, on a day of the pack.
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { servicesOf } from "../../../src/core/contracts.ts";
import { failureOf } from "../../../src/core/packtest.ts";
import { type Finding, found, twice } from "./finding.ts";

/** What `because` may name beside the ids of clauses. */
const NOT_CLAUSES = ["door", "participation", "need", "nation", "area", "compatibility"];

export const caseFindings = (programme: Programme, directory: Directory): Finding[] => {
  const { validFrom, validTo, tests } = programme;
  const clauses = new Set([
    ...NOT_CLAUSES,
    ...programme.requires.map((one) => `requires:${one.programme}`),
    ...[...programme.eligibility, ...programme.exclusions].map((one) => one.id),
  ]);
  return [
    ...twice(tests, (one) => one.name).map((at) => found(["tests", at, "name"], "Two cases have this name.")),
    ...tests.flatMap((test, at) => {
      if (test.on < validFrom || (validTo !== undefined && test.on > validTo))
        return [found(["tests", at, "on"], "The programme is not in force on this day.")];
      if (test.because !== undefined && !clauses.has(test.because))
        return [found(["tests", at, "because"], `There is no clause "${test.because}".`)];
      if (test.gets !== undefined && !servicesOf(programme).includes(test.gets))
        return [found(["tests", at, "gets"], `No contract of this programme brings a service "${test.gets}".`)];
      if (test.because !== undefined && test.expect === "eligible")
        return [found(["tests", at, "because"], "Who is eligible is so because of every clause.")];
      if (test.gets !== undefined && test.expect !== "eligible")
        return [found(["tests", at, "gets"], "Only who is eligible gets a service.")];
      const failure = failureOf(programme, directory, test);
      return failure === undefined ? [] : [found(["tests", at], `Test "${test.name}": ${failure}.`)];
    }),
  ];
};
