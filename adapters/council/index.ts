// The council's front door: GeoReport v2 (Open311) in XML and JSON, as FixMyStreet and councils' middleware speak it.
import { Router } from "express";
import { reason } from "../../schemas/reason.ts";
import { rawBody } from "../http/body.ts";
import type { DoorModule } from "../http/door.ts";
import { refuse, speaks } from "../http/speak.ts";
import { renderCallback } from "./callback.ts";
import { renderErrors, takes } from "./faults.ts";
import { formats } from "./format.ts";
import { definition, discovery, services } from "./services.ts";
import { showRequest, showRequests } from "./show.ts";
import { takeRequest } from "./take.ts";

const FORM = "application/x-www-form-urlencoded";

export const councilDoor: DoorModule = {
  routes(tools) {
    const router = Router();
    router.use(speaks(renderErrors), formats);
    router.route("/discovery").get(discovery(tools.publicUrl)).all(takes("GET, HEAD"));
    router.route("/services").get(services).all(takes("GET, HEAD"));
    router.route("/services/:code").get(definition).all(takes("GET, HEAD"));
    router
      .route("/requests")
      .get(showRequests(tools))
      .post(...rawBody([FORM]), takeRequest(tools))
      .all(takes("GET, HEAD, POST"));
    router.route("/requests/:id").get(showRequest(tools)).all(takes("GET, HEAD"));
    // We answer with ids, never with tokens, so that no token was ever given.
    router
      .route("/tokens/:token")
      .get((_req, res) => refuse(res, [reason("not-found", "token")]))
      .all(takes("GET, HEAD"));
    return router;
  },
  renderCallback,
};
