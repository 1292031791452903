// What help is asked for: a code that we know becomes a need; any other is kept as it was sent.
import type { CodeableConcept } from "../../schemas/foreign/fhir/datatypes.ts";
import { NEED_SYSTEM, NEEDS, NeedCode, SERVICE_TYPE, SNOMED, type NeedFacts } from "../../schemas/need.ts";
import { warning } from "../../schemas/reason.ts";
import type { Content } from "../../schemas/referral.ts";
import { codesIn, codings } from "./codes.ts";
import { mapped, type Mapped } from "./notes.ts";

const rows = Object.entries(NEEDS) as [NeedCode, NeedFacts][];
const meaning = (column: "snomed" | "serviceType"): Map<string, NeedCode> =>
  new Map(rows.flatMap(([need, facts]) => facts[column].map((code) => [code, need] as const)));
const BY_SNOMED = meaning("snomed");
const BY_SERVICE_TYPE = meaning("serviceType");

/** Our own code says most exactly what is meant, then SNOMED CT, then the coarse HL7 list. */
const known = (code: CodeableConcept | undefined): NeedCode | undefined =>
  [
    ...codesIn(code, NEED_SYSTEM).map((one) => NeedCode.safeParse(one.toLowerCase()).data),
    ...codesIn(code, SNOMED).map((one) => BY_SNOMED.get(one)),
    ...codesIn(code, SERVICE_TYPE).map((one) => BY_SERVICE_TYPE.get(one)),
  ].find((one) => one !== undefined);

export const needOf = (
  code: CodeableConcept | undefined,
  path: string,
): Mapped<Pick<Content, "need" | "needAsSent">> => {
  const need = known(code);
  const sent = codings(code)[0];
  const needAsSent =
    code === undefined
      ? undefined
      : {
          system: sent?.system?.slice(0, 200),
          code: sent?.code,
          display: (sent?.display ?? code.text)?.slice(0, 200),
        };
  return mapped({ need, needAsSent }, need === undefined ? [warning("need-unknown", `${path}.code`)] : []);
};
