// Counts what people answered for equality monitoring. What could point at one person is not shown: few are not counted out,
// and the rest is rounded.
import type { Monitoring } from "../../schemas/monitoring.ts";
import type { MonitoringBook } from "../ports/monitoring.ts";

/** `people` is undefined where they are fewer than that many. */
export type MonitoringCount = { question: string; answer: string; people?: number };

/** Fewer than this are never shown, and more only in steps of it. */
export const FEWEST = 5;
const PAGE = 200;

const shown = (people: number): number | undefined =>
  people < FEWEST ? undefined : Math.round(people / FEWEST) * FEWEST;

const said = (answers: Monitoring): [question: string, answer: string][] =>
  Object.entries(answers).flatMap(([question, answer]) =>
    [answer ?? []].flat().map((one): [string, string] => [question, one]),
  );

/** Of each person the newest answers, a page at a time: the answers of no more than one page are open at once. */
export const countMonitoring = async (
  book: Pick<MonitoringBook, "page">,
  { test }: { test: boolean },
): Promise<MonitoringCount[]> => {
  const counts = new Map<string, { question: string; answer: string; people: number }>();
  for (let after: string | undefined; ;) {
    const page = await book.page({ test, limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const [question, answer] of page.flatMap(({ answers }) => said(answers))) {
      const row = counts.get(`${question} ${answer}`) ?? { question, answer, people: 0 };
      counts.set(`${question} ${answer}`, { ...row, people: row.people + 1 });
    }
    if (page.length < PAGE) break;
    after = page.at(-1)?.case;
  }
  return [...counts.values()]
    .toSorted((a, b) => (`${a.question} ${a.answer}` < `${b.question} ${b.answer}` ? -1 : 1))
    .map(({ question, answer, people }) => ({ question, answer, people: shown(people) }));
};
