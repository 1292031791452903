// Reading and searching ServiceRequests: a referrer its referrals, a service its offers. Another's are not there.
import type { Request, RequestHandler, Response } from "express";
import type { Client } from "../../schemas/client.ts";
import { Uuid } from "../../schemas/ids.ts";
import { reason } from "../../schemas/reason.ts";
import { Status } from "../../schemas/referral.ts";
import type { ReferralFilter } from "../../src/ports/reading.ts";
import type { ReferralView } from "../../src/ports/views.ts";
import type { DoorTools } from "../http/door.ts";
import { missing } from "../http/missing.ts";
import { annotate, refuse } from "../http/speak.ts";
import { serviceRequest } from "./answers.ts";
import { offeredRequest } from "./offered.ts";
import { findOffers } from "./read-offers.ts";
import { tell } from "./reply.ts";
import { identifierIn, readSearch, searchSet, windowIn, type Search } from "./search.ts";
import { FHIR_STATUS } from "./status.ts";
import { callerOf } from "./submit.ts";

const callers = ["gp", "provider"] as const;

const shown = (view: ReferralView) => serviceRequest({ ...view, at: view.changedAt, authoredOn: view.receivedAt });

export const readRequest =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/ServiceRequest.r", callers);
    if (client === undefined) return;
    const id = Uuid.safeParse(req.params["id"]).data;
    if (id === undefined) return refuse(res, [reason("not-found")]);
    if (client.kind === "provider") {
      const offer = await tools.views.offer(client, id);
      if (offer === undefined) return refuse(res, [reason("not-found")]);
      // That the person was shown, and for which offer, stands on the line of this request.
      annotate(res, { offer: id, opened: offer.detail !== undefined });
      return tell(res, offeredRequest(offer));
    }
    const view = await tools.views.referral(client, id);
    if (view === undefined) return refuse(res, [await missing(tools.views, client, id)]);
    tell(res, shown(view));
  };

const KNOWN = ["_id", "identifier", "status", "_lastUpdated"];

const statusesOf = (search: Search): Status[] | undefined => {
  const wanted = search.one("status")?.split(",");
  return wanted && Status.options.filter((one) => wanted.includes(FHIR_STATUS[one].request));
};

/** Undefined after a refusal was sent; `nothing` where no referral could fit. */
const filterOf = (res: Response, search: Search): ReferralFilter | "nothing" | undefined => {
  const identifier = search.one("identifier");
  const named = identifier === undefined ? undefined : identifierIn(identifier);
  const window = windowIn(search.all("_lastUpdated"));
  const faults = [named, window].flatMap((one) => (one?.ok === false ? one.reasons : []));
  if (faults.length > 0 || named?.ok === false || !window.ok) return void refuse(res, faults);
  const id = search.one("_id");
  const statuses = statusesOf(search);
  if (id !== undefined && !Uuid.safeParse(id).success) return "nothing";
  return {
    ...named?.value,
    ...window.value,
    ...(id === undefined ? {} : { id }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(search.after === undefined ? {} : { after: search.after }),
    limit: search.count,
  };
};

const searchOwn = async (tools: DoorTools, req: Request, res: Response, client: Client): Promise<void> => {
  const search = readSearch(req, KNOWN);
  if (!search.ok) return refuse(res, search.reasons);
  const filter = filterOf(res, search.value);
  if (filter === undefined) return;
  const views = filter === "nothing" ? [] : await tools.views.find(client, filter);
  const next = views.length === search.value.count ? views.at(-1)?.id : undefined;
  tell(res, searchSet(tools.publicUrl, req, views.map(shown), next));
};

export const searchRequests =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/ServiceRequest.s", callers);
    if (client === undefined) return;
    if (client.kind === "gp") return searchOwn(tools, req, res, client);
    const page = await findOffers(tools, req, res, client);
    if (page === undefined) return;
    tell(res, searchSet(tools.publicUrl, req, page.offers.map(offeredRequest), page.next));
  };
