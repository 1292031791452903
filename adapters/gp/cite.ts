// Which referral of ours a later resource speaks of: by its address here, or by the reference that we gave it.
import type { Provision } from "../../schemas/foreign/fhir/consent.ts";
import type { Reference as FhirReference } from "../../schemas/foreign/fhir/datatypes.ts";
import { REFERENCE_ID } from "../../schemas/foreign/fhir/systems.ts";
import { Reference, Uuid } from "../../schemas/ids.ts";
import { identifierIn } from "./codes.ts";

const LITERAL = /^ServiceRequest\/([^/]+)(?:\/_history\/[^/]+)?$/;

/** Our id or our reference; undefined where it points elsewhere. */
export const citedBy = (reference: FhirReference | undefined, publicUrl: string): string | undefined => {
  const base = `${publicUrl}/fhir/R4/`;
  const literal = reference?.reference;
  const local = literal?.startsWith(base) === true ? literal.slice(base.length) : literal;
  const id = LITERAL.exec(local ?? "")?.[1];
  const named = identifierIn(reference?.identifier === undefined ? [] : [reference.identifier], REFERENCE_ID)?.value;
  return Uuid.safeParse(id).data ?? Reference.safeParse(named?.toUpperCase()).data;
};

/** Every referral that a rule, or an exception to it, is about. */
export const citedIn = (rule: Provision | undefined, publicUrl: string): string[] => [
  ...new Set([
    ...(rule?.data ?? []).flatMap(({ reference }) => citedBy(reference, publicUrl) ?? []),
    ...(rule?.provision ?? []).flatMap((inner) => citedIn(inner, publicUrl)),
  ]),
];
