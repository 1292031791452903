// GET requests: where requests stand, for the council that sent them. Never description, name, address or contact.
import type { RequestHandler, Response } from "express";
import { Reference, Uuid } from "../../schemas/ids.ts";
import type { Client } from "../../schemas/client.ts";
import type { ReferralView, Views } from "../../src/ports/views.ts";
import type { DoorTools } from "../http/door.ts";
import { missing } from "../http/missing.ts";
import { annotate, refuse } from "../http/speak.ts";
import { callerOf, inQuery } from "./caller.ts";
import { send } from "./format.ts";
import { readFilter } from "./filter.ts";
import { nameOf } from "./services.ts";
import { STATUSES } from "./status.ts";

/** GeoReport v2: an answer of 90 days or 1,000 requests. */
const MOST = 1_000;

const shown = (view: ReferralView) => ({
  service_request_id: view.reference,
  status: STATUSES[view.status].status,
  status_notes: view.words,
  service_name: view.need === undefined ? "" : nameOf(view.need),
  service_code: view.need ?? "",
  requested_datetime: view.receivedAt,
  updated_datetime: view.changedAt,
});

const show = (res: Response, views: readonly ReferralView[]): void => {
  const requests = views.map(shown);
  send(res, 200, { xml: { service_requests: { request: requests } }, json: requests });
};

const find = async (views: Views, client: Client, id: string): Promise<ReferralView | undefined> =>
  Reference.safeParse(id).success || Uuid.safeParse(id).success ? views.referral(client, id) : undefined;

export const showRequest =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const caller = await callerOf(tools, req, inQuery(req), "request.read");
    if (!caller.ok) return refuse(res, caller.reasons);
    annotate(res, { client: caller.client.id });
    const id = String(req.params["id"]);
    const view = await find(tools.views, caller.client, id);
    if (view === undefined) return refuse(res, [await missing(tools.views, caller.client, id, "service_request_id")]);
    show(res, [view]);
  };

export const showRequests =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const { views, clock } = tools;
    const caller = await callerOf(tools, req, inQuery(req), "request.read");
    if (!caller.ok) return refuse(res, caller.reasons);
    annotate(res, { client: caller.client.id });
    const now = clock.now();
    const filter = readFilter(inQuery(req), now);
    if (!filter.ok) return refuse(res, filter.reasons);
    const { ids, from, to, statuses, services } = filter.value;

    // Named ids override every other filter (GeoReport v2).
    if (ids !== undefined) {
      const found = await Promise.all(ids.map((id) => find(views, caller.client, id)));
      return show(
        res,
        found.filter((view) => view !== undefined),
      );
    }
    // Whatever was received in the window has changed since it began, so no request of the window is missed.
    const changed = await views.changed(caller.client, "council", from, now, MOST);
    show(
      res,
      changed.filter((view) => {
        const received = Date.parse(view.receivedAt);
        return (
          received >= from.getTime() &&
          received <= to.getTime() &&
          (statuses === undefined || statuses.includes(STATUSES[view.status].status)) &&
          (services === undefined || services.includes(view.need ?? ""))
        );
      }),
    );
  };
