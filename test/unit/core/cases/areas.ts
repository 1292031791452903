// Where people may come from: one row for each kind of rule, with a place that holds it, one that does not, and one that nobody knows.
import type { AreaRule } from "../../../../schemas/area.ts";
import type { Area, Place } from "../../../../schemas/place.ts";
import type { Person } from "../../../../schemas/person.ts";
import type { Partnership } from "../../../../schemas/provider.ts";
import type { Whereabouts } from "../../../../src/core/area.ts";
import { CAMDEN, HACKNEY, ISLINGTON, NEWHAM, SURGERY, TOWN_HALL } from "../../../builders/content.ts";
import { aDirectory, TODAY } from "../../../builders/rules.ts";

const PARTNERSHIPS: Partnership[] = [
  {
    id: "north",
    name: "North (sample)",
    precedence: 20,
    members: [
      { authority: ISLINGTON, from: "2026-11-16", to: "2026-11-18" },
      { authority: ISLINGTON, from: "2026-12-01" },
      { authority: HACKNEY, from: "2025-01-01" },
    ],
  },
  { id: "inner", name: "Inner (sample)", precedence: 10, members: [{ authority: ISLINGTON, from: "2025-01-01" }] },
];

type Given = { home?: Place; chosen?: true; practice?: Place; registered?: string; day?: string };

export const whereabouts = ({ home, chosen, practice, registered, day = TODAY }: Given): Whereabouts => {
  const area: Area = {
    homeFrom: home === undefined ? "nothing" : "postcode",
    ...(home === undefined ? {} : { home }),
    ...(chosen === undefined ? {} : { chosen }),
    ...(practice === undefined ? {} : { practice }),
  };
  return { area, practice: registered, partnerships: PARTNERSHIPS, day };
};

const islington: Place = { authority: ISLINGTON };
const camden: Place = { authority: CAMDEN };
const exact: Place = { authority: ISLINGTON, ward: "E05013700", lsoa: "E01002704", icb: "E54000028", decile: 2 };
const surgery: Place = { practice: SURGERY, authority: ISLINGTON, icb: "E54000028" };
const LIVES_OR_REGISTERED: AreaRule[] = [{ authority: [ISLINGTON] }, { registeredWith: ["E54000028"] }];

