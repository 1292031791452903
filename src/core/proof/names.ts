// Places in words, for who wrote the pack: by their names where the directory has them.
import { nationOf } from "../../../schemas/place.ts";
import type { Directory } from "../../../schemas/provider.ts";
import type { Draft } from "./draft.ts";
import { ELSEWHERE, isElsewhere } from "./places.ts";

/** Authorities that no rule tells apart, with what else is settled of who lives there. */
export type Area = { authorities: readonly string[]; draft: Draft };

const NATIONS = { england: "England", wales: "Wales", scotland: "Scotland", "northern-ireland": "Northern Ireland" };

export const nameOf = ({ authorities, draft }: Area, directory: Directory): string[] => {
  const named = (code: string): string => {
    const name = directory.areas?.find((one) => one.code === code)?.name;
    return name === undefined ? code : `${name} (${code})`;
  };
  const nation = (code: string): string => NATIONS[nationOf(code) ?? "england"];
  const { home, practice, site } = draft;
  const more = [
    ...[home?.ward, home?.lsoa, home?.icb].flatMap((code) =>
      code === undefined || isElsewhere(code) ? [] : [named(code)],
    ),
    ...(home?.decile === undefined ? [] : [`tenth ${home.decile} of deprivation`]),
    ...(practice === undefined || isElsewhere(practice.code)
      ? practice?.place === undefined || isElsewhere(practice.place.authority)
        ? []
        : [`registered in ${named(practice.place.icb ?? practice.place.authority)}`]
      : [`registered with ${practice.code}`]),
    ...(site === undefined || isElsewhere(site) ? [] : [`seen at ${site}`]),
  ];
  return authorities.map((code) => {
    const place = Object.values(ELSEWHERE).includes(code) ? `the rest of ${nation(code)}` : named(code);
    return [place, ...more].join(", ");
  });
};
