// Where a person lives and is registered, as far as the gazetteer knows. What it does not know stays unknown.
import type { Person } from "../../schemas/person.ts";
import type { Area, Place } from "../../schemas/place.ts";
import type { Directory } from "../../schemas/provider.ts";

type Gazetteer = { postcodes: Map<string, Place>; practices: Map<string, Place> };

/** A directory is read whole and never changed, so its index is made once. */
const gazetteers = new WeakMap<Directory, Gazetteer>();

const gazetteerOf = (directory: Directory): Gazetteer => {
  const known = gazetteers.get(directory);
  if (known !== undefined) return known;
  const made: Gazetteer = { postcodes: new Map(), practices: new Map() };
  for (const place of directory.places) {
    if (place.postcode !== undefined) made.postcodes.set(place.postcode, place);
    if (place.practice !== undefined) made.practices.set(place.practice, place);
  }
  gazetteers.set(directory, made);
  return made;
};

/** The postcode's place first; else the authority that the sender names; else nothing. */
export const placeOf = (person: Person, directory: Directory): Area => {
  const { postcodes, practices } = gazetteerOf(directory);
  const practice = person.practice === undefined ? undefined : practices.get(person.practice);
  const registered = practice === undefined ? {} : { practice };
  const postcode = person.home.kind === "address" ? person.home.postcode : undefined;
  const found = postcode === undefined ? undefined : postcodes.get(postcode);
  if (found !== undefined) return { home: found, homeFrom: "postcode", ...registered };
  return person.authority === undefined
    ? { homeFrom: "nothing", ...registered }
    : { home: { authority: person.authority }, homeFrom: "sender", ...registered };
};
