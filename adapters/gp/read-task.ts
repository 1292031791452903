// Reading and searching Tasks: a referrer sees whom its referrals were offered to, a service what it was offered.
import type { Request, RequestHandler, Response } from "express";
import type { Client } from "../../schemas/client.ts";
import { Uuid } from "../../schemas/ids.ts";
import { reason } from "../../schemas/reason.ts";
import { taskStatusOf } from "../../src/core/task.ts";
import type { ReferralFilter } from "../../src/ports/reading.ts";
import type { AskedView } from "../../src/ports/views.ts";
import type { DoorTools } from "../http/door.ts";
import { refuse } from "../http/speak.ts";
import { askedTask } from "./asked-task.ts";
import { offeredTask } from "./offered.ts";
import { findOffers } from "./read-offers.ts";
import { tell } from "./reply.ts";
import { identifierIn, readSearch, searchSet, windowIn } from "./search.ts";
import { callerOf } from "./submit.ts";

const callers = ["gp", "provider"] as const;

export const readTask =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/Task.r", callers);
    if (client === undefined) return;
    const id = Uuid.safeParse(req.params["id"]).data;
    const task = id === undefined ? undefined : await taskFor(tools, client, id);
    if (task === undefined) return refuse(res, [reason("not-found")]);
    tell(res, task);
  };

/** The Task of one offer, as its owner or its referrer may see it. */
export const taskFor = async ({ views }: DoorTools, client: Client, id: string) => {
  if (client.kind === "provider") {
    const offer = await views.offer(client, id);
    return offer && offeredTask(offer, client.organisation);
  }
  const { asked } = await views.asked(client, { offer: id, limit: 1 });
  const one = asked.find((task) => task.id === id);
  return one && askedTask(one);
};

/** A literal reference, relative or whole, or the id alone. */
export const focusIn = (sent: string): string | undefined =>
  Uuid.safeParse(sent.replace(/^(https?:\/\/[^?#]*\/)?ServiceRequest\//, "")).data;

const searchAsked = async (tools: DoorTools, req: Request, res: Response, client: Client): Promise<void> => {
  const search = readSearch(req, ["_id", "identifier", "focus", "status", "_lastUpdated"]);
  if (!search.ok) return refuse(res, search.reasons);
  const { one, all, count, after } = search.value;
  const [id, identifier, focus, wanted] = [one("_id"), one("identifier"), one("focus"), one("status")?.split(",")];
  const named = identifier === undefined ? undefined : identifierIn(identifier);
  const window = windowIn(all("_lastUpdated"));
  const faults = [named, window].flatMap((read) => (read?.ok === false ? read.reasons : []));
  if (named?.ok === false || !window.ok) return refuse(res, faults);

  const referral = focus === undefined ? undefined : focusIn(focus);
  const offer = named?.value.offer ?? id;
  const lost =
    (focus !== undefined && referral === undefined) || (offer !== undefined && !Uuid.safeParse(offer).success);
  const filter: ReferralFilter = {
    ...named?.value,
    ...(offer === undefined ? {} : { offer }),
    ...(referral === undefined ? {} : { id: referral }),
    // A Task never changes later than its referral; the upper end is the Task's own.
    ...(window.value.from === undefined ? {} : { from: window.value.from }),
    ...(after === undefined ? {} : { after }),
    limit: count,
  };
  // Nothing can fit an id that is none of ours.
  const page = lost ? { asked: [] } : await tools.views.asked(client, filter);
  const { from, to } = window.value;
  const fits = (task: AskedView): boolean =>
    (offer === undefined || task.id === offer) &&
    (id === undefined || task.id === id) &&
    (wanted === undefined || wanted.includes(taskStatusOf(task))) &&
    (from === undefined || Date.parse(task.changedAt) >= from.getTime()) &&
    (to === undefined || Date.parse(task.changedAt) <= to.getTime());
  // Pages are made of referrals: a page may hold fewer Tasks, and another may yet follow.
  const next = offer === undefined && referral === undefined ? page.next : undefined;
  tell(res, searchSet(tools.publicUrl, req, page.asked.filter(fits).map(askedTask), next));
};

export const searchTasks =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/Task.s", callers);
    if (client === undefined) return;
    if (client.kind === "gp") return searchAsked(tools, req, res, client);
    const page = await findOffers(tools, req, res, client);
    if (page === undefined) return;
    tell(
      res,
      searchSet(
        tools.publicUrl,
        req,
        page.offers.map((one) => offeredTask(one, client.organisation)),
        page.next,
      ),
    );
  };
