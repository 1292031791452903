// `/provider/v1`: the queue that providers pull from, and their answers to each offer.
import { Router, type RequestHandler, type Response } from "express";
import { z } from "zod";
import { read } from "../../schemas/faults.ts";
import { OrganisationId } from "../../schemas/ids.ts";
import { Assignment, OfferStatus } from "../../schemas/offer.ts";
import { reason } from "../../schemas/reason.ts";
import { OutcomeReport } from "../../schemas/outcome-report.ts";
import { Said } from "../../schemas/recall.ts";
import type { Clients } from "../../src/ports/clients.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { ClauseId } from "../../schemas/rule.ts";
import { admits, clientOf } from "../http/access.ts";
import { bytesOf, rawBody, unlessEmpty } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { renderProblem } from "../http/problem.ts";
import { annotate, refuse, speaks } from "../http/speak.ts";
import { bellRoutes } from "./bell.ts";
import { readAnswer } from "./answer.ts";
import { leaseRoutes } from "./lease.ts";

const Page = z.strictObject({
  status: OfferStatus.optional(),
  /** The last offer of the page before. */
  after: z.guid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
type Page = z.infer<typeof Page>;
type Handler = RequestHandler<{ id: string }>;

const VERBS = Said.options.map((one) => one.shape.verb.value);

const isId = (id: string): boolean => z.guid().safeParse(id).success;

/** One answer for "does not exist" and "is another provider's". */
const tell = (res: Response, offer: OfferView | undefined): void => {
  if (offer === undefined) refuse(res, [reason("not-found")]);
  else res.json(offer);
};

/** A full page may have another behind it, which may be empty. */
const nextOf = (root: string, { status, limit }: Page, offers: readonly OfferView[]): { next?: string } => {
  const last = offers.at(-1);
  if (last === undefined || offers.length < limit) return {};
  const query = new URLSearchParams({ ...(status && { status }), limit: String(limit), after: last.id });
  return { next: `${root}/provider/v1/offers?${query}` };
};

const list =
  ({ views, publicUrl }: DoorTools): RequestHandler =>
  async (req, res) => {
    const page = read(Page, req.query);
    if (!page.ok) return refuse(res, page.reasons);
    const { status, after, limit } = page.value;
    const filter = { limit, ...(status && { status }), ...(after && { after }) };
    const offers = await views.offers(clientOf(res), filter);
    res.json({ offers, ...nextOf(publicUrl, page.value, offers) });
  };

const Recalls = Page.omit({ status: true });

const recalls =
  ({ views, publicUrl }: DoorTools): RequestHandler =>
  async (req, res) => {
    const page = read(Recalls, req.query);
    if (!page.ok) return refuse(res, page.reasons);
    const { after, limit } = page.value;
    const found = await views.ownRecalls(clientOf(res), { limit, ...(after && { after }) });
    const last = found.length < limit ? undefined : found.at(-1);
    const query = new URLSearchParams({ limit: String(limit), after: last?.offer ?? "" });
    res.json({ recalls: found, ...(last && { next: `${publicUrl}/provider/v1/recalls?${query}` }) });
  };

const show =
  ({ views }: DoorTools): Handler =>
  async (req, res) => {
    const { id } = req.params;
    tell(res, isId(id) ? await views.offer(clientOf(res), id) : undefined);
  };

const take =
  ({ steps, views }: DoorTools, verb: Said["verb"]): Handler =>
  async (req, res) => {
    const { id } = req.params;
    if (!isId(id)) return tell(res, undefined);
    annotate(res, { offer: id, verb });
    const answer = readAnswer(verb, bytesOf(req));
    if (!answer.ok) return refuse(res, answer.reasons);
    const client = clientOf(res);
    const result = await steps.answer(client, id, answer.value);
    annotate(res, { outcome: result.outcome });
    if (result.outcome === "refused") return refuse(res, result.reasons);
    // The same answer again is told where the offer stands now, like the first.
    const offer = result.outcome === "not-found" ? undefined : await views.offer(client, id);
    // Of a person who was erased nothing is shown; that it was deleted is taken all the same.
    if (offer === undefined && result.outcome !== "not-found") res.status(204).end();
    else tell(res, offer);
  };

const assign =
  ({ steps, views }: DoorTools): Handler =>
  async (req, res) => {
    const { id } = req.params;
    if (!isId(id)) return tell(res, undefined);
    annotate(res, { offer: id, verb: "assign" });
    const json = readJson(bytesOf(req));
    const wanted = json.ok ? read(Assignment, json.value) : json;
    if (!wanted.ok) return refuse(res, wanted.reasons);
    const client = clientOf(res);
    const result = await steps.assign(client, id, wanted.value);
    annotate(res, { outcome: result.outcome });
    if (result.outcome === "refused") return refuse(res, result.reasons);
    tell(res, result.outcome === "not-found" ? undefined : await views.offer(client, id));
  };

const report =
  ({ steps, views }: DoorTools): Handler =>
  async (req, res) => {
    const { id } = req.params;
    if (!isId(id)) return tell(res, undefined);
    annotate(res, { offer: id, verb: "outcome" });
    const json = readJson(bytesOf(req));
    const said = json.ok ? read(OutcomeReport, json.value) : json;
    if (!said.ok) return refuse(res, said.reasons);
    const client = clientOf(res);
    const result = await steps.reportOutcome(client, id, said.value);
    annotate(res, { what: said.value.what, outcome: result.outcome });
    if (result.outcome === "refused") return refuse(res, result.reasons);
    tell(res, result.outcome === "not-found" ? undefined : await views.offer(client, id));
  };

const Role = z.strictObject({ employer: OrganisationId, vacancy: ClauseId });

const profile =
  ({ views }: DoorTools): Handler =>
  async (req, res) => {
    const role = read(Role, req.query);
    if (!role.ok) return refuse(res, role.reasons);
    const { id } = req.params;
    const found = isId(id) ? await views.profile(clientOf(res), id, role.value) : undefined;
    if (found === undefined) return refuse(res, [reason("not-found")]);
    if ("outcome" in found) return refuse(res, found.reasons);
    res.json(found);
  };

/** What opens on acceptance names a person: no cache keeps it. */
const unkept: RequestHandler = (_req, res, next) => {
  res.set("Cache-Control", "no-store");
  next();
};

export const providerRoutes = (tools: DoorTools, clients: Pick<Clients, "byId">): Router => {
  const router = Router();
  router.use(speaks(renderProblem), unkept);
  router.use("/bells", bellRoutes(tools, clients));
  const reads = admits(tools.access, ["provider"], "offer.read");
  const answers = admits(tools.access, ["provider"], "offer.answer");
  router.use("/offers/lease", leaseRoutes(tools, answers));
  router.get("/offers", reads, list(tools));
  router.get("/recalls", reads, recalls(tools));
  router.get("/offers/:id", reads, show(tools));
  router.get("/offers/:id/profile", reads, profile(tools));
  const body = rawBody(["application/json"]).map(unlessEmpty);
  for (const verb of VERBS) router.post(`/offers/:id/${verb}`, answers, ...body, take(tools, verb));
  router.post("/offers/:id/assign", answers, ...rawBody(["application/json"]), assign(tools));
  router.post(
    ["/offers/:id/outcome", "/offers/:id/outcomes"],
    answers,
    ...rawBody(["application/json"]),
    report(tools),
  );
  return router;
};
