// Who may know what people answered for equality monitoring: these files, and no rule, step, view or message.
import type { Seen } from "./read.ts";
import type { Rule } from "./rules.ts";

const SCHEMA = "schemas/monitoring.ts";

/** May import the schema: each says here what for. */
const MAY_IMPORT: ReadonlySet<string> = new Set([
  // The questions, as each door asks them.
  "schemas/foreign/jobcentre.ts",
  "schemas/foreign/open311.ts",
  // From a door's form, beside the content.
  "adapters/gp/monitoring.ts",
  "adapters/council/monitoring.ts",
  "adapters/http/monitoring.ts",
  // Types of what is handed over, unread.
  "src/ports/intake.ts",
  "src/ports/steps.ts",
  "src/ports/monitoring.ts",
  // Sealed and kept; opened for a count.
  "adapters/postgres/monitoring.ts",
  "src/jobs/monitoring.ts",
]);

/** May hand the answers on, or call the book in which they are kept, without knowing their shape. */
const MAY_PASS: ReadonlySet<string> = new Set([
  ...MAY_IMPORT,
  "adapters/jobcentre/take.ts",
  "adapters/gp/content.ts",
  "adapters/gp/submit.ts",
  "adapters/council/read.ts",
  "adapters/council/take.ts",
  "src/steps/accept.ts",
  "src/steps/monitor.ts",
  "adapters/postgres/intake.ts",
  // The key under which a row is sealed.
  "adapters/postgres/case-seal.ts",
  // Composition, and the operator's verb.
  "src/wire.ts",
  "src/operate.ts",
  "src/cli/monitoring.ts",
]);

const isOurs = ({ path }: Seen): boolean => !path.startsWith("test/") && path !== SCHEMA;
const names = (reach: string): boolean => /(^|\.)monitoring(\(\))?$/i.test(reach) || /\.monitoring\./.test(reach);

export const monitoringApart: Rule = (files) =>
  files
    .filter(isOurs)
    .flatMap((file) => [
      ...(file.imports.some(({ path }) => path === SCHEMA) && !MAY_IMPORT.has(file.path)
        ? [`${file.path}: imports ${SCHEMA}`]
        : []),
      ...(file.reaches.some(names) && !MAY_PASS.has(file.path) ? [`${file.path}: reaches for monitoring answers`] : []),
    ]);
