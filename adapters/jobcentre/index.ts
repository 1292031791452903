// The Jobcentre's front door: hand-offs in as JSON, thin news out.
import { Router } from "express";
import { admits } from "../http/access.ts";
import { rawBody } from "../http/body.ts";
import type { DoorModule } from "../http/door.ts";
import { takeWithdrawal } from "../http/withdraw.ts";
import { speaks } from "../http/speak.ts";
import { amendHandOff } from "./amend.ts";
import { renderFaults, takes } from "./answer.ts";
import { renderCallback } from "./callback.ts";
import { showHandOff } from "./show.ts";
import { takeHandOff } from "./take.ts";

export const jobcentreDoor: DoorModule = {
  routes(tools) {
    const router = Router();
    router.use(speaks(renderFaults));
    router
      .route("/handoffs")
      .post(admits(tools.access, ["jobcentre"], "handoff.create"), ...rawBody(["application/json"]), takeHandOff(tools))
      .all(takes("POST"));
    router
      .route("/handoffs/:id")
      .get(admits(tools.access, ["jobcentre"], "handoff.read"), showHandOff(tools))
      .all(takes("GET, HEAD"));
    router
      .route("/handoffs/:id/amendments")
      .post(
        admits(tools.access, ["jobcentre"], "handoff.create"),
        ...rawBody(["application/json"]),
        amendHandOff(tools),
      )
      .all(takes("POST"));
    router
      .route("/handoffs/:id/withdrawal")
      .post(
        admits(tools.access, ["jobcentre"], "handoff.create"),
        ...rawBody(["application/json"]),
        takeWithdrawal(tools),
      )
      .all(takes("POST"));
    return router;
  },
  renderCallback,
};
