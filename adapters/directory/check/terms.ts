// The terms of a programme: days, doors, participation, clocks and consents that can all hold at one time.
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { servicesOf } from "../../../src/core/contracts.ts";
import { type Check, type Finding, found, twice, when } from "./finding.ts";

export const termFindings: Check = (programme, { directory }) => [
  ...when(
    programme.validTo !== undefined && programme.validTo < programme.validFrom,
    ["validTo"],
    "This ends before it starts.",
  ),
  ...(["nations", "mayRefer", "mayRecommend", "participation", "needs"] as const).flatMap((list) =>
    twice<string>(programme[list], (one) => one).map((at) => found([list, at], "This stands here twice.")),
  ),
  ...doors(programme),
  ...clocks(programme),
  ...consents(programme, directory),
  ...(programme.compatibility.only ?? []).flatMap((code, at) =>
    when(
      programme.compatibility.excludes.includes(code),
      ["compatibility", "only", at],
      `"${code}" is ruled out above.`,
    ),
  ),
  ...when(
    programme.allocation === "on-site" &&
      directory.services.every(({ id, sites }) => sites.length === 0 || !servicesOf(programme).includes(id)),
    ["allocation"],
    "No service of this programme works at a practice.",
  ),
];

const doors = ({ mayRefer, mayRecommend, participation, tells }: Programme): Finding[] => [
  ...mayRecommend.flatMap((door, at) =>
    when(mayRefer.includes(door), ["mayRecommend", at], `Who comes through the ${door} door may refer already.`),
  ),
  ...participation.flatMap((one, at) =>
    when(
      one !== "voluntary" && !mayRefer.includes("jobcentre"),
      ["participation", at],
      "Only a Jobcentre can require anybody to take part, and none may refer here.",
    ),
  ),
  ...Object.keys(tells).flatMap((door) =>
    when(
      ![...mayRefer, ...mayRecommend].some((one) => one === door),
      ["tells", door],
      "Nobody comes through this door, so that nobody is told.",
    ),
  ),
];

const clocks = ({ clocks: { acknowledgeWithin, contactWithin, startWithin } }: Programme): Finding[] => [
  ...when(
    contactWithin < acknowledgeWithin,
    ["clocks", "contactWithin"],
    "First contact would be due before the acknowledgement.",
  ),
  ...when(
    startWithin !== undefined && startWithin < contactWithin,
    ["clocks", "startWithin"],
    "The start would be due before first contact.",
  ),
];

const consents = (programme: Programme, { organisations }: Directory): Finding[] => {
  const hearing = new Set(programme.contracts.flatMap(({ prime, partners }) => [prime, ...partners]));
  const classes = new Set(organisations.filter(({ id }) => hearing.has(id)).map((one) => one.class));
  return [
    ...twice(programme.consents, (one) => JSON.stringify([one.kind, one.purpose, one.of])).map((at) =>
      found(["consents", at], "This consent stands here twice."),
    ),
    ...programme.consents.flatMap(({ kind, of = [] }, at) => [
      ...of.flatMap((one, index) =>
        when(
          !classes.has(one),
          ["consents", at, "of", index],
          `No organisation of this programme is of this kind: ${one}.`,
        ),
      ),
      ...when(
        kind === "take-part" && !programme.participation.includes("voluntary"),
        ["consents", at, "kind"],
        "Nobody is asked whether they want to take part where nobody may say no.",
      ),
      ...when(
        kind === "duty-to-refer" && programme.nations.some((nation) => nation !== "england"),
        ["consents", at, "kind"],
        "The duty to refer (Housing Act 1996, section 213B) is the law of England alone.",
      ),
    ]),
  ];
};
