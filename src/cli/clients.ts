// waymark clients add, list, revoke: which systems may come in, and where their answers go.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { ClientKeys, type Client, ClientKind, NewClient, Reach } from "../../schemas/client.ts";
import { AuthorityType } from "../../schemas/duty.ts";
import { read } from "../../schemas/faults.ts";
import { REASONS, type Reason } from "../../schemas/reason.ts";
import { addNumberVerb } from "./number.ts";
import type { AddVerb, Ending } from "./verb.ts";

type AddOptions = {
  kind: string;
  organisation: string;
  name: string;
  jwks?: string;
  callback?: string;
  form?: string;
  login?: string;
  token?: string;
  reach?: string;
  authorityType?: string;
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
    .option("--form <form>", "a GP system's news as bars | task | notification")
    .option("--login <id>", "with --form task: who we are at the GP's own FHIR server; else requests are signed")
    .option("--token <URL>", "with --login: where its tokens are had, unless its SMART configuration says")
    .option("--reach <file>", "how a provider is reached, as JSON (docs/provider.md); else --callback, else it pulls")
    .option(
      "--authority-type <type>",
      `which listed body it is under the duty to refer homeless people: ${AuthorityType.options.join(" | ")}`,
    )
    .option("--scopes <list>", "fewer than its kind would get, separated by commas")
    .option("--test", "its cases reach only test providers, and may carry numbers that fail their check")
    .action(async (options: AddOptions) => {
      if (tools.embedded && options.test !== true)
        return end(wrong("The embedded store is for trial: it takes only clients added with --test."));
      const keys = options.jwks === undefined ? undefined : keysFrom(options.jwks, caller.cwd);
      if (typeof keys === "string") return end(wrong(keys));
      const reach = options.reach === undefined ? undefined : reachFrom(options.reach, caller.cwd);
      if (typeof reach === "string") return end(wrong(reach));
      const draft = read(NewClient, {
        kind: options.kind,
        organisation: options.organisation,
        name: options.name,
        keys,
        callbackUrl: options.callback,
        callbackForm: options.form,
        callbackLogin: options.login === undefined ? undefined : { clientId: options.login, tokenUrl: options.token },
        reach,
        authorityType: options.authorityType,
        scopes: options.scopes?.split(",").map((scope) => scope.trim()),
        test: options.test === true,
      });
      if (!draft.ok) return end(faults(draft.reasons));
      const needless = KEYLESS.has(draft.value.kind) || draft.value.reach?.by === "email";
      if (draft.value.keys === undefined && !needless)
        return end(
          wrong(
            "--jwks is needed: only a council with an api_key, a provider reached by e-mail, or an operator at the command line goes without.",
          ),
        );
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

  addNumberVerb(clients, tools, end);

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

/** A council has its api_key; an operator may be no more than a name with permissions. */
const KEYLESS: ReadonlySet<ClientKind> = new Set(["council", "operator"]);

const shown = (client: Client) => ({
  clientId: client.id,
  kind: client.kind,
  organisation: client.organisation,
  name: client.name,
  scopes: client.scopes,
  callback: client.callbackUrl,
  reach: client.reach?.by,
  form: client.callbackForm,
  ...(client.reach?.by === "email" ? { numberChecked: client.reachCheckedAt !== undefined } : {}),
  login: client.callbackLogin?.clientId,
  authorityType: client.authorityType,
  test: client.test,
  secrets: client.webhookSecrets.length,
  state: stateOf(client),
});

const stateOf = ({ revokedAt, silencedAt }: Client): string => {
  if (revokedAt !== undefined) return "revoked";
  return silencedAt === undefined ? "in force" : "switched off";
};

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

/** How it is reached, or in words why that cannot be read. */
const reachFrom = (file: string, cwd: string): Reach | string => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(resolve(cwd, file), "utf8"));
  } catch {
    return `${file} cannot be read as JSON.`;
  }
  const reach = read(Reach, parsed);
  return reach.ok ? reach.value : `${file}: ${faults(reach.reasons).text}`;
};

const wrong = (text: string): Ending => ({ status: 2, text, json: { error: text } });

const faults = (reasons: readonly Reason[]): Ending => ({
  status: 2,
  text: reasons.map((one) => `${one.path ?? "options"}: ${REASONS[one.code].words}`).join("\n"),
  json: { errors: reasons },
});
