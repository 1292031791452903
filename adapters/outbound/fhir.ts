// FHIR servers of others: fhir-kit-client says how an interaction looks on the wire, our guarded client carries it.
import { Client } from "fhir-kit-client";
import type { Cause } from "../../schemas/cause.ts";
import type { Outbound } from "./client.ts";
import { type Exchange, textOf } from "./exchange.ts";
import type { Login, Tokens } from "./tokens.ts";

export type Reply = Exchange | { kind: "failed"; cause: Cause; sent: false };

/** Headers that stand on every request instead of a login: the signature of whoever has no login there. */
export type Signed = (body: string) => Record<string, string>;

export type Fhir = {
  /** One interaction. The library makes the request; what comes back is ours to read. */
  ask(
    server: Login | { base: string; signed: Signed },
    interaction: (fhir: Client) => Promise<unknown>,
  ): Promise<Reply>;
};

type Method = "GET" | "POST" | "PUT";

export const createFhir = ({ outbound, tokens }: { outbound: Pick<Outbound, "request">; tokens: Tokens }): Fhir => {
  /** The library's own requests would go by Node's fetch: unguarded, following redirections, reading without end. */
  const carried = async (
    base: string,
    headersFor: (body: string) => Record<string, string>,
    interaction: (fhir: Client) => Promise<unknown>,
  ): Promise<Exchange> => {
    const fhir = new Client({ baseUrl: base });
    let reply: Exchange | undefined;
    fhir.httpClient.request = async (method, path, options = {}, body) => {
      const text = body === undefined ? "" : JSON.stringify(body);
      const sent = await outbound.request(fhir.httpClient.expandUrl(path), {
        method: method as Method,
        headers: { accept: "application/fhir+json", ...options.headers, ...headersFor(text) },
        ...(body === undefined ? {} : { body: text }),
      });
      reply = textOf(sent);
      return { resourceType: "" };
    };
    await interaction(fhir);
    if (reply === undefined) throw new Error("an interaction that asks nothing");
    return reply;
  };

  return {
    async ask(server, interaction) {
      if ("signed" in server) return carried(server.base, server.signed, interaction);
      const got = await tokens.get(server);
      if (!got.ok) return { kind: "failed", cause: got.cause, sent: false };
      const reply = await carried(server.base, () => ({ authorization: `Bearer ${got.token}` }), interaction);
      if (reply.kind === "answer" && reply.status === 401) tokens.forget(server);
      return reply;
    },
  };
};
