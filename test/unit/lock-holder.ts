// A process that takes a folder and says so on its standard output, until it is killed or its input ends.
import { lockFolder } from "../../adapters/postgres/lock.ts";

const folder = process.argv[2] ?? "";
try {
  const lock = await lockFolder(folder, { onRequest: async (request) => ({ pid: process.pid, request }) });
  process.stdout.write("held\n");
  process.stdin.resume().on("end", () => void lock.release().then(() => process.exit(0)));
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.name : String(error)}\n`);
}
