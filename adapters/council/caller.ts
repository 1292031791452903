// Who calls: an api_key in body or query, or a bearer token; and whether the jurisdiction named is its own.
import type { Request } from "express";
import { reason } from "../../schemas/reason.ts";
import type { Caller, DoorTools } from "../http/door.ts";

export type Named = (name: string) => string | undefined;

/** A query parameter given once and not empty. */
export const inQuery =
  (req: Request): Named =>
  (name) => {
    const value = req.query[name];
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };

export const callerOf = async (
  { access }: DoorTools,
  req: Request,
  named: Named,
  scope: "request.create" | "request.read",
): Promise<Caller> => {
  const bearer = req.get("authorization");
  const caller =
    bearer === undefined
      ? await access.apiKey(named("api_key"), "council", scope)
      : await access.bearer(bearer, ["council"], scope);
  if (!caller.ok) return caller;
  const jurisdiction = named("jurisdiction_id");
  return jurisdiction === undefined || jurisdiction === caller.client.organisation
    ? caller
    : { ok: false, reasons: [reason("not-found", "jurisdiction_id")] };
};
