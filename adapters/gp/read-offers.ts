// A service's own offers, found by FHIR parameters: the same page is shown as Tasks or as ServiceRequests.
import type { Request, Response } from "express";
import type { Client } from "../../schemas/client.ts";
import { Uuid } from "../../schemas/ids.ts";
import { OfferStatus } from "../../schemas/offer.ts";
import { reason } from "../../schemas/reason.ts";
import { nextOffer } from "../../src/core/lifecycle.ts";
import { TASK_STATUS, taskStatusOf } from "../../src/core/task.ts";
import type { OfferView } from "../../src/ports/views.ts";
import type { DoorTools } from "../http/door.ts";
import { refuse } from "../http/speak.ts";
import { identifierIn, readSearch } from "./search.ts";

/** Help that rests shows as `on-hold` wherever it may rest. */
const mayShow = (status: OfferStatus, wanted: string): boolean =>
  wanted === "on-hold" ? nextOffer(status, "hold") !== undefined : TASK_STATUS[status] === wanted;

type Page = { offers: OfferView[]; next?: string | undefined };

/** Undefined after a refusal was sent. */
export const findOffers = async (
  { views }: DoorTools,
  req: Request,
  res: Response,
  client: Client,
): Promise<Page | undefined> => {
  const search = readSearch(req, ["_id", "identifier", "status"]);
  if (!search.ok) return void refuse(res, search.reasons);
  const { one, count, after } = search.value;
  const sent = one("identifier");
  const named = sent === undefined ? undefined : identifierIn(sent);
  if (named?.ok === false) return void refuse(res, named.reasons);
  // A reference is the referrer's; a service knows an offer by the offer's own id.
  if (named !== undefined && named.value.offer === undefined)
    return void refuse(res, [reason("not-supported", "identifier")]);

  const wanted = one("status");
  const fits = (offer: OfferView): boolean => wanted === undefined || taskStatusOf(offer) === wanted;
  const ids = [one("_id"), named?.value.offer].filter((id) => id !== undefined);
  if (ids.length > 0) {
    const [id] = ids;
    const offer =
      Uuid.safeParse(id).success && ids.every((each) => each === id) ? await views.offer(client, id ?? "") : undefined;
    return { offers: offer !== undefined && fits(offer) ? [offer] : [] };
  }
  const statuses = wanted === undefined ? [] : OfferStatus.options.filter((each) => mayShow(each, wanted));
  if (wanted !== undefined && statuses.length === 0) return { offers: [] };
  // Where several of our statuses look alike there, all are gone through: a page may hold fewer, and another may yet follow.
  const [status] = statuses.length === 1 ? statuses : [];
  const offers = await views.offers(client, {
    limit: count,
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { after }),
  });
  return { offers: offers.filter(fits), next: offers.length === count ? offers.at(-1)?.id : undefined };
};
