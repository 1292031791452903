// Runs after the packages are installed: makes the empty database that an embedded store starts from, so that the first
// start takes a second or two. Where it cannot (no development packages, a read-only image), the first start makes it.
try {
  const { register } = await import("tsx/esm/api");
  register();
  const { prepareFirstFolder } = await import("../adapters/postgres/first-folder.ts");
  await prepareFirstFolder();
} catch (error) {
  const why = error instanceof Error ? error.message.split("\n", 1)[0] : "";
  process.stderr.write(`The embedded store will be made at its first start (${why}).\n`);
}
