// Did silence lapse in time? Two working days of the person's nation, to the hour, over Easter and the change of the clocks: counted
// from dates alone, without any of the code that winds the clocks.
import type { House } from "./house.ts";
import { answersEachDay, authorityOf } from "./packs.ts";

const EASTER = ["2027-03-26", "2027-03-29"];
const HOLIDAYS: Record<string, readonly string[]> = {
  E: EASTER,
  W: EASTER,
  S: ["2027-03-26"],
  N: ["2027-03-17", ...EASTER],
};

const london = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London", dateStyle: "short" });
const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
const works = (day: string, nation: string): boolean =>
  ![0, 6].includes(new Date(day).getUTCDay()) && !(HOLIDAYS[nation] ?? []).includes(day);

/** The day after so many working days that follow this one. */
const afterWorking = (from: string, count: number, nation: string): string => {
  let [day, left] = [from, count];
  while (left > 0) {
    day = dayAfter(day);
    if (works(day, nation)) left -= 1;
  }
  return dayAfter(day);
};

type Row = { reference: string; service: string; made: Date; lapsed: Date };

const LAPSES = `
SELECT r.reference, o.service, o.made_at AS made, e.at AS lapsed
FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral JOIN waymark.offer o ON o.id = (e.body ->> 'offer')::uuid
WHERE e.type = 'lapsed' AND e.body ->> 'clock' = 'acknowledge'`;

const WITHIN = 2;
/** A killed broker's leases, and at night an hour is one look. */
const LATE_MS = 3 * 3_600_000;

export const lapses = async (house: House): Promise<{ seen: number; faults: string[] }> => {
  const rows = (await house.sql<Row>(LAPSES)).filter(({ service }) => answersEachDay(service));
  const faults = rows.flatMap(({ reference, service, made, lapsed }) => {
    const nation = authorityOf(Number(service.slice(7, 9))).slice(0, 1);
    const due = afterWorking(london.format(made), WITHIN, nation);
    // It is that day since midnight, and not for long.
    const [on, before] = [lapsed, new Date(lapsed.getTime() - LATE_MS)].map((moment) => london.format(moment));
    return on === due && before !== due
      ? []
      : [`${reference}: made ${made.toISOString()}, to lapse as ${due} begins, and lapsed ${lapsed.toISOString()}`];
  });
  return { seen: rows.length, faults };
};
