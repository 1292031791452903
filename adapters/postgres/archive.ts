// Rule packs and directories as they were, by digest: kept when they are loaded, read when a decision is made again.
import { createHash } from "node:crypto";
import { Programme } from "../../schemas/programme.ts";
import { Directory } from "../../schemas/provider.ts";
import { canonical } from "../../src/core/canonical.ts";
import type { Archive } from "../../src/ports/rulebook.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";
import { json } from "./rows.ts";

type Body = { digest: string; body: string };

const MISSING = `
SELECT wanted AS digest FROM unnest($1::text[]) AS wanted
WHERE NOT EXISTS (SELECT FROM waymark.pack_body p WHERE p.digest = wanted)
  AND NOT EXISTS (SELECT FROM waymark.directory_body d WHERE d.digest = wanted)`;

const KEEP_PACKS = `
INSERT INTO waymark.pack_body (digest, programme, version, body, kept_at)
SELECT digest, programme, version, body, $2::timestamptz
FROM jsonb_to_recordset($1::jsonb) AS row (digest text, programme text, version integer, body text)
ON CONFLICT DO NOTHING`;

const KEEP_DIRECTORY = `
INSERT INTO waymark.directory_body (digest, version, body, kept_at) VALUES ($1, $2, $3, $4::timestamptz)
ON CONFLICT DO NOTHING`;

const KEPT_ON = `
SELECT digest FROM waymark.directory_body WHERE (kept_at AT TIME ZONE 'Europe/London')::date <= $1::date
ORDER BY kept_at DESC, digest LIMIT 1`;

export const createArchive = ({ engine, clock }: { engine: Engine; clock: Clock }): Archive => {
  const bodyOf = async (table: "pack_body" | "directory_body", digest: string): Promise<unknown> => {
    const [row] = await engine.transaction("worker", (query) =>
      query<Body>(`SELECT digest, body FROM waymark.${table} WHERE digest = $1`, [digest]),
    );
    // An altered body is no body: what it would decide was never decided.
    return row === undefined || sha256(row.body) !== row.digest ? undefined : JSON.parse(row.body);
  };

  const directory: Archive["directory"] = async (digest) =>
    Directory.safeParse(await bodyOf("directory_body", digest)).data;

  return {
    keep: ({ packs, directory }) =>
      // commits: the packs and the directory that are not there yet; at a later start nothing
      engine.transaction("worker", async (query) => {
        const digests = [...packs.map((one) => one.digest), directory.digest];
        const missing = new Set((await query<Body>(MISSING, [digests])).map((row) => row.digest));
        const rows = packs
          .filter((one) => missing.has(one.digest))
          .map(({ programme, digest }) => ({
            digest,
            programme: programme.programme,
            version: programme.version,
            body: canonical(programme),
          }));
        if (rows.length > 0) await query(KEEP_PACKS, [json(rows), clock.now()]);
        if (missing.has(directory.digest)) {
          const body = canonical(directory.directory);
          await query(KEEP_DIRECTORY, [directory.digest, directory.directory.version, body, clock.now()]);
        }
        return missing.size;
      }),
    pack: async (digest) => Programme.safeParse(await bodyOf("pack_body", digest)).data,
    directory,
    directoryOn: async (day) => {
      const [row] = await engine.transaction("worker", (query) => query<{ digest: string }>(KEPT_ON, [day]));
      return row && directory(row.digest);
    },
  };
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
