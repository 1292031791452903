// Adds up vitest's JSON reports. A report that is missing, or a file that did not load, counts as a failure.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

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
  for (const { name: file } of unloaded) console.log(`  did not load: ${file}`);
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
