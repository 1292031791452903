// The GP front door: BaRS messages and FHIR R4 REST, mounted at /fhir/R4.
import { Router, type RequestHandler } from "express";
import { rawBody } from "../http/body.ts";
import type { DoorModule, DoorTools } from "../http/door.ts";
import { speaks } from "../http/speak.ts";
import { renderCallback } from "./callback.ts";
import { capability } from "./capability.ts";
import { patchTask, updateTask } from "./change-task.ts";
import { createConsent, showConsent } from "./consent-routes.ts";
import { createServiceRequest, transaction } from "./create.ts";
import { definitions } from "./definitions.ts";
import { negotiate } from "./headers.ts";
import { FHIR_JSON, render } from "./outcome.ts";
import { processMessage } from "./process-message.ts";
import { CONSENT_ON_RECORD, readConsent, searchConsents } from "./read-consents.ts";
import { readRequest, searchRequests } from "./read-request.ts";
import { readTask, searchTasks } from "./read-task.ts";
import { readStatus, readSubscription } from "./subscription.ts";
import { validate } from "./validate.ts";

const BODY = rawBody(["application/fhir+json", "application/json"]);
const PATCH = rawBody(["application/json-patch+json"]);
const FORM = rawBody(["application/x-www-form-urlencoded"]);

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
  router.get("/ServiceRequest", searchRequests(tools));
  router.post("/ServiceRequest/_search", FORM, searchRequests(tools));
  router.get("/ServiceRequest/:id", readRequest(tools));
  router.get("/Task", searchTasks(tools));
  router.post("/Task/_search", FORM, searchTasks(tools));
  router.get("/Task/:id", readTask(tools));
  router.put("/Task/:id", BODY, updateTask(tools));
  router.patch("/Task/:id", PATCH, patchTask(tools));
  router.get("/Consent", searchConsents(tools));
  router.post("/Consent/_search", FORM, searchConsents(tools));
  router.get(CONSENT_ON_RECORD, readConsent(tools));
  router.get("/Subscription/:id", readSubscription(tools));
  router.get(operation("/Subscription/:id/$status"), readStatus(tools));
  router.post("/Consent", BODY, createConsent(tools));
  router.get("/Consent/:id", showConsent(tools));
  router.get("/MessageDefinition", definitions(tools));
  router.post(operation("/:type/$validate"), BODY, validate(tools));
  router.post("/", BODY, transaction(tools));
  return router;
};

export const gpDoor: DoorModule = { routes, renderCallback };
