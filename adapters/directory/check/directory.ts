// The directory read against itself: nothing twice, nothing named that is not there, no code that is no place.
import type { Directory } from "../../../schemas/provider.ts";
import { createAreaCodes } from "./area-codes.ts";
import { type Finding, found, meet, twice } from "./finding.ts";

export const directoryFindings = (directory: Directory): Finding[] => [
  ...doubles(directory),
  ...unknowns(directory),
  ...partnerships(directory),
];

const doubles = (directory: Directory): Finding[] => [
  ...twice(directory.organisations, (one) => one.id).map((at) =>
    found(["organisations", at, "id"], "This organisation stands here twice."),
  ),
  ...twice(directory.services, (one) => one.id).map((at) =>
    found(["services", at, "id"], "This service stands here twice."),
  ),
  ...twice(directory.places, (one) => one.postcode).map((at) =>
    found(["places", at, "postcode"], "This postcode stands here twice."),
  ),
  ...twice(directory.places, (one) => one.practice).map((at) =>
    found(["places", at, "practice"], "This practice stands here twice."),
  ),
  ...twice(directory.partnerships, (one) => one.id).map((at) =>
    found(["partnerships", at, "id"], "This partnership stands here twice."),
  ),
  ...twice(directory.areas ?? [], (one) => one.code).map((at) =>
    found(["areas", at, "code"], "This area stands here twice."),
  ),
  ...twice(directory.deprivation, (one) => one.nation).map((at) =>
    found(["deprivation", at, "nation"], "This nation has an index already."),
  ),
];

const unknowns = (directory: Directory): Finding[] => {
  const known = new Set(directory.organisations.map((one) => one.id));
  const codes = createAreaCodes(directory);
  return [
    ...directory.services.flatMap((service, at) => [
      ...(known.has(service.organisation)
        ? []
        : [found(["services", at, "organisation"], `The directory has no organisation "${service.organisation}".`)]),
      ...codes.faults(service.authorities, ["services", at, "authorities"]),
      ...codes.practices(service.sites, ["services", at, "sites"]),
    ]),
    ...directory.places.flatMap((place, at) => [
      ...(place.postcode === undefined && place.practice === undefined
        ? [found(["places", at], "A place needs a postcode or a practice.")]
        : []),
      ...codes.fault(place.authority, ["places", at, "authority"]),
    ]),
    ...directory.partnerships.flatMap(({ members }, at) =>
      members.flatMap(({ authority }, index) =>
        codes.fault(authority, ["partnerships", at, "members", index, "authority"]),
      ),
    ),
  ];
};

const partnerships = (directory: Directory): Finding[] =>
  directory.partnerships.flatMap(({ members }, at) =>
    members.flatMap((member, index) => {
      const path = ["partnerships", at, "members", index];
      if (member.to !== undefined && member.to < member.from)
        return [found([...path, "to"], "This membership ends before it starts.")];
      const before = members.slice(0, index);
      return before.some((one) => one.authority === member.authority && meet(one, member))
        ? [found([...path, "authority"], "This authority is a member already on some of these days.")]
        : [];
    }),
  );
