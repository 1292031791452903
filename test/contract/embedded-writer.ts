// A process that writes to an embedded store as fast as it can, and says each number only after its commit; until it is killed.
import { openEmbedded } from "../../adapters/postgres/embedded.ts";

const engine = await openEmbedded({ folder: process.argv[2] ?? "", floor: 0 });
await engine.transaction("owner", (query) => query("CREATE TABLE IF NOT EXISTS waymark.acked (n integer PRIMARY KEY)"));
const [last] = await engine.transaction("owner", (query) =>
  query<{ n: number }>("SELECT coalesce(max(n), 0) AS n FROM waymark.acked"),
);
for (let n = (last?.n ?? 0) + 1; ; n += 1) {
  await engine.transaction("owner", (query) => query("INSERT INTO waymark.acked VALUES ($1)", [n]));
  process.stdout.write(`${n}\n`);
}