export const AREAS: [string, AreaRule[], Given, boolean | string][] = [
  ["no rule is everywhere", [], {}, true],
  ["the authority", [{ authority: [CAMDEN, ISLINGTON] }], { home: islington }, true],
  ["another authority", [{ authority: [ISLINGTON] }], { home: camden }, false],
  ["an authority nobody knows", [{ authority: [ISLINGTON] }], {}, "area"],
  ["the ward", [{ ward: ["E05013700"] }], { home: exact }, true],
  ["another ward", [{ ward: ["E05013701"] }], { home: exact }, false],
  ["a ward nobody knows", [{ ward: ["E05013700"] }], { home: islington }, "area"],
  ["a ward of Wales nobody knows", [{ ward: ["W05001000"] }], { home: islington }, "area"],
  ["the small area", [{ lsoa: ["E01002704"] }], { home: exact }, true],
  ["another small area", [{ lsoa: ["E01000001"] }], { home: exact }, false],
  ["a small area nobody knows", [{ lsoa: ["E01002704"] }], { home: islington }, "area"],
  [
    "a health board of Wales nobody knows",
    [{ authority: ["W11000028"] }],
    { home: { authority: "W06000015" } },
    "area",
  ],
  ["deprived enough", [{ deprivation: { atMost: 2 } }], { home: exact }, true],
  ["not deprived enough", [{ deprivation: { atMost: 1 } }], { home: exact }, false],
  ["a decile nobody knows", [{ deprivation: { atMost: 1 } }], { home: islington }, "area"],
  ["a partnership", [{ partnership: ["inner"] }], { home: islington }, true],
  ["one of two that overlap", [{ partnership: ["north", "inner"] }], { home: islington }, true],
  ["a partnership of others", [{ partnership: ["inner"] }], { home: { authority: HACKNEY } }, false],
  ["a partnership nobody knows", [{ partnership: ["nowhere"] }], { home: islington }, false],
  ["a partnership, without a home", [{ partnership: ["inner"] }], {}, "area"],
  ["the day before a member joins", [{ partnership: ["north"] }], { home: islington, day: "2026-11-15" }, false],
  ["the day a member joins", [{ partnership: ["north"] }], { home: islington, day: "2026-11-16" }, true],
  ["the last day of a member", [{ partnership: ["north"] }], { home: islington, day: "2026-11-18" }, true],
  ["the day after it", [{ partnership: ["north"] }], { home: islington, day: "2026-11-19" }, false],
  ["a member that came back", [{ partnership: ["north"] }], { home: islington, day: "2026-12-01" }, true],
  ["a member without an end", [{ partnership: ["north"] }], { home: { authority: HACKNEY }, day: "2030-01-01" }, true],
  ["the practice", [{ registeredWith: [SURGERY] }], { registered: SURGERY }, true],
  ["another practice", [{ registeredWith: ["Y00001"] }], { registered: SURGERY, practice: surgery }, false],
  ["a practice nobody said", [{ registeredWith: [SURGERY] }], {}, "person.practice"],
  ["a practice in the authority", [{ registeredWith: [ISLINGTON] }], { registered: SURGERY, practice: surgery }, true],
  ["a practice in another", [{ registeredWith: [NEWHAM] }], { registered: SURGERY, practice: surgery }, false],
  ["a practice that nobody placed", [{ registeredWith: [NEWHAM] }], { registered: SURGERY }, "person.practice"],
  ["lives in it, registered nobody knows where", LIVES_OR_REGISTERED, { home: islington }, true],
  [
    "lives elsewhere, registered in it",
    LIVES_OR_REGISTERED,
    { home: camden, registered: SURGERY, practice: surgery },
    true,
  ],
  [
    "lives elsewhere, registered elsewhere",
    LIVES_OR_REGISTERED,
    { home: camden, registered: "Y00001", practice: { practice: "Y00001", authority: CAMDEN, icb: "E54000027" } },
    false,
  ],
  ["lives elsewhere, registered nobody knows where", LIVES_OR_REGISTERED, { home: camden }, "person.practice"],
  [
    "lives nobody knows where, registered elsewhere",
    LIVES_OR_REGISTERED,
    { registered: "Y00001", practice: { practice: "Y00001", authority: CAMDEN, icb: "E54000027" } },
    "area",
  ],
  ["the authority chosen", [{ authority: [ISLINGTON] }], { home: islington, chosen: true }, true],
  ["another than the one chosen", [{ authority: [CAMDEN] }], { home: islington, chosen: true }, false],
  ["a ward of the authority chosen", [{ ward: ["E05013700"] }], { home: islington, chosen: true }, false],
  ["a partnership of the authority chosen", [{ partnership: ["inner"] }], { home: islington, chosen: true }, true],
  [
    "deprivation, where an authority is chosen",
    [{ deprivation: { atMost: 1 } }],
    { home: islington, chosen: true },
    true,
  ],
  [
    "the practice, where an authority is chosen",
    [{ registeredWith: [SURGERY] }],
    { home: camden, chosen: true, registered: SURGERY, practice: surgery },
    false,
  ],
  [
    "a practice in the authority chosen",
    [{ registeredWith: [CAMDEN] }],
    { home: camden, chosen: true, registered: SURGERY, practice: surgery },
    true,
  ],
];

const hall: Place = { postcode: TOWN_HALL, authority: ISLINGTON, lsoa: "E01002704", decile: 3 };
const inCamden: Place = { practice: SURGERY, authority: CAMDEN };
export const GAZETTEER = aDirectory({ places: [hall, inCamden] });
const said: Area = { home: { authority: CAMDEN }, homeFrom: "sender" };
const nobody = { practice: undefined };

/** Where a person belongs, by what their sender says. */
export const PLACED: [string, Partial<Person>, Area][] = [
  [
    "by the postcode, whatever council is named",
    { authority: CAMDEN, ...nobody },
    { home: hall, homeFrom: "postcode" },
  ],
  ["by the council named, without a home", { authority: CAMDEN, ...nobody, home: { kind: "none" } }, said],
  [
    "by the council named, where nobody knows the postcode",
    { authority: CAMDEN, ...nobody, home: { kind: "address", lines: [], postcode: "ZE1 0AA" } },
    said,
  ],
  [
    "by the council named, where no postcode is",
    { authority: CAMDEN, ...nobody, home: { kind: "address", lines: ["A street"] } },
    said,
  ],
  ["nowhere, though registered", { home: { kind: "withheld" } }, { homeFrom: "nothing", practice: inCamden }],
  [
    "nowhere, and registered nobody knows where",
    { home: { kind: "withheld" }, practice: "Y00001" },
    { homeFrom: "nothing" },
  ],
];
