// What a schema cannot see: that packs and directory speak of the same things, and that a pack's own cases come out.
import type { NeedCode } from "../../schemas/need.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory } from "../../schemas/provider.ts";
import { failureOf } from "../../src/core/packtest.ts";
import type { PackFault, Pin } from "./yaml.ts";

const twice = <T>(items: readonly T[], keyOf: (item: T) => string | undefined): number[] => {
  const seen = new Set<string>();
  return items.flatMap((item, at) => {
    const key = keyOf(item);
    if (key === undefined) return [];
    if (seen.has(key)) return [at];
    seen.add(key);
    return [];
  });
};

export const directoryFaults = (directory: Directory, pin: Pin): PackFault[] => {
  const known = new Set(directory.organisations.map((one) => one.id));
  return [
    ...twice(directory.organisations, (one) => one.id).map((at) =>
      pin(["organisations", at, "id"], "This organisation stands here twice."),
    ),
    ...twice(directory.services, (one) => one.id).map((at) =>
      pin(["services", at, "id"], "This service stands here twice."),
    ),
    ...twice(directory.places, (one) => one.postcode).map((at) =>
      pin(["places", at, "postcode"], "This postcode stands here twice."),
    ),
    ...twice(directory.places, (one) => one.practice).map((at) =>
      pin(["places", at, "practice"], "This practice stands here twice."),
    ),
    ...directory.services.flatMap((service, at) =>
      known.has(service.organisation)
        ? []
        : [pin(["services", at, "organisation"], `The directory has no organisation "${service.organisation}".`)],
    ),
    ...directory.places.flatMap((place, at) =>
      place.postcode === undefined && place.practice === undefined
        ? [pin(["places", at], "A place needs a postcode or a practice.")]
        : [],
    ),
  ];
};

const serviceFaults = (programme: Programme, directory: Directory, pin: Pin): PackFault[] => [
  ...twice(programme.services, (one) => one.service).map((at) =>
    pin(["services", at, "service"], "This service stands here twice."),
  ),
  ...programme.services.flatMap(({ service: id }, at) => {
    const service = directory.services.find((one) => one.id === id);
    const path = ["services", at, "service"];
    if (service === undefined) return [pin(path, `The directory has no service "${id}".`)];
    return programme.needs.some((need) => service.needs.includes(need))
      ? []
      : [pin(path, `"${id}" offers none of: ${programme.needs.join(", ")}.`)];
  }),
  ...programme.needs.flatMap((need, at) =>
    programme.services.some(({ service }) => offers(directory, service, need))
      ? []
      : [pin(["needs", at], `No service of this programme offers ${need}.`)],
  ),
];

const offers = (directory: Directory, id: string, need: NeedCode): boolean =>
  directory.services.some((one) => one.id === id && one.needs.includes(need));

const NOT_CLAUSES = ["door", "need", "nation"];

const caseFaults = (programme: Programme, pin: Pin): PackFault[] => {
  const clauses = new Set([...NOT_CLAUSES, ...programme.eligibility.map((one) => one.id)]);
  return programme.tests.flatMap((test, at) => {
    if (test.because !== undefined && !clauses.has(test.because))
      return [pin(["tests", at, "because"], `There is no clause "${test.because}".`)];
    const failure = failureOf(programme, test);
    return failure === undefined ? [] : [pin(["tests", at], `Test "${test.name}": ${failure}.`)];
  });
};

export const programmeFaults = (programme: Programme, directory: Directory | undefined, pin: Pin): PackFault[] => [
  ...(programme.validTo !== undefined && programme.validTo < programme.validFrom
    ? [pin(["validTo"], "This ends before it starts.")]
    : []),
  ...twice(programme.eligibility, (one) => one.id).map((at) =>
    pin(["eligibility", at, "id"], "Two clauses have this id."),
  ),
  ...(directory === undefined ? [] : serviceFaults(programme, directory, pin)),
  ...caseFaults(programme, pin),
];
