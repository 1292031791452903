// waymark clients add, list, revoke: which systems may come in, and where their answers go.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { ClientKeys, type Client, ClientKind, NewClient } from "../../schemas/client.ts";
import { read } from "../../schemas/faults.ts";
import { REASONS, type Reason } from "../../schemas/reason.ts";
import type { AddVerb, Ending } from "./verb.ts";

type AddOptions = {
  kind: string;
  organisation: string;
  name: string;
  jwks?: string;
  callback?: string;
  scopes?: string;
  test?: boolean;
};

export const addClientVerbs: AddVerb = (program, tools, caller, end) => {
  const clients = program.command("clients").description("systems that may come in");

  clients
    .command("add")
    .description("register a system")
    .requiredOption("--kind <kind>", ClientKind.options.join(" | "))
    .requiredOption("--organisation <id>", "ODS code, GSS code or an id of its own")
    .requiredOption("--name <text>", "what people call it")
    .option("--jwks <file or https URL>", "its public keys (not needed for a council that only uses its api_key)")
    .option("--callback <URL>", "the one address that news or offers are sent to")
    .option("--scopes <list>", "fewer than its kind would get, separated by commas")
    .option("--test", "its cases reach only test providers, and may carry numbers that fail their check")
    .action(async (options: AddOptions) => {
      if (tools.embedded && options.test !== true)
        return end(wrong("The embedded store is for trial: it takes only clients added with --test."));
      const keys = options.jwks === undefined ? undefined : keysFrom(options.jwks, caller.cwd);
      if (typeof keys === "string") return end(wrong(keys));
      const draft = read(NewClient, {
        kind: options.kind,
        organisation: options.organisation,
        name: options.name,
        keys,
        callbackUrl: options.callback,
        scopes: options.scopes?.split(",").map((scope) => scope.trim()),
        test: options.test === true,
      });
      if (!draft.ok) return end(faults(draft.reasons));
      if (draft.value.keys === undefined && draft.value.kind !== "council")
        return end(wrong("--jwks is needed: only a council can come in with an api_key alone."));
      const { client, apiKey } = await (await tools.store()).clients.add(draft.value);
      const json = {
        clientId: client.id,
        organisation: client.organisation,
        scopes: client.scopes,
        webhookSecret: client.webhookSecrets[0],
        ...(apiKey === undefined ? {} : { apiKey }),
      };
      const lines = Object.entries(json).map(([name, value]) => `${name}: ${String(value)}`);
      end({ status: 0, text: [...lines, "Keep the secrets now: they are not shown again."].join("\n"), json });
    });

  clients
    .command("list")
    .description("all systems, without their secrets")
    .action(async () => {
      const rows = (await (await tools.store()).clients.list()).map(shown);
      const text = rows.map((row) => `${row.clientId}  ${row.kind}  ${row.organisation}  ${row.name}  ${row.state}`);
      end({ status: 0, text: text.length === 0 ? "No clients yet." : text.join("\n"), json: rows });
    });

  clients
    .command("revoke")
    .description("let a system in no longer; its tokens end within five seconds")
    .argument("<clientId>")
    .action(async (id: string) => {
      const revoked = z.guid().safeParse(id).success && (await (await tools.store()).clients.revoke(id));
      const text = revoked ? `Revoked ${id}.` : `No client ${id} is in force.`;
      end({ status: revoked ? 0 : 1, text, json: { clientId: id, revoked } });
    });
};

const shown = (client: Client) => ({
  clientId: client.id,
  kind: client.kind,
  organisation: client.organisation,
  name: client.name,
  scopes: client.scopes,
  callback: client.callbackUrl,
  test: client.test,
  state: client.revokedAt === undefined ? "in force" : "revoked",
});

/** The keys, or in words why they cannot be read. */
const keysFrom = (source: string, cwd: string): ClientKeys | string => {
  if (source.startsWith("https:")) return { url: source };
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(resolve(cwd, source), "utf8"));
  } catch {
    return `${source} cannot be read as JSON.`;
  }
  const keys = read(ClientKeys, parsed);
  return keys.ok ? keys.value : `${source} is not a set of public keys (JWKS).`;
};

const wrong = (text: string): Ending => ({ status: 2, text, json: { error: text } });

const faults = (reasons: readonly Reason[]): Ending => ({
  status: 2,
  text: reasons.map((one) => `${one.path ?? "options"}: ${REASONS[one.code].words}`).join("\n"),
  json: { errors: reasons },
});
