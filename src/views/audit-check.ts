// Does the audit still say what was done? Its chain is followed from the first row, beside the heads that the journal knows.
import { createAuditCheck, type AuditFault, headsOf } from "../core/audit-chain.ts";
import { createReading, entryOf, type JournalFault, type Mark } from "../core/journal.ts";
import type { AuditBook } from "../ports/audit.ts";
import type { Journal } from "../ports/journal.ts";

type Ports = {
  audit: AuditBook;
  journal?: Journal | undefined;
  marks: { audit: Mark; journal: Mark };
};

export type AuditCheck = {
  holds: boolean;
  rows: number;
  /** Rows from before there was a chain: nothing is known of them. */
  before: number;
  /** The first that does not hold. */
  fault?: AuditFault;
  /** Absent where no journal is set up: then rows cut off at the end are not missed. */
  journal?: { lines: number; faults: JournalFault[] };
};

const PAGE = 1_000;
const START = { number: 0, mark: "", place: 0 };

export const createAuditCheckView =
  ({ audit, journal, marks }: Ports) =>
  async (): Promise<AuditCheck> => {
    const read = journal && (await readAll(journal, marks.journal));
    const heads = headsOf(read?.heads ?? []);
    const check = createAuditCheck(heads, marks.audit);
    let last = 0;
    for (let page = await audit.rows(last, PAGE); page.length > 0; page = await audit.rows(last, PAGE)) {
      page.forEach(check.take);
      last = page.at(-1)?.number ?? last + PAGE;
    }
    const { before, since } = await audit.beside();
    const { rows, fault = since === 0 ? undefined : ({ number: rows + 1, fault: "unmarked" } as const) } = check.end();
    const faults = (read?.faults ?? []).filter((one) => one.fault !== "torn" && one.fault !== "repeated");
    return {
      holds: fault === undefined && faults.length === 0,
      rows,
      before,
      ...(fault === undefined ? {} : { fault }),
      ...(read === undefined ? {} : { journal: { lines: read.lines, faults } }),
    };
  };

const readAll = async (journal: Journal, mark: Mark) => {
  const reading = createReading(START, mark);
  for await (const { text, place } of journal.read(START)) reading.take(text, place);
  const { lines, faults } = reading.end();
  const heads = lines.map(entryOf).flatMap((one) => (one?.kind === "audit-head" ? [one.body] : []));
  return { lines: lines.length, faults, heads };
};
