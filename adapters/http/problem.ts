// RFC 9457 problem+json: how every address answers that speaks no form of its own.
import { problem, statusOf } from "../../schemas/problem.ts";
import type { Render } from "./door.ts";
import { traceOf } from "./trace.ts";

export const renderProblem: Render = (res, reasons) => {
  res
    .status(statusOf(reasons))
    .type("application/problem+json")
    .send(JSON.stringify(problem(reasons, traceOf(res).requestId)));
};
