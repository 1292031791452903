// Faults in the form of GeoReport v2: a list of errors, one for each fault.
import type { RequestHandler, Response } from "express";
import { statusOf } from "../../schemas/problem.ts";
import { REASONS, reason, type Reason } from "../../schemas/reason.ts";
import type { Render } from "../http/door.ts";
import { refuse } from "../http/speak.ts";
import { send } from "./format.ts";

/** GeoReport knows 403 for a key that is missing or wrong, and 400 for whatever is wrong with a request. */
const geoReportStatus = (status: number): number => {
  if (status === 401) return 403;
  return status === 422 || status === 406 ? 400 : status;
};

/** A name that the caller made up is repeated only where it looks like a name. */
const NAME = /^[\w.\-[\]]{1,80}$/;

export const describe = ({ code, path }: Reason): string =>
  path !== undefined && NAME.test(path) ? `${path}: ${REASONS[code].words}` : REASONS[code].words;

export const renderErrors: Render = (res: Response, reasons) => {
  const errors = reasons.map((one) => ({ code: one.code, description: describe(one) }));
  send(res, geoReportStatus(statusOf(reasons)), { xml: { errors: { error: errors } }, json: errors });
};

export const takes =
  (methods: string): RequestHandler =>
  (_req, res) => {
    res.set("Allow", methods);
    refuse(res, [reason("method-not-allowed")]);
  };
