// How a resource is answered: its version in ETag, its time in Last-Modified, and no more of it than was asked for.
import type { Request, Response } from "express";
import { FHIR_JSON } from "./outcome.ts";

type Resource = { resourceType: string; id?: string; meta?: { versionId?: string; lastUpdated?: string } };

export const tell = (res: Response, body: Resource): void => {
  const { versionId, lastUpdated } = body.meta ?? {};
  if (versionId !== undefined) res.set("ETag", `W/"${versionId}"`);
  if (lastUpdated !== undefined) res.set("Last-Modified", new Date(lastUpdated).toUTCString());
  res.status(200).set("Content-Type", FHIR_JSON).send(JSON.stringify(body));
};

/** R4, http, 3.1.0.1.8: `Prefer: return=minimal` wants no body. */
export const wantsLittle = (req: Request): boolean => /\breturn=minimal\b/.test(req.get("Prefer") ?? "");
