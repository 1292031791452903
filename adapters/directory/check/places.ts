// Places that are held back, courses, and employers' vacancies: on services of the pack, in an order of days that can be.
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { servicesOf } from "../../../src/core/contracts.ts";
import { type At, type Check, type Finding, found, twice, when } from "./finding.ts";

export const placeFindings: Check = (programme, { directory }) => [
  ...ids(programme),
  ...ringFences(programme, directory),
  ...cohorts(programme),
  ...employers(programme),
];

const ids = ({ ringFences, cohorts, employers }: Programme): Finding[] => [
  ...twice(ringFences, (one) => one.id).map((at) => found(["ringFences", at, "id"], "Two ring-fences have this id.")),
  ...twice(cohorts, (one) => one.id).map((at) => found(["cohorts", at, "id"], "Two courses have this id.")),
  ...twice(employers, (one) => one.id).map((at) => found(["employers", at, "id"], "This employer stands here twice.")),
  ...employers.flatMap(({ vacancies }, at) =>
    twice(vacancies, (one) => one.id).map((index) =>
      found(["employers", at, "vacancies", index, "id"], "Two vacancies have this id."),
    ),
  ),
];

const ofPack = (programme: Programme, service: string, at: At): Finding[] =>
  when(!servicesOf(programme).includes(service), at, `No contract of this programme brings a service "${service}".`);

/** All that is held back of one service at one time can be no more than the service has. */
const ringFences = (programme: Programme, directory: Directory): Finding[] =>
  programme.ringFences.flatMap((fence, at) => {
    const places = directory.services.find((one) => one.id === fence.service)?.places;
    const before = programme.ringFences
      .slice(0, at)
      .filter((one) => one.service === fence.service)
      .reduce((sum, one) => sum + one.places, 0);
    const held = before + fence.places;
    return [
      ...ofPack(programme, fence.service, ["ringFences", at, "service"]),
      ...when(
        places !== undefined && held > places,
        ["ringFences", at, "places"],
        `${held} places are held back of a service that has ${places ?? 0}.`,
      ),
      ...when(
        fence.until < programme.validFrom || (programme.validTo !== undefined && fence.until > programme.validTo),
        ["ringFences", at, "until"],
        "This day lies outside the days of the programme.",
      ),
    ];
  });

const cohorts = (programme: Programme): Finding[] =>
  programme.cohorts.flatMap((cohort, at) => [
    ...ofPack(programme, cohort.service, ["cohorts", at, "service"]),
    ...when(cohort.closes < cohort.opens, ["cohorts", at, "closes"], "This course closes before it opens."),
    ...when(cohort.starts < cohort.closes, ["cohorts", at, "starts"], "This course starts before it closes."),
    ...when(
      cohort.closes < programme.validFrom || (programme.validTo !== undefined && cohort.opens > programme.validTo),
      ["cohorts", at, "opens"],
      "Nobody can join this course on a day of the programme.",
    ),
    ...when(
      !programme.contracts.some(
        ({ services, from, to }) =>
          services.some(({ service }) => service === cohort.service) &&
          from <= cohort.starts &&
          (to === undefined || cohort.starts <= to),
      ),
      ["cohorts", at, "starts"],
      "No contract brings this service on the day on which the course starts.",
    ),
  ]);

const employers = ({ employers: all }: Programme): Finding[] =>
  all.flatMap(({ vacancies, pledged }, at) => [
    ...vacancies.flatMap((vacancy, index) =>
      when(
        vacancy.starts < vacancy.closes,
        ["employers", at, "vacancies", index, "starts"],
        "This job starts before its vacancy closes.",
      ),
    ),
    ...when(
      vacancies.reduce((sum, one) => sum + one.places, 0) > pledged,
      ["employers", at, "pledged"],
      "The vacancies hold more places than were pledged.",
    ),
  ]);
