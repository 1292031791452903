// Answers for equality monitoring on a Patient: in our own extension, or as UK Core's ethnic category. They leave here beside
// the content of a referral, never in it.
import { MONITORING, UK_ETHNIC_CATEGORIES, UK_ETHNIC_CATEGORY } from "../../schemas/foreign/fhir/systems.ts";
import { Monitoring, MONITORED } from "../../schemas/monitoring.ts";
import { warning } from "../../schemas/reason.ts";
import { codesIn, extensionsOf, partsOf, valueOf, type Found } from "./codes.ts";
import type { Placed } from "./graph.ts";
import { mapped, notebook, take, type Mapped } from "./notes.ts";

/** NHS Data Dictionary, ETHNIC CATEGORY: of the 2001 Census, so that some groups of today have no code. */
const CATEGORIES: Record<string, NonNullable<Monitoring["ethnicity"]>> = {
  A: "white-british",
  B: "white-irish",
  C: "white-other",
  D: "mixed-white-and-black-caribbean",
  E: "mixed-white-and-black-african",
  F: "mixed-white-and-asian",
  G: "mixed-other",
  H: "asian-indian",
  J: "asian-pakistani",
  K: "asian-bangladeshi",
  L: "asian-other",
  M: "black-caribbean",
  N: "black-african",
  P: "black-other",
  R: "asian-chinese",
  S: "other",
  Z: "prefer-not-to-say",
};

type Single = Exclude<keyof typeof MONITORED, "impairments">;
const SINGLE = Object.keys(MONITORED).filter((name) => name !== "impairments") as Single[];

const categoryOf = (found: readonly Found[]): Monitoring["ethnicity"] =>
  found
    .flatMap(({ extension }) => codesIn(extension.valueCodeableConcept, UK_ETHNIC_CATEGORIES))
    .map((code) => CATEGORIES[code.toUpperCase()])
    .find((one) => one !== undefined);

export const monitoringOf = ({ path, resource }: Placed<"Patient">): Mapped<Monitoring | undefined> => {
  const { add, keep, reasons } = notebook();
  const parts = extensionsOf(resource, MONITORING, path).flatMap(partsOf);
  const category = categoryOf(extensionsOf(resource, UK_ETHNIC_CATEGORY, path));
  const said: Record<string, unknown> = category === undefined ? {} : { ethnicity: category };
  for (const part of parts) {
    const name = part.extension.url;
    const { value, path: at } = valueOf(part);
    const single = SINGLE.find((one) => one === name);
    if (single !== undefined) said[name] = keep(take(MONITORED[single].unwrap(), value, at));
    else if (name === "impairments") {
      const impairment = keep(take(MONITORED.impairments.unwrap().element, value, at));
      said[name] = [...new Set([...((said[name] as unknown[]) ?? []), impairment])];
    } else add(warning("field-ignored", part.path));
  }
  if (Object.keys(said).length === 0 || reasons.some(({ severity }) => severity === "error"))
    return mapped(undefined, reasons);
  return mapped(keep(take(Monitoring, said, path)), reasons);
};
