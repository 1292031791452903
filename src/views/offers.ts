// What is in my queue? A provider's offers: a preview until it accepts, the person from then until the offer ends.
import { placeOf } from "../core/area.ts";
import { dayOf } from "../core/calendar.ts";
import { disclose, previewOf } from "../core/disclose.ts";
import type { Client } from "../../schemas/client.ts";
import { DeclineReason } from "../../schemas/reason.ts";
import type { OfferDetail, OfferStatus } from "../../schemas/offer.ts";
import type { Directory } from "../../schemas/provider.ts";
import type { Content } from "../../schemas/referral.ts";
import { checkpointsOf, dueNow } from "../core/outcomes/checkpoints.ts";
import { isClosed, nextOffer } from "../core/lifecycle.ts";
import { recallView } from "../core/recalls.ts";
import { programmeOf } from "../core/under.ts";
import { openTo } from "../core/rectify.ts";
import type { OfferRow, Reader } from "../ports/reading.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Clock } from "../ports/system.ts";
import type { OfferView, Views } from "../ports/views.ts";

type Ports = { reader: Reader; rulebook: Rulebook; clock: Clock };

const OPENED: ReadonlySet<OfferStatus> = new Set(["accepted", "started"]);

export const createOffersView =
  (ports: Ports): Views["offers"] =>
  async (client, filter) => {
    const rows = await ports.reader.offers(client.organisation, { ...filter, test: client.test });
    return rows.flatMap((row) => viewOf(ports, client, row) ?? []);
  };

export const createOfferView =
  (ports: Ports): Views["offer"] =>
  async (client, id) => {
    const row = await ports.reader.offer(client.organisation, id);
    return row === undefined ? undefined : viewOf(ports, client, row);
  };

/** The reader also finds offers made for this organisation's own referrals: those are not its queue. */
const viewOf = ({ rulebook, clock }: Ports, client: Client, row: OfferRow): OfferView | undefined => {
  if (client.kind !== "provider" || !has(row, client.organisation) || row.test !== client.test) return undefined;
  // Closed: what is left of it is that it was asked and how it ended.
  const frame = frameOf(row, client, clock.now());
  if (isClosed(row.status)) return row.erased === true ? undefined : frame;
  if (row.content === undefined) return undefined;
  const directory = rulebook.directory();
  const area = placeOf(row.content.person, directory);
  return {
    ...frame,
    preview: previewOf(row.content, area, clock.now()),
    ...declinesOf(row, rulebook, clock.now()),
    ...(OPENED.has(row.status) ? { detail: opened(row, row.content, directory, rulebook, clock.now()) } : {}),
  };
};

const has = ({ provider, assignedTo }: OfferRow, organisation: string): boolean =>
  provider === organisation || assignedTo === organisation;

const frameOf = (row: OfferRow, { organisation }: Client, now: Date): Omit<OfferView, "preview" | "detail"> => ({
  id: row.id,
  reference: row.reference,
  status: row.status,
  service: row.service,
  madeAt: row.madeAt.toISOString(),
  changedAt: row.changedAt.toISOString(),
  ...(row.recall === undefined ? {} : { recall: recallView(row.recall, now) }),
  ...(row.reports.length === 0 || row.recall !== undefined ? {} : { outcomes: outcomesOf(row, now) }),
  ...(row.due === undefined ? {} : { due: { clock: row.due.clock, at: row.due.at.toISOString() } }),
  ...(row.progress === undefined || isClosed(row.status) ? {} : { progress: row.progress }),
  ...(row.onHold === undefined ? {} : { onHold: { ...row.onHold, since: row.onHold.since.toISOString() } }),
  ...(row.assignedTo === undefined || row.provider !== organisation ? {} : { assignedTo: row.assignedTo }),
  ...(row.assignedTo === organisation ? { assignedBy: row.provider } : {}),
});

const asksOf = (row: OfferRow, now: Date) => {
  const asks = dueNow(row, row.reports, [], dayOf(now));
  return asks === undefined ? {} : { asks: { week: asks.week, due: asks.due } };
};

const outcomesOf = (row: OfferRow, now: Date) => ({
  ...asksOf(row, now),
  reports: row.reports.map(({ report }) => report),
  checkpoints: checkpointsOf(row, row.reports, []).map(({ week, due, answer }) => ({
    week,
    due,
    ...(answer === undefined ? {} : { answer }),
  })),
});

/** Left out where its contract allows every reason. */
const declinesOf = (row: OfferRow, rulebook: Rulebook, now: Date): Pick<OfferView, "declines"> => {
  if (nextOffer(row.status, "decline") === undefined) return {};
  const programme = programmeOf(rulebook, row, now);
  const declines = programme?.contracts.find((one) => one.contract === row.contract)?.declines;
  return declines === undefined || declines.length === DeclineReason.options.length ? {} : { declines };
};

/** Field by field, as the programme discloses to this kind of body. Without its rules nothing is opened. */
const opened = (row: OfferRow, content: Content, directory: Directory, rulebook: Rulebook, now: Date): OfferDetail => {
  const fields = openTo(programmeOf(rulebook, row, now), directory, row, content, now);
  return disclose(content, fields).detail;
};
