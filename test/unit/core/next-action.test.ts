// Who owes the next step of an open referral, and until when; and the balance of the ledger.
import { describe, expect, it } from "vitest";
import type { Books, OpenRow } from "../../../schemas/books.ts";
import { Status } from "../../../schemas/referral.ts";
import { balanceOf, OPEN_STATUSES } from "../../../src/core/balance.ts";
import { countsFor } from "../../../src/core/clock.ts";
import { nextActionOf } from "../../../src/core/next-action.ts";
import { NO_HOLIDAYS } from "../../builders/terms.ts";

const counts = countsFor("england", NO_HOLIDAYS);
const since = new Date("2026-11-20T12:00:00Z"); // a Friday
const due = new Date("2026-12-01T00:00:00Z");

describe("the next action", () => {
  it.each<[Omit<OpenRow, "id" | "reference">, object | undefined]>([
    [
      { status: "received", since, due },
      { owner: "waymark", due },
    ],
    [{ status: "seeking", since }, undefined],
    [
      { status: "held", since, why: "consent", due },
      { owner: "referrer", action: "ask the person, and tell us", due },
    ],
    [
      { status: "held", since, why: "information", due },
      { owner: "referrer", action: "send what is missing", due },
    ],
    [{ status: "held", since, why: "information" }, undefined],
    [
      { status: "held", since, why: "review" },
      { owner: "operator", due: new Date("2026-11-25T00:00:00Z") },
    ],
    [
      { status: "accepted", since, holder: "advice", owes: { clock: "contact", at: due } },
      { owner: "provider", who: "advice", action: "reach the person", due },
    ],
    [{ status: "offered", since, holder: "advice" }, undefined],
    [
      { status: "offered", since, owes: { clock: "acknowledge", at: due }, stuck: since },
      { owner: "operator", due: new Date("2026-11-24T00:00:00Z") },
    ],
    [{ status: "ended", since }, undefined],
  ])("of %j is %j", (row, expected) => {
    const next = nextActionOf(row, counts);
    expect(next && { ...next, ...expected }).toEqual(expected && next);
  });
});

describe("the balance", () => {
  const books = (more: Partial<Books> = {}): Books => ({
    accepted: 11,
    statuses: Object.fromEntries(Status.options.map((status) => [status, 1])),
    offers: { made: 6, open: 1, answered: 3, takenBack: 2 },
    news: { made: 10, waiting: 1, delivered: 6, kept: 2, dead: 1 },
    differences: [],
    ...more,
  });

  it("counts every status once", () => {
    expect(balanceOf(books())).toMatchObject({ balanced: true, open: 7, ended: 1, withdrawn: 1, refused: 2 });
    expect(OPEN_STATUSES).toHaveLength(7);
  });

  it.each<[string, Partial<Books>]>([
    ["one more was taken than is anywhere", { accepted: 12 }],
    ["an offer is in no state", { offers: { made: 7, open: 1, answered: 3, takenBack: 2 } }],
    ["news is in no state", { news: { made: 11, waiting: 1, delivered: 6, kept: 2, dead: 1 } }],
    [
      "something is silent",
      { differences: [{ hop: "offered-answered", reference: "WM-7K3P-9QXR", fault: "no-clock" }] },
    ],
  ])("does not hold where %s", (_, more) => {
    expect(balanceOf(books(more)).balanced).toBe(false);
  });
});
