// waymark migrate, waymark keys ring, waymark keys client.
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { AddVerb } from "./verb.ts";

export const addStoreVerbs: AddVerb = (program, tools, caller, end) => {
  program
    .command("migrate")
    .description("bring the store to this program's version")
    .action(async () => {
      const applied = await tools.migrate();
      const text = applied.length === 0 ? "The store is up to date." : `Applied: ${applied.join(", ")}.`;
      end({ status: 0, text, json: { applied } });
    });

  const keys = program.command("keys").description("make keys");
  keys
    .command("ring")
    .description("make a key ring for WAYMARK_KEYS; keep it safe, for without it no case can be read")
    .action(() => {
      const key = (): string => tools.ids.bytes(32).toString("base64");
      const ring = { current: "k1", wrapping: { k1: key() }, index: key(), webhook: key() };
      end({ status: 0, text: JSON.stringify(ring), json: ring });
    });
  keys
    .command("client")
    .description("make a key pair (ES384) for a client: `private` stays with it, `public` is registered")
    .option("--out <name>", "write <name>.private.json and <name>.public.json instead of printing them")
    .action(({ out }: { out?: string }) => {
      const kid = tools.ids.uuid();
      const pair = generateKeyPairSync("ec", { namedCurve: "P-384" });
      const shared = { kid, alg: "ES384", use: "sig" };
      const json = {
        private: { ...pair.privateKey.export({ format: "jwk" }), ...shared },
        public: { keys: [{ ...pair.publicKey.export({ format: "jwk" }), ...shared }] },
      };
      if (out === undefined) return end({ status: 0, text: JSON.stringify(json), json });
      const files = { private: `${out}.private.json`, public: `${out}.public.json` };
      // A key that is there is never written over: whoever registered it would be locked out.
      try {
        for (const half of ["private", "public"] as const)
          writeFileSync(resolve(caller.cwd, files[half]), JSON.stringify(json[half]), { mode: 0o600, flag: "wx" });
      } catch {
        const text = `${files.private} and ${files.public} cannot be written here, or are there already.`;
        return end({ status: 1, text, json: { error: text } });
      }
      end({ status: 0, text: `Wrote ${files.private} and ${files.public}.`, json: files });
    });
};
