// Opens the sample world around a broker, and opens it again as it was after a restart: same keys, same ports, same clients.
import { readFile, rename, writeFile } from "node:fs/promises";
import type { Directory } from "../../schemas/provider.ts";
import type { Clients } from "../../src/ports/clients.ts";
import { MANNERS, PULLS, providersOf, REFERRERS, type Part, type ReferrerKey } from "./cast.ts";
import { openProvider, type Provider } from "./provider.ts";
import { openReferrer, type Referrer } from "./referrer.ts";
import type { Sender } from "./send.ts";
import { freePort, register, tokens, type Identity } from "./system.ts";

export type Stage = {
  referrers: Map<ReferrerKey, Referrer>;
  senders: Map<ReferrerKey, Sender>;
  providers: Map<string, Provider>;
  close(): Promise<void>;
};

type Setting = { origin: string; clients: Pick<Clients, "add" | "byId">; directory: Directory; file: string };

export const openStage = async ({ origin, clients, directory, file }: Setting): Promise<Stage> => {
  const known = await remembered(file);
  const identify = async (part: Part, pulls: boolean): Promise<Identity> => {
    const kept = known.get(part.key);
    const inForce = kept === undefined ? undefined : await clients.byId(kept.clientId);
    if (kept !== undefined && inForce !== undefined && inForce.revokedAt === undefined) return kept;
    const made = await register((draft) => clients.add(draft), { ...part, port: await freePort(), pulls });
    known.set(part.key, made);
    return made;
  };

  const referrers = new Map<ReferrerKey, Referrer>();
  const senders = new Map<ReferrerKey, Sender>();
  const providers = new Map<string, Provider>();
  for (const part of REFERRERS) {
    const identity = await identify(part, false);
    referrers.set(part.key, await openReferrer(identity));
    senders.set(part.key, { identity, token: tokens(identity, origin), broker: origin });
  }
  for (const part of providersOf(directory)) {
    const identity = await identify(part, PULLS.has(part.key));
    providers.set(part.key, await openProvider(identity, origin, MANNERS[part.key] ?? "takes", PULLS.has(part.key)));
  }
  await remember(file, known);
  return {
    referrers,
    senders,
    providers,
    close: async () => {
      await Promise.all([...referrers.values(), ...providers.values()].map((one) => one.close()));
    },
  };
};

/** A free port for somebody else: none that a system of this world will listen on again. */
export const portBeside = async (file: string): Promise<number> => {
  const theirs = new Set([...(await remembered(file)).values()].map(({ port }) => port));
  let port = await freePort();
  while (theirs.has(port)) port = await freePort();
  return port;
};

const remembered = async (file: string): Promise<Map<string, Identity>> => {
  const text = await readFile(file, "utf8").catch(() => "[]");
  return new Map(JSON.parse(text) as [string, Identity][]);
};

/** Written beside and moved into place, so that a kill leaves the old file or the new one. */
const remember = async (file: string, identities: Map<string, Identity>): Promise<void> => {
  await writeFile(`${file}.new`, JSON.stringify([...identities]), { mode: 0o600 });
  await rename(`${file}.new`, file);
};
