// Adds up vitest's JSON reports. A report that is missing, or a file that did not load, counts as a failure. Whoever sees only the end
// of what a run printed reads here which tests failed, and what each said first.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

const MOST_LINES = 30;
const beginningOf = (messages) =>
  stripVTControlCharacters(messages.join("\n"))
    .split("\n")
    .slice(0, MOST_LINES)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join("\n");

const [folder = ".", broken = "0"] = process.argv.slice(2);
let passed = 0;
let failed = Number(broken);

for (const name of ["all", "node24"]) {
  const path = join(folder, `${name}.json`);
  if (!existsSync(path)) {
    console.log(`${name}: no report`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(path, "utf8"));
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((one) => one.status === "failed"),
  );
  const lost = report.success || report.numFailedTests + unloaded.length > 0 ? 0 : 1;
  passed += report.numPassedTests;
  failed += report.numFailedTests + unloaded.length + lost;
  console.log(
    `${name}: ${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped`,
  );
  for (const { name: file } of unloaded) console.log(`  did not load: ${relative(".", file)}`);
  for (const { name: file, assertionResults } of report.testResults)
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === "failed") console.log(`  ${relative(".", file)}: ${fullName}\n${beginningOf(failureMessages)}`);
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
