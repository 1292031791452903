// Where the person lives. A hidden home and no home are answers, told apart from a gap.
import type { ResourceOf } from "../../schemas/foreign/fhir/bundle.ts";
import type { Address } from "../../schemas/foreign/fhir/datatypes.ts";
import { CONFIDENTIALITY, HOME, UK_ADDRESS_KEY } from "../../schemas/foreign/fhir/systems.ts";
import type { Person } from "../../schemas/person.ts";
import { Postcode } from "../../schemas/place.ts";
import { reason } from "../../schemas/reason.ts";
import { extensionsOf, partsOf, sameSystem, valueOf } from "./codes.ts";
import { mapped, take, type Mapped } from "./notes.ts";

type Home = Person["home"];
type Patient = ResourceOf<"Patient">;

const NO_FIXED_ABODE = /no fixed (abode|address)|\bNFA\b/i;
/** NHS Data Dictionary, pseudo-postcodes: ZZ99 3VZ is no fixed abode; every other ZZ99 says that nothing is known. */
const PSEUDO = /^ZZ99\s*(\S+)$/i;
const UPRN = /^\d{1,12}$/;

/** PDS marks a restricted record with `R`, a very restricted one with `V`: its address must not travel. */
export const confidentiality = (patient: Patient): "open" | "restricted" | "very-restricted" => {
  const marks = (patient.meta?.security ?? []).filter(
    (one) => sameSystem(one.system, CONFIDENTIALITY) || one.system === undefined,
  );
  const marked = (code: string): boolean => marks.some((one) => one.code?.toUpperCase() === code);
  if (marked("V")) return "very-restricted";
  return marked("R") ? "restricted" : "open";
};

const chosen = (addresses: readonly Address[]): number => {
  const usable = addresses
    .map((one, at) => ({ one, at }))
    .filter(({ one }) => one.use !== "old" && one.use !== "billing");
  return (usable.find(({ one }) => one.use === "home") ?? usable[0])?.at ?? -1;
};

const uprnOf = (address: Address): string | undefined =>
  extensionsOf(address, UK_ADDRESS_KEY, "")
    .map(partsOf)
    .filter((parts) =>
      parts.some(({ extension: { valueCoding, valueCodeableConcept } }) =>
        [valueCoding, ...(valueCodeableConcept?.coding ?? [])].some((one) => one?.code?.toUpperCase() === "UPRN"),
      ),
    )
    .flatMap((parts) => parts.map((part) => part.extension.valueString))
    .find((value) => value !== undefined && UPRN.test(value));

const stated = (patient: Patient, path: string): Mapped<Home> | undefined => {
  const said = extensionsOf(patient, HOME, path)[0];
  if (said === undefined) return undefined;
  const { value, path: at } = valueOf(said);
  return value === "none" || value === "withheld" || value === "not-said"
    ? mapped({ kind: value })
    : mapped({ kind: "not-said" }, [reason("not-one-of", at)]);
};

const placed = (address: Address, path: string): Mapped<Home> => {
  const pseudo = PSEUDO.exec(address.postalCode?.trim() ?? "")?.[1]?.toUpperCase();
  const said = [address.text, ...(address.line ?? [])].some((one) => one !== undefined && NO_FIXED_ABODE.test(one));
  if (pseudo === "3VZ" || said) return mapped({ kind: "none" });
  const lines = [...(address.line ?? []), address.city, address.district].filter((one) => one !== undefined);
  const shown = lines.length > 0 || address.text === undefined ? lines : [address.text.slice(0, 120)];
  const postcode =
    address.postalCode === undefined || pseudo !== undefined
      ? mapped(undefined)
      : take(Postcode, address.postalCode, `${path}.postalCode`);
  if (shown.length === 0 && postcode.value === undefined) return mapped({ kind: "not-said" }, postcode.reasons);
  const home: Home = { kind: "address", lines: shown.slice(0, 6), postcode: postcode.value, uprn: uprnOf(address) };
  return mapped(home, postcode.reasons);
};

export const homeOf = (patient: Patient, path: string): Mapped<Home> => {
  const at = chosen(patient.address ?? []);
  const address = patient.address?.[at];
  const found = address === undefined ? mapped<Home>({ kind: "not-said" }) : placed(address, `${path}.address[${at}]`);
  const said = stated(patient, path) ?? found;
  // The address is checked although it is then withheld: a fault in it is still a fault of the sender's record.
  const reasons = said === found ? found.reasons : [...said.reasons, ...found.reasons];
  return mapped(confidentiality(patient) === "open" ? said.value : { kind: "withheld" }, reasons);
};
