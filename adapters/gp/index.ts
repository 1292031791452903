// The GP front door: BaRS messages and FHIR R4 REST, mounted at /fhir/R4.
import { Router, type RequestHandler } from "express";
import { rawBody } from "../http/body.ts";
import type { DoorModule, DoorTools } from "../http/door.ts";
import { speaks } from "../http/speak.ts";
import { renderCallback } from "./callback.ts";
import { capability } from "./capability.ts";
import { createServiceRequest, transaction } from "./create.ts";
import { negotiate } from "./headers.ts";
import { FHIR_JSON, render } from "./outcome.ts";
import { processMessage } from "./process-message.ts";
import { readBack } from "./read-back.ts";
import { validate } from "./validate.ts";

const BODY = rawBody(["application/fhir+json", "application/json"]);

/** Some clients escape the dollar sign of an operation's name. */
const operation = (path: string): string[] => [path, path.replace("$", "%24")];

const metadata =
  ({ publicUrl, clock }: DoorTools): RequestHandler =>
  (_req, res) => {
    const body = capability(publicUrl, clock.now().toISOString());
    res.status(200).set("Content-Type", FHIR_JSON).send(JSON.stringify(body));
  };

const routes = (tools: DoorTools): Router => {
  const router = Router();
  router.use(speaks(render), negotiate);
  router.get("/metadata", metadata(tools));
  router.post(operation("/$process-message"), BODY, processMessage(tools));
  router.post("/ServiceRequest", BODY, createServiceRequest(tools));
  router.get("/ServiceRequest/:id", readBack(tools));
  router.post(operation("/:type/$validate"), BODY, validate(tools));
  router.post("/", BODY, transaction(tools));
  return router;
};

export const gpDoor: DoorModule = { routes, renderCallback };
