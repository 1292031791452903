// The headers of this door: the ids that http repeats on every answer, and the forms of answer that a caller accepts.
import type { Request, RequestHandler } from "express";
import type { Read } from "../../schemas/faults.ts";
import { NHS_NUMBER } from "../../schemas/foreign/fhir/systems.ts";
import { Uuid } from "../../schemas/ids.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { storable } from "../../schemas/text.ts";
import { refuse } from "../http/speak.ts";
import { sameSystem } from "./codes.ts";

const REQUEST_ID = "X-Request-Id";
const CORRELATION_ID = "X-Correlation-Id";

export type CallerIds = { requestId?: string; correlationId?: string };

/** Both ids as BaRS wants them, or, by REST, those that were sent. */
export const callerIds = (req: Request, needed: boolean): Read<CallerIds> => {
  const reasons: Reason[] = [];
  const one = (name: string): string | undefined => {
    const sent = req.get(name);
    if (sent === undefined) {
      if (needed) reasons.push(reason("header-missing", name));
      return undefined;
    }
    const parsed = Uuid.safeParse(sent);
    if (!parsed.success) reasons.push(reason("header-invalid", name));
    return parsed.data;
  };
  const requestId = one(REQUEST_ID);
  const correlationId = one(CORRELATION_ID);
  return reasons.length > 0
    ? { ok: false, reasons }
    : {
        ok: true,
        value: {
          ...(requestId === undefined ? {} : { requestId }),
          ...(correlationId === undefined ? {} : { correlationId }),
        },
      };
};

/** BaRS Core versions that an `Accept: application/fhir+json; version=…` may ask for, by major number. */
const CORE_MAJORS = new Set(["1"]);
const JSON_TYPES = new Set(["*/*", "application/*", "application/json", "application/fhir+json", "json"]);

const acceptable = (range: string): boolean => {
  const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
  if (!JSON_TYPES.has(type)) return false;
  return parameters.every((parameter) => {
    const [name, value = ""] = parameter.split("=").map((part) => part.trim().replaceAll('"', ""));
    if (name === "q") return Number(value) > 0;
    if (name === "version") return CORE_MAJORS.has(value.split(".")[0] ?? "");
    return name !== "fhirversion" || value.startsWith("4.0");
  });
};

export const negotiate: RequestHandler = (req, res, next) => {
  const format = req.query["_format"];
  const asked = typeof format === "string" ? format.replace(" ", "+") : (req.get("Accept") ?? "*/*");
  if (asked.split(",").some(acceptable)) next();
  else refuse(res, [reason("not-acceptable", "Accept")]);
};

/** Conditional create by business identifier, the one search that can name a referral without naming a person. */
export const conditionKey = (condition: string, path: string): Read<string> => {
  const parameters = new URLSearchParams(condition.replace(/^(ServiceRequest)?\?/, ""));
  const [[name, token] = ["", ""], ...more] = [...parameters];
  const [system = "", ...rest] = token.split("|");
  const value = rest.join("|");
  const fits = token.length <= 421 && storable(token) && value !== "" && !sameSystem(system, NHS_NUMBER);
  return name === "identifier" && more.length === 0 && fits
    ? { ok: true, value: token }
    : { ok: false, reasons: [reason(path === "If-None-Exist" ? "header-invalid" : "invalid", path)] };
};
