// The resources of one referral, parsed, and the references between them.
import { read, type Read } from "../../schemas/faults.ts";
import {
  AnyResource,
  MAX_RESOURCES,
  SHAPES,
  type KnownType,
  type ResourceOf,
} from "../../schemas/foreign/fhir/bundle.ts";
import type { Reference } from "../../schemas/foreign/fhir/datatypes.ts";
import { reason, type Reason } from "../../schemas/reason.ts";

/** A resource as it came: where it stands, and the address that references may use. */
export type Sent = { path: string; fullUrl?: string | undefined; resource: unknown };
export type Placed<K extends KnownType> = { path: string; resource: ResourceOf<K> };
type Any = { path: string; resource: ResourceOf<KnownType> };

export type Graph = {
  all<K extends KnownType>(type: K): Placed<K>[];
  /** What a literal reference points at, if it is of this type. */
  find<K extends KnownType>(reference: Reference | undefined, type: K): Placed<K> | undefined;
};

const isKnown = (type: string): type is KnownType => Object.hasOwn(SHAPES, type);
const ofType = <K extends KnownType>(one: Any | undefined, type: K): one is Placed<K> =>
  one?.resource.resourceType === type;

/** `urn:uuid:` may be missing from a reference, and case may differ (RFC 9562, section 4). */
const addresses = (reference: string): string[] => [reference.toLowerCase(), `urn:uuid:${reference.toLowerCase()}`];

/** Contained resources stand beside their container; they are found by `#id` (FHIR R4, references, contained). */
const spread = (sent: Sent): { all: Sent[]; reasons: Reason[] } => {
  const outer = read(AnyResource, sent.resource, sent.path);
  if (!outer.ok) return { all: [], reasons: outer.reasons };
  const inner = (outer.value.contained ?? []).map((resource, at): Sent => {
    const id = (resource as { id?: unknown } | null)?.id;
    return {
      path: `${sent.path}.contained[${at}]`,
      fullUrl: typeof id === "string" ? `#${id}` : undefined,
      resource,
    };
  });
  const nested = inner.map((one) => ({ one, result: read(AnyResource, one.resource, one.path) }));
  return {
    all: [sent, ...nested.filter(({ result }) => result.ok).map(({ one }) => one)],
    reasons: nested.flatMap(({ result }) => (result.ok ? [] : result.reasons)),
  };
};

/** Parses every resource that we know and reports the faults of all of them. */
export const readGraph = (entries: readonly Sent[], root: string): Read<Graph> => {
  const spreads = entries.map(spread);
  const reasons: Reason[] = spreads.flatMap((one) => one.reasons);
  const everything = spreads.flatMap((one) => one.all);
  if (everything.length > MAX_RESOURCES) return { ok: false, reasons: [reason("too-many", root)] };

  const placed: Any[] = [];
  const byAddress = new Map<string, Any>();
  for (const sent of everything) {
    const type = (sent.resource as { resourceType: string }).resourceType;
    if (!isKnown(type)) continue;
    const result = read(SHAPES[type], sent.resource, sent.path);
    if (!result.ok) {
      reasons.push(...result.reasons);
      continue;
    }
    const one: Any = { path: sent.path, resource: result.value };
    placed.push(one);
    const url = sent.fullUrl?.toLowerCase();
    // bdl-7: one address, one resource. Two would let a reference mean either.
    if (url !== undefined && byAddress.has(url)) reasons.push(reason("invariant", sent.path));
    if (url !== undefined) byAddress.set(url, one);
    if (one.resource.id !== undefined) byAddress.set(`${type}/${one.resource.id}`.toLowerCase(), one);
  }
  if (reasons.length > 0) return { ok: false, reasons };

  return {
    ok: true,
    value: {
      all: <K extends KnownType>(type: K) => placed.filter((one): one is Placed<K> => ofType(one, type)),
      find: <K extends KnownType>(reference: Reference | undefined, type: K) => {
        const literal = reference?.reference;
        if (literal === undefined) return undefined;
        const found = addresses(literal)
          .map((one) => byAddress.get(one))
          .find((one) => one !== undefined);
        return ofType(found, type) ? found : undefined;
      },
    },
  };
};
