// RFC 9457 problem details, as every address that is not FHIR or GeoReport answers.
import { REASONS, type Reason } from "./reason.ts";

export type Problem = {
  type: string;
  title: string;
  status: number;
  requestId?: string;
  errors: { code: string; path?: string; detail: string; severity: string }[];
};

/** The status of several reasons together: that of the first error, for the first is what stopped us. */
export const statusOf = (reasons: readonly Reason[]): number => {
  const first = reasons.find((one) => one.severity === "error") ?? reasons[0];
  return first === undefined ? 500 : REASONS[first.code].status;
};

export const problem = (reasons: readonly Reason[], requestId?: string): Problem => {
  const first = reasons[0]?.code ?? "we-broke";
  return {
    type: `https://waymark.example/problems/${first}`,
    title: REASONS[first].words,
    status: statusOf(reasons),
    ...(requestId === undefined ? {} : { requestId }),
    errors: reasons.map((one) => ({
      code: one.code,
      ...(one.path === undefined ? {} : { path: one.path }),
      detail: REASONS[one.code].words,
      severity: one.severity,
    })),
  };
};
